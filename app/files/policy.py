"""What rules may say of stored files. Cases and reports lie above and are named, not imported."""

from app.authz import ObjectType, principal, register
from app.authz.conditions import eq, gt, in_, inherits, known
from app.files.models import StoredFile

FILE = register(
    ObjectType(
        "file",
        StoredFile,
        frozenset({"view", "upload"}),
        {
            "above_clearance": gt(StoredFile.classification, principal("clearance")),
            "outside_need_to_know": known(StoredFile.case_id)
            & eq(StoredFile.restricted, True)
            & ~inherits(StoredFile.case_id, "case", "view_restricted"),
            "case_hidden": known(StoredFile.case_id) & ~inherits(StoredFile.case_id, "case"),
            "accountability_hidden": known(StoredFile.accountability_id)
            & ~inherits(StoredFile.accountability_id, "accountability"),
            "uploaded_by_me": eq(StoredFile.uploaded_by, principal("account_id")),
            "attached": known(StoredFile.subject_id),
            "of_own_unit": in_(StoredFile.unit_id, principal("units")),
            "of_a_visible_report": eq(StoredFile.subject_kind, "report") & inherits(StoredFile.subject_id, "report"),
        },
        within_case=in_(StoredFile.case_id, principal("cases")),
        mandatory=(
            ("*", "above_clearance"),
            ("*", "outside_need_to_know"),
            ("*", "case_hidden"),
            ("*", "accountability_hidden"),
        ),
    )
)
