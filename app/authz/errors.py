"""A policy that is not taken into use, with every reason at once."""


class PolicyError(Exception):
    """Raised before anything of the policy is in force. Each problem names file and line and says what to do."""

    def __init__(self, problems: list[str]) -> None:
        super().__init__("; ".join(problems))
        self.problems = problems
