"""Why somebody may or may not: what the policy in force says of people, acts and objects."""
