"""`python -m app.cli` is `duban`."""

from app.cli import main

main()
