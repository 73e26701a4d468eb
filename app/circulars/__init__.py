"""通报: drafted from facts, approved by who must, numbered, published, acknowledged."""
