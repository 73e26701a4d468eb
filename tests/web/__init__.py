"""The way in, against a toy schema."""
