"""What rules may say of notifications and of where they go: each is one person's."""

from app.authz import ObjectType, principal, register
from app.authz.conditions import eq, in_, inherits, known
from app.notifications.models import Notification, NotificationAddress

NOTIFICATION = register(
    ObjectType(
        "notification",
        Notification,
        frozenset({"view"}),
        {
            "case_hidden": known(Notification.case_id) & ~inherits(Notification.case_id, "case"),
            "subject_hidden": eq(Notification.subject_kind, "circular")
            & ~inherits(Notification.subject_id, "circular"),
            "accountability_hidden": known(Notification.accountability_id)
            & ~inherits(Notification.accountability_id, "accountability"),
            "to_me": eq(Notification.person_id, principal("person_id")),
        },
        within_case=in_(Notification.case_id, principal("cases")),
        mandatory=(("*", "case_hidden"), ("*", "subject_hidden"), ("*", "accountability_hidden")),
    )
)
NOTIFICATION_ADDRESS = register(
    ObjectType(
        "notification_address",
        NotificationAddress,
        frozenset({"view", "set"}),
        {"own": eq(NotificationAddress.person_id, principal("person_id"))},
    )
)
