"""督办 (duban): a GraphQL server for government supervision work. Its folders form one ordered list."""

import sys

# Installed for the command line's help, where it is switched off; structlog would load it for coloured tracebacks: 4 MB
sys.modules.setdefault("rich", None)  # type: ignore[arg-type]  # Python's own way to say that there is no such module
