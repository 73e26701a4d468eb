"""What is followed, and under which ids: one client after the other takes the next."""

OPERATIONS = (
    "subscription { caseUpdates { cursor node { id type recordedAt case { id number status light } } } }",
    "subscription { caseUpdates { cursor node { id type case { id number title status dueOn version } } } }",
    "subscription { caseUpdates { node { id type occurredOn } } }",
)
