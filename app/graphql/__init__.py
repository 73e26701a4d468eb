"""The schema: types, resolvers, declarations. Speaks GraphQL and translates; writes no SQL and holds no rules."""
