"""Strawberry as its documentation teaches it: entities, a resolver for each relation, data loaders, the ASGI view."""
