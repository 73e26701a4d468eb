"""What the commands answer, to people and to programs, and with which exit code."""

import asyncio
import io
import json
import logging
import os
import socket
import tomllib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
import structlog

from app.cli import main
from app.cli.answers import MEANINGS, Exit
from tests.bed import emergency
from tests.bed.opening import Ground, Sqlite, open_world
from tests.runtime.conftest import ROOT

Duban = Callable[..., tuple[int, str, str]]


@pytest.fixture
def duban(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], logging_as_it_was: None
) -> Duban:
    """Run a command to its end: exit code, standard output, standard error."""

    def run(*arguments: str, **variables: str) -> tuple[int, str, str]:
        with monkeypatch.context() as here:
            for name in [name for name in os.environ if name.startswith("DUBAN_")]:
                here.delenv(name)
            for name, value in ({"DUBAN_DATA_DIR": str(tmp_path / "var")} | variables).items():
                here.setenv(name, value)
            here.setattr("sys.argv", ["duban", *arguments])
            with pytest.raises(SystemExit) as ended:
                main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    return run


@pytest.fixture
def logging_as_it_was() -> Iterator[None]:
    root, raises = logging.getLogger(), logging.raiseExceptions
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:], logging.raiseExceptions = handlers, raises
    root.setLevel(level)
    structlog.reset_defaults()


def test_every_exit_code_has_its_meaning_and_the_help_tells_it(duban: Duban) -> None:
    assert set(MEANINGS) == set(Exit)
    code, said, _ = duban("--help")
    words = " ".join(said.split())
    assert code == Exit.DONE
    assert all(f"{exit_code.value} {meaning}" in words for exit_code, meaning in MEANINGS.items())


def test_the_command_is_installed_by_this_name() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert project["scripts"] == {"duban": "app.cli:main"}


def test_migrate_from_nothing_and_back(duban: Duban) -> None:
    code, said, _ = duban("migrate", "status", "--json")
    before = json.loads(said)
    assert (code, before["state"], before["applied"]) == (Exit.SCHEMA, "behind", None)
    code, said, _ = duban("migrate", "up", "--json")
    assert (code, json.loads(said)) == (
        Exit.DONE,
        {"state": "current", "applied": before["newest"], "newest": before["newest"], "pending": []},
    )
    assert duban("migrate", "status")[:2] == (
        Exit.DONE,
        f"current: at {before['newest']}, this code at {before['newest']}\n",
    )
    code, said, _ = duban("migrate", "down", "--to", "base", "--json")
    assert (code, json.loads(said)) == (Exit.DONE, before)


def test_a_revision_that_there_is_not_is_told(duban: Duban) -> None:
    for command in ("up", "down"):
        code, said, complained = duban("migrate", command, "--to", "9999")
        assert (code, said, complained) == (Exit.USAGE, "", "duban: Can't locate revision identified by '9999'\n")


@pytest.mark.parametrize("command", ["serve", "worker"])
def test_nothing_starts_on_a_database_of_another_revision(duban: Duban, command: str, free_port: int) -> None:
    code, said, complained = duban(command, DUBAN_PORT=str(free_port))
    assert (code, said) == (Exit.SCHEMA, "")
    assert complained.endswith("; run `duban migrate up`\n")


@pytest.mark.parametrize(
    ("variables", "exit_code", "problem"),
    [
        ({"DUBAN_PROT": "1"}, Exit.SETTINGS, "unknown setting DUBAN_PROT"),
        ({"DUBAN_DATABASE_URL": "postgresql://nobody@127.0.0.1:1/x"}, Exit.UNREACHABLE, "Connection refused"),
        ({"DUBAN_DATABASE_URL": "sqlite:////does/not/exist"}, Exit.UNREACHABLE, "no folder /does/not"),
    ],
)
def test_what_is_wrong_around_it_is_said_in_both_forms(
    duban: Duban, variables: dict[str, str], exit_code: Exit, problem: str
) -> None:
    code, said, complained = duban("migrate", "status", **variables)
    assert (code, said) == (exit_code, "")
    assert complained.startswith("duban: ")
    assert problem in complained
    code, said, complained = duban("migrate", "status", "--json", **variables)
    assert (code, complained) == (exit_code, "")
    assert json.loads(said)["error"] == exit_code.name


def test_an_address_in_use(duban: Duban, free_port: int) -> None:
    with socket.create_server(("127.0.0.1", free_port)):
        code, _, complained = duban("serve", DUBAN_PORT=str(free_port))
    assert code == Exit.UNREACHABLE
    assert "in use" in complained


PRODUCTION = {
    "DUBAN_ENV": "production",
    "DUBAN_TOKEN_KEY": "k",
    "DUBAN_CURSOR_KEY": "k",
    "DUBAN_SEARCH_KEY": "k",
    "DUBAN_WEBHOOK_KEY": "k",
    "DUBAN_BEHIND_TLS_PROXY": "true",
}


@pytest.mark.parametrize("command", [["serve"], ["worker"], ["migrate", "down"]])
def test_production_refuses(duban: Duban, command: list[str]) -> None:
    code, said, complained = duban(*command, **PRODUCTION)
    assert (code, said) == (Exit.NOT_HERE, "")
    assert complained.count("\n") == 1


def test_the_shipped_policies_are_sound_and_a_damaged_copy_is_not(duban: Duban, tmp_path: Path) -> None:
    code, said, _ = duban("policy", "check", "--json")
    assert code == Exit.DONE
    assert json.loads(said)["rules"] > 0
    damaged = tmp_path / "policies"
    damaged.mkdir()
    for file in (ROOT / "policies").iterdir():
        if file.is_file():
            (damaged / file.name).write_bytes(file.read_bytes())
    (damaged / "99_extra.csv").write_text("p, nobody, nothing, nowhere, never, maybe, X\n", encoding="utf-8")
    code, said, _ = duban("policy", "check", str(damaged), "--json")
    assert (code, json.loads(said)["error"]) == (Exit.NO, "NO")
    assert any("99_extra.csv" in problem for problem in json.loads(said)["problems"])


def test_a_version_leaves_as_files_and_comes_back_by_people_alone(
    duban: Duban, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = str(tmp_path / "mine")
    duban("migrate", "up")
    code, said, _ = duban("policy", "show", "--json")
    (version,) = json.loads(said)["versions"]
    assert (version["number"], version["status"]) == (1, "ACTIVE")
    assert duban("policy", "export", "1", folder)[0] == Exit.DONE
    assert duban("policy", "export", "1", folder)[0] == Exit.NO  # it is not empty any more
    code, said, _ = duban("policy", "check", folder, "--json")
    assert (code, json.loads(said)["digest"]) == (Exit.DONE, version["digest"])
    assert duban("policy", "diff", "1")[0] == Exit.DONE
    assert duban("policy", "diff", "7")[0] == Exit.NO
    for command in (["draft", folder, "--reason", "试。"], ["approve", "1"], ["roll-back", "1", "--reason", "试。"]):
        monkeypatch.setattr("sys.stdin", io.StringIO("no password of anybody\n"))
        assert duban("policy", *command, "--as", "nobody")[0] == Exit.NO
    assert json.loads(duban("policy", "show", "--json")[1])["versions"] == [version]


FOUR = ["--permission-admin", "甲:jia", "--system-admin", "乙:yi", "--security-admin", "丙:bing"]


def test_the_first_administrators_are_made_once(duban: Duban) -> None:
    everybody = ["admin", "bootstrap", *FOUR, "--security-auditor", "丁:ding", "--json"]
    assert duban(*everybody)[0] == Exit.SCHEMA
    duban("migrate", "up")
    code, said, _ = duban("admin", "bootstrap", *FOUR, "--security-auditor", "丁:jia", "--json")
    assert (code, json.loads(said)["problems"]) == (
        Exit.NO,
        ["The input is not valid.", "administrators.login: Given more than once."],
    )
    code, said, _ = duban(*everybody)
    accounts = json.loads(said)["accounts"]
    assert code == Exit.DONE
    assert [(account["role"], account["name"], account["login"]) for account in accounts] == [
        ("permission_admin", "甲", "jia"),
        ("system_admin", "乙", "yi"),
        ("security_admin", "丙", "bing"),
        ("security_auditor", "丁", "ding"),
    ]
    assert len({account["password"] for account in accounts}) == 4
    code, said, _ = duban(*everybody)
    assert (code, json.loads(said)) == (
        Exit.NO,
        {"error": "NO", "problems": ["This was done already."]},
    )
    for demo in (["demo", "--json"], ["demo", "--reset", "--json"]):  # somebody has begun to use this database
        assert duban(*demo)[0] == Exit.NO


def test_the_emergency_account_is_opened_without_the_api(
    duban: Duban, sqlite_server: Sqlite, sqlite_template: str, ground: Ground, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def sealed(url: str) -> tuple[str, str]:
        async with open_world(url, ground) as world:
            return (await emergency.seal(world)).halves

    def unseal(halves: tuple[str, ...], *logins: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(halves)))
        named = [part for login in logins for part in ("--restore", login)]
        reason = ["--reason", "两位管理员都无法登录。", "--json"]
        return duban("admin", "unseal", *named, *reason, DUBAN_DATABASE_URL=url)

    with sqlite_server.database(sqlite_template) as url:
        halves = asyncio.run(sealed(url))
        for wrong in (["xitong", "duban.wu"], ["shenji"], ["xitong", "anmi", "quanxian"]):
            assert unseal(halves, *wrong)[0] == Exit.NO  # the secret is not used up for it
        assert unseal((halves[0], "x"), "xitong")[0] == Exit.NO
        code, said, _ = unseal(halves, "xitong", "anmi")
        assert (code, list(json.loads(said)["restored"])) == (Exit.DONE, ["xitong", "anmi"])
        assert unseal(halves, "xitong")[0] == Exit.NO
