"""Both ways of answering a query, side by side: graphql-core says what is right."""
