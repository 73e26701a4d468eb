"""What this process counts about the way in. Names of operations are not labels: clients choose them."""

from prometheus_client import Counter, Gauge, Histogram

REQUESTS = Counter("duban_graphql_requests", "GraphQL operations answered", ("transport", "outcome"))
SECONDS = Histogram(
    "duban_graphql_seconds",
    "Time from a whole HTTP request to its answer",
    buckets=(0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0),
)
SOCKETS = Gauge("duban_websockets", "Open websockets")
SUBSCRIPTIONS = Gauge("duban_websocket_operations", "Operations running over websockets")
READS = Counter(
    "duban_graphql_reads", "Operations by how they were answered: compiled, or why by graphql-core", ("how",)
)
