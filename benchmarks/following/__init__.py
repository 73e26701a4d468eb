"""Subscribers by the thousand: our server beside stock Strawberry, on the same tables."""


def main() -> None:
    """What `make bench` runs."""
    from benchmarks.following.__main__ import main as measured  # which imports half of the project

    measured()
