"""The shipped policy over all object types, as the running server has it."""

from app.authz import Policy
from app.authz.objects import registered
from app.core.parts import import_parts
from app.core.paths import shipped

import_parts("policy")

OBJECT_TYPES = {object_type.name: object_type for object_type in registered()}
FOLDER = shipped("policies")
POLICY = Policy.load(FOLDER)
