"""What may stand in a file of this project, and how long it may be."""

import re
from pathlib import Path

from tests.shape.tree import ROOT, files, python_files, text_of

LONGEST = 400
A_MACHINES_PATH = re.compile(r"(?<![\w.~$}/-])/(?:work|root|home|Users|opt)/[\w.-]+")
A_REGISTRY = re.compile("|".join((r"\bpypi\.\w+", r"python" + r"hosted\.org", r"npmjs\.\w+", r"index-url[ =]+\S*:/")))
FROM_ELSEWHERE = re.compile(r"""(?:src|href|action)\s*=\s*["']?(?:https?:)?//|url\(\s*["']?(?:https?:)?//|@import\s""")
SERVED = {".html", ".js", ".mjs", ".css", ".svg", ".webmanifest"}


def _found(pattern: re.Pattern[str], chosen: tuple[Path, ...]) -> list[str]:
    return [
        f"{file.relative_to(ROOT)}:{number}: {match.group()}"
        for file in chosen
        for number, line in enumerate((text_of(file) or "").splitlines(), 1)
        for match in pattern.finditer(line)
    ]


def test_the_patterns_bite() -> None:
    root, home = "/" + "root", "/" + "home"
    assert A_MACHINES_PATH.findall(f"cd {root}/x; ls '{home}/me/data'") == [f"{root}/x", f"{home}/me"]
    assert not A_MACHINES_PATH.search(f"https://example.org{home}/x $HOME{root}/x app/work/x")
    assert A_REGISTRY.search("https://" + "pypi" + ".org/simple")
    assert FROM_ELSEWHERE.search('<script src="https://cdn.example/x.js">')
    assert FROM_ELSEWHERE.search("background: url(//cdn.example/x.png)")
    assert not FROM_ELSEWHERE.search('<a href="/graphql"> xmlns="http://www.w3.org/2000/svg"')


def test_no_module_is_longer_than_a_reader_keeps_in_mind() -> None:
    # a migration is a list of statements, written once and read by machines
    lengths = {file: len(file.read_text(encoding="utf-8").splitlines()) for file in python_files()}
    too_long = {str(file.relative_to(ROOT)): length for file, length in lengths.items() if length > LONGEST}
    assert [name for name in too_long if not name.startswith("migrations/versions/")] == []


def test_no_file_names_a_folder_of_somebodys_machine() -> None:
    assert _found(A_MACHINES_PATH, files()) == []


def test_no_file_names_a_package_registry() -> None:
    assert _found(A_REGISTRY, files()) == []


def test_nothing_that_is_served_loads_anything_from_elsewhere() -> None:
    served = tuple(file for file in files() if file.suffix in SERVED)
    assert _found(FROM_ELSEWHERE, served + python_files("app")) == []
