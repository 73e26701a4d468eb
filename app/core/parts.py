"""The modules of one name in all features: found by name, not by import, because core stands below them all."""

import importlib
import pkgutil

import app


def import_parts(name: str) -> None:
    """Import every module called `name` below `app`, and what lies in it where it is a package.

    `models` fill `Base.metadata`, `policy` modules declare the object types of rules.
    """
    for module in pkgutil.walk_packages(app.__path__, "app."):
        if name in module.name.split("."):
            importlib.import_module(module.name)
