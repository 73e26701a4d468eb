"""What a read is made of: declarations, levels, statements. Knows SQL and both databases; knows no GraphQL."""
