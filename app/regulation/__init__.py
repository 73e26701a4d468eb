"""The versioned parameters of the regulation (`policies/regulation.toml`): typed, loaded strictly, kept for ever.

Rules import from `app.regulation.rules`, which is pure; everybody else may import from here.
"""

from app.regulation.models import RuleSet
from app.regulation.rules import Regulation
from app.regulation.service import current_rule_set, load_regulation, rule_set_of

__all__ = ["Regulation", "RuleSet", "current_rule_set", "load_regulation", "rule_set_of"]
