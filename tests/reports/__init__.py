"""Reports and what follows from them, at the level of use cases, over a database of each test's own."""
