"""督办 (duban): a GraphQL server for government supervision work. Its folders form one ordered list."""
