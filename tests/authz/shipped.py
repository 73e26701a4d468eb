"""The shipped policy over all object types, as the running server has it."""

from app.authz import Policy
from app.authz.objects import registered
from app.core.parts import import_parts
from app.core.paths import shipped

import_parts("policy")

# by name: random worlds are the same, whichever feature was imported first
OBJECT_TYPES = {object_type.name: object_type for object_type in sorted(registered(), key=lambda kind: kind.name)}
FOLDER = shipped("policies")
POLICY = Policy.load(FOLDER)
