"""A policy that is not taken into use, with every reason at once."""

from collections.abc import Sequence


class PolicyError(Exception):
    """Raised before anything of the policy is in force. Each problem names file and line and says what to do."""

    def __init__(self, problems: Sequence[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems
