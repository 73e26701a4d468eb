"""The acts of the API, a file for each feature: translate the input, run one use case, name what changed."""
