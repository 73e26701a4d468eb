"""What Casbin would lose in silence is refused, with the place and the remedy; the hazards were measured in it."""

from collections.abc import Callable
from pathlib import Path

import casbin
import pytest

from app.authz import Policy, PolicyError
from app.authz.conditions import inherits
from app.authz.objects import ObjectType, catalogue
from app.core.paths import shipped
from tests.authz.toy import MATTER, NOTE, OBJECTS, PAPER, Matter, Paper
from tests.authz.toy_policy import FIXED, RULES

_MANDATORY = ("MAC-1", "MAC-2", "MAC-3", "SOD-1")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A whole policy over the toy world, in files."""
    (tmp_path / "model.conf").write_text((shipped("policies") / "model.conf").read_text("utf-8"), "utf-8")
    (tmp_path / "00_roles.csv").write_text(
        "# who implies whom\ng, supervision_head, supervision_officer\ng, unit_head, unit_handler\n", "utf-8"
    )
    lines = RULES.strip().splitlines()
    mandatory = [line for line in lines if line.endswith(_MANDATORY)]
    others = [line for line in lines if line not in mandatory]
    (tmp_path / "10_mandatory.csv").write_text("".join(f"p, {line}\n" for line in mandatory), "utf-8")
    (tmp_path / "20_matter.csv").write_text("".join(f"p, {line}\n" for line in others), "utf-8")
    ids = [line.rsplit(", ", 1)[1] for line in lines]
    rows = "".join(f"{id_},第七条,“题，目”,A title\n" for id_ in ids)
    (tmp_path / "clauses.csv").write_text("rule,clause,title_zh,title_en\n" + rows, "utf-8")
    return tmp_path


def problems_of(folder: Path) -> list[str]:
    with pytest.raises(PolicyError) as refused:
        Policy.load(folder, OBJECTS)
    return list(refused.value.problems)


def append(folder: Path, line: str, name: str = "20_matter.csv") -> list[str]:
    file = folder / name
    file.write_text(file.read_text("utf-8") + line + "\n", "utf-8")
    return problems_of(folder)


def test_a_whole_folder_loads(folder: Path) -> None:
    policy = Policy.load(folder, OBJECTS)
    assert sorted(rule.id for rule in policy.text.rules) == sorted(rule.id for rule in FIXED.text.rules)
    assert policy.clauses["MAC-1"].title_zh == "“题，目”"


def test_a_byte_order_mark_loses_no_rule(folder: Path) -> None:
    before = Policy.load(folder, OBJECTS)
    for file in folder.iterdir():
        file.write_bytes(b"\xef\xbb\xbf" + file.read_bytes())
    assert Policy.load(folder, OBJECTS).digest == before.digest


def test_windows_line_ends_change_nothing(folder: Path) -> None:
    before = Policy.load(folder, OBJECTS)
    for file in folder.glob("*.csv"):
        file.write_bytes(file.read_bytes().replace(b"\n", b"\r\n"))
    assert Policy.load(folder, OBJECTS).digest == before.digest


_CHARACTERS = (
    "are not allowed; use half-width commas, no quotes, and put notes on a line of their own that starts with #"
)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        pytest.param(
            "p, anyone, matter, amend, overdue, Deny, MAT-A9",
            ["20_matter.csv line 13: the effect is Deny; write allow or deny"],
            id="H2 misspelt effect",
        ),
        pytest.param(
            "q, anyone, matter, amend, overdue, deny, MAT-A9",
            ["20_matter.csv line 13: write 7 columns: p, subject, object, action, condition, effect, id"],
            id="H3 unknown letter",
        ),
        pytest.param(
            "p, anyone, matter, amend, overdue, deny",
            ["20_matter.csv line 13: write 7 columns: p, subject, object, action, condition, effect, id"],
            id="H4 a column short",
        ),
        pytest.param(
            "p, anyone, matter, amend, , deny, MAT-A9",
            ["20_matter.csv line 13: write 7 columns: p, subject, object, action, condition, effect, id"],
            id="empty column",
        ),
        pytest.param(
            "p， anyone, matter, amend, overdue, deny, MAT-A9",
            [f"20_matter.csv line 13: the characters ， {_CHARACTERS}"],
            id="H5 full-width comma",
        ),
        pytest.param(
            "p, anyone, matter, amend, overdue, deny, MAT-A9 # why",
            [f"20_matter.csv line 13: the characters # {_CHARACTERS}"],
            id="H5b trailing note",
        ),
        pytest.param(
            'p, "anyone", matter, amend, overdue, deny, MAT-A9',
            [f'20_matter.csv line 13: the characters " {_CHARACTERS}'],
            id="H5b quotes",
        ),
        pytest.param(
            "p, anyone, matter, amend, overdue(r), deny, MAT-A9",
            [f"20_matter.csv line 13: the characters ( ) {_CHARACTERS}"],
            id="H11 an expression",
        ),
        pytest.param(
            "p, chief, matter, amend, overdue, allow, MAT-A9",
            ["20_matter.csv line 13: role chief is unknown; docs/permissions.md lists the roles"],
            id="unknown role",
        ),
        pytest.param(
            "p, anyone, ghost, amend, overdue, allow, MAT-A9",
            ["20_matter.csv line 13: object ghost is unknown; docs/permissions.md lists the objects"],
            id="unknown object",
        ),
        pytest.param(
            "p, anyone, matter, burn, overdue, allow, MAT-A9",
            ["20_matter.csv line 13: matter has no action burn"],
            id="unknown action",
        ),
        pytest.param(
            "p, anyone, matter, amend, overdue&late&, allow, MAT-A9",
            [
                "20_matter.csv line 13: matter has no condition late",
                "20_matter.csv line 13: matter has no condition (empty)",
            ],
            id="unknown conditions",
        ),
        pytest.param(
            "p, office_leader, matter, *, always, allow, MAT-A9",
            ["20_matter.csv line 13: `*` may only deny; name the action that is allowed"],
            id="a star that allows",
        ),
        pytest.param(
            "p, anyone, matter, amend, own_unit_leads, allow, MAT-A9",
            [
                (
                    "20_matter.csv line 13: condition own_unit_leads asks for what a role was granted for; "
                    "anyone is granted for nothing"
                )
            ],
            id="units of anyone",
        ),
        pytest.param(
            "p, unit_head, matter, amend, always, allow, a9",
            ["20_matter.csv line 13: the id is a9; write capitals, a hyphen and a number, like CASE-V1"],
            id="shapeless id",
        ),
    ],
)
def test_a_line_that_would_be_lost_or_misread_is_refused(folder: Path, line: str, expected: list[str]) -> None:
    assert [problem for problem in append(folder, line) if not problem.startswith("clauses.csv")] == expected


def test_a_repeated_id_is_refused(folder: Path) -> None:
    assert append(folder, "p, unit_head, matter, amend, always, allow, MAT-A1") == [
        "rule id MAT-A1 is used twice; give each rule its own"
    ]


@pytest.mark.parametrize("rule_id", _MANDATORY)
def test_a_mandatory_row_cannot_be_taken_away(folder: Path, rule_id: str) -> None:
    file = folder / "10_mandatory.csv"
    lines = file.read_text("utf-8").splitlines()
    lost = next(line for line in lines if line.endswith(rule_id))
    file.write_text("\n".join(line for line in lines if line != lost), "utf-8")
    subject, object_name, action, condition = lost.removeprefix("p, ").split(", ")[:4]
    assert problems_of(folder) == [
        f"the mandatory rule `{subject}, {object_name}, {action}, {condition}, deny` is missing; put it back",
        f"clauses.csv: there is no rule {rule_id}; take the line away",
    ]


@pytest.mark.parametrize(
    "weaken",
    [
        lambda line: line.replace("anyone", "unit_head"),
        lambda line: line.replace("above_clearance", "above_clearance&restricted_one"),
        lambda line: line.replace("*", "amend"),
        lambda line: line.replace("deny", "allow").replace("*", "amend"),
    ],
)
def test_a_mandatory_row_cannot_be_weakened(folder: Path, weaken: Callable[[str], str]) -> None:
    file = folder / "10_mandatory.csv"
    text = file.read_text("utf-8")
    line = next(line for line in text.splitlines() if line.endswith("MAC-1"))
    file.write_text(text.replace(line, weaken(line)), "utf-8")
    assert "the mandatory rule `anyone, matter, *, above_clearance, deny` is missing; put it back" in problems_of(
        folder
    )


def test_an_empty_policy_is_refused(folder: Path) -> None:
    """H1: an empty Casbin policy allows the empty request."""
    for file in folder.glob("[1-9]*.csv"):
        file.unlink()
    problems = problems_of(folder)
    assert "no rule speaks of matter; a policy without rules is not taken into use" in problems
    assert "no rule speaks of paper; a policy without rules is not taken into use" in problems


@pytest.mark.parametrize("name", ["21-case.csv", "20_matter.csv.bak", "20_Matter.CSV", "extra.csv"])
def test_a_rule_file_under_another_name_is_not_passed_over(folder: Path, name: str) -> None:
    (folder / name).write_text("p, anyone, matter, amend, overdue, deny, MAT-A9\n", "utf-8")
    assert problems_of(folder) == [
        f"{name}: rules are read from files named like 20_case.csv only; rename it or take it away"
    ]


def test_a_file_that_is_not_utf_8_is_refused(folder: Path) -> None:
    (folder / "20_matter.csv").write_bytes("# 说明\n".encode("gb18030"))
    assert "20_matter.csv: cannot be read as UTF-8 text; save it so, under this name" in problems_of(folder)


@pytest.mark.parametrize(
    ("lines", "problem"),
    [
        ("g, unit_handler, unit_head", "the role hierarchy from unit_handler is a circle, or 9 steps deep or more"),
        ("g, boss, unit_head", "00_roles.csv line 4: role boss is unknown here; docs/permissions.md lists the roles"),
        (
            "g, unit_head, machine",
            "00_roles.csv line 4: role machine is unknown here; docs/permissions.md lists the roles",
        ),
        ("g, unit_head", "00_roles.csv line 4: write 3 columns: g, senior role, junior role"),
        (
            "p, anyone, matter, amend, overdue, deny, MAT-A9",
            "00_roles.csv line 4: write 3 columns: g, senior role, junior role",
        ),
    ],
)
def test_the_hierarchy_is_checked(folder: Path, lines: str, problem: str) -> None:
    assert append(folder, lines, "00_roles.csv") == [problem]


def test_the_model_may_not_be_changed(folder: Path) -> None:
    file = folder / "model.conf"
    file.write_text(file.read_text("utf-8").replace(" && !some(where (p.eft == deny))", ""), "utf-8")
    assert problems_of(folder) == ["model.conf: this is not the shipped model; put it back"]


@pytest.mark.parametrize(
    ("line", "problem"),
    [
        ("MAT-A2,第七条,题,title", "clauses.csv line 18: MAT-A2 is there twice"),
        ("MAT-A9,第七条,题,title", "clauses.csv: there is no rule MAT-A9; take the line away"),
        (
            "MAT-A9,第七条,,title",
            "clauses.csv line 18: write 4 columns, none of them empty: rule,clause,title_zh,title_en",
        ),
        (
            "MAT-A9，第七条，题，title",
            "clauses.csv line 18: write 4 columns, none of them empty: rule,clause,title_zh,title_en",
        ),
    ],
)
def test_clauses_are_checked(folder: Path, line: str, problem: str) -> None:
    assert append(folder, line, "clauses.csv") == [problem]


def test_a_rule_without_a_clause_is_refused(folder: Path) -> None:
    assert append(folder, "p, unit_head, matter, amend, always, allow, MAT-A9") == [
        "clauses.csv: rule MAT-A9 has no clause; add a line"
    ]


def test_every_problem_is_told_at_once(folder: Path) -> None:
    append(folder, "p, chief, matter, amend, overdue, allow, MAT-A8")
    (folder / "clauses.csv").unlink()
    problems = append(folder, "p, anyone, matter, amend, overdue, Deny, MAT-A9")
    assert len(problems) > 2
    assert problems[0] == "clauses.csv: cannot be read as UTF-8 text; save it so, under this name"


def test_what_is_inherited_must_exist() -> None:
    lost = ObjectType("lost", Paper, frozenset({"view"}), {"hidden": ~inherits(Paper.matter_id, "matter", "peek")})
    with pytest.raises(PolicyError) as refused:
        catalogue([MATTER, PAPER, lost])
    assert refused.value.problems == ["lost.hidden inherits matter.peek, which is not declared"]


def test_nothing_inherits_from_itself() -> None:
    first = ObjectType("first", Paper, frozenset({"view"}), {"hidden": ~inherits(Paper.matter_id, "second")})
    second = ObjectType("second", Matter, frozenset({"view"}), {"hidden": ~inherits(Matter.id, "first")})
    with pytest.raises(PolicyError) as refused:
        catalogue([first, second, NOTE])
    assert refused.value.problems == ["first inherits from itself", "second inherits from itself"]


def test_casbin_still_has_the_hazards_that_the_loader_guards_against(folder: Path, tmp_path: Path) -> None:
    """If one of these fails, Casbin has changed: look at the loader again."""
    plain = tmp_path / "plain.conf"
    plain.write_text(
        "[request_definition]\nr = sub, obj, act\n[policy_definition]\np = sub, obj, act, eft\n"
        "[policy_effect]\ne = some(where (p.eft == allow)) && !some(where (p.eft == deny))\n"
        "[matchers]\nm = r.sub == p.sub && r.obj == p.obj && r.act == p.act\n",
        "utf-8",
    )

    def answer(policy: str, request: tuple[str, str, str] = ("a", "b", "c")) -> bool:
        file = tmp_path / "plain.txt"
        file.write_text(policy, "utf-8")
        return bool(casbin.Enforcer(str(plain), str(file)).enforce(*request))

    assert answer("p, a, b, c, allow\np, a, b, c, deny\n") is False
    assert answer("p, a, b, c, allow\np, a, b, c, Deny\n") is True  # H2
    assert answer("p, a, b, c, allow\nq, a, b, c, deny\n") is True  # H3
    assert answer("p, a, b, c, allow\n﻿p, a, b, c, deny\n") is True  # H5
    assert answer("p, a, b, c, allow\np， a, b, c, deny\n") is True  # H5
