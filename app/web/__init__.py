"""The way in: HTTP and WebSocket endpoints, health, drain. Carries GraphQL and knows nothing of the domain."""
