"""What rules may say of the policy itself."""

from app.authz import ObjectType, register
from app.authz.models import PolicyVersion

POLICY = register(ObjectType("policy", PolicyVersion, frozenset({"explain"}), {}))
