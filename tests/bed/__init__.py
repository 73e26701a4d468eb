"""The test bed: a district in a database of its own for each test, and people who talk to it through GraphQL."""
