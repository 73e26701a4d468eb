"""`duban import tasks`: the same import from a shell, with exit codes that a script can rely on."""

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from app.cli import main
from app.cli.answers import Exit
from tests.bed.opening import Sqlite
from tests.exchange.test_importing import PLAN

Duban = Callable[..., tuple[int, str, str]]


@pytest.fixture
def district_url(sqlite_server: Sqlite, sqlite_template: str) -> Iterator[str]:
    with sqlite_server.database(sqlite_template) as url:
        yield url.replace("+aiosqlite", "")


@pytest.fixture
def duban(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], district_url: str
) -> Duban:
    """Run a command on a district to its end: exit code, standard output, standard error."""
    monkeypatch.setenv("DUBAN_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("DUBAN_DATABASE_URL", district_url)
    monkeypatch.setattr("app.cli.surroundings.configure_logs", lambda _settings: None)

    def run(*arguments: str) -> tuple[int, str, str]:
        monkeypatch.setattr("sys.argv", ["duban", *arguments])
        with pytest.raises(SystemExit) as ended:
            main()
        said = capsys.readouterr()
        assert isinstance(ended.value.code, int)
        return ended.value.code, said.out, said.err

    return run


def test_a_document_is_imported_once(duban: Duban, tmp_path: Path) -> None:
    file = tmp_path / "分工.txt"
    file.write_bytes(PLAN.encode("gb18030"))
    code, said, _ = duban("import", "tasks", str(file), "--as", "duban.wu", "--json")
    first = json.loads(said)
    assert (code, first["created"], first["known"], first["unknown_names"]) == (
        Exit.DONE,
        4,
        0,
        ["区地震局", "区人防办"],
    )
    assert [(task["item_no"], task["questions"]) for task in first["tasks"]] == [
        ("1", []),
        ("2", []),
        ("3", ["MANNER"]),
        ("5", []),
    ]
    code, said, _ = duban("import", "tasks", str(file), "--as", "DUBAN.ZHENG")
    assert (code, said.splitlines()) == (
        Exit.DONE,
        [
            "关于印发2026年城市环境整治任务分工的通知: 0 drafts made, 4 known already",
            "not known: 区地震局",
            "not known: 区人防办",
            "to decide in 3: MANNER",
            "names nobody: 4.总结经验。",
        ],
    )


def test_what_is_refused(duban: Duban, tmp_path: Path) -> None:
    file = tmp_path / "分工.txt"
    file.write_text("1.演练。（牵头单位：区财政局）\n", encoding="utf-8")
    assert duban("import", "tasks", str(file), "--as", "duban.wu", "--json")[:2] == (
        Exit.NO,
        json.dumps({"error": "NO", "problems": ["The input is not valid.", "input.source.title: This is required."]})
        + "\n",
    )
    assert duban("import", "tasks", str(file), "--as", "zhuren", "--title", "任务") == (
        Exit.NO,
        "",
        "duban: You may not do this.\n",
    )
    assert duban("import", "tasks", str(file), "--as", "nobody") == (Exit.NO, "", "duban: nobody signs in as nobody\n")
    assert duban("import", "tasks", str(tmp_path / "none"), "--as", "duban.wu")[0] == Exit.USAGE
    assert duban("import", "tasks", str(file), "--as", "duban.wu", "--title", "任务")[0] == Exit.DONE
