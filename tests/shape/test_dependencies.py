"""The locks: every file by its hash, no address of where it came from, complete for every Python that is supported."""

import importlib.metadata
import re
import tomllib

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from tests.shape.tree import ROOT

LOCKS = ("requirements.lock", "requirements-dev.lock")
PIN = re.compile(r"^([a-z0-9-]+)==([^ ;\\]+)(?: ; [^\\]+)? \\$")
HASH = re.compile(r"^    --hash=sha256:[0-9a-f]{64}(?: \\)?$")
PYTHONS = ("3.11.0", "3.11.9", "3.12.0", "3.13.0", "3.14.0")
MACHINES = (("Linux", "linux", "x86_64"), ("Linux", "linux", "aarch64"), ("Darwin", "darwin", "arm64"))


def _pins(lock: str) -> dict[str, str]:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    return {match[1]: match[2] for match in map(PIN.match, lines) if match}


def _environment(python: str, system: str, platform: str, machine: str) -> dict[str, str]:
    return {
        "implementation_name": "cpython",
        "implementation_version": python,
        "os_name": "posix",
        "platform_machine": machine,
        "platform_python_implementation": "CPython",
        "platform_release": "",
        "platform_system": system,
        "platform_version": "",
        "python_full_version": python,
        "python_version": ".".join(python.split(".")[:2]),
        "sys_platform": platform,
    }


def _needed(name: str, environment: dict[str, str]) -> set[str]:
    requirements = map(Requirement, importlib.metadata.requires(name) or [])
    return {
        canonicalize_name(requirement.name)
        for requirement in requirements
        if requirement.marker is None or requirement.marker.evaluate({**environment, "extra": ""})
    }


@pytest.mark.parametrize("lock", LOCKS)
def test_a_lock_holds_pins_and_hashes_and_nothing_else(lock: str) -> None:
    lines = (ROOT / lock).read_text(encoding="utf-8").splitlines()
    others = [line for line in lines if not PIN.match(line) and not HASH.match(line)]
    assert [line for line in others if line and not line.startswith("# ")] == []
    assert all(HASH.match(lines[number + 1]) for number, line in enumerate(lines) if PIN.match(line))


@pytest.mark.parametrize("lock", LOCKS)
@pytest.mark.parametrize("python", PYTHONS)
@pytest.mark.parametrize("machine", MACHINES, ids="-".join)
def test_a_lock_is_complete_wherever_it_is_installed(lock: str, python: str, machine: tuple[str, str, str]) -> None:
    pins = _pins(lock)
    environment = _environment(python, *machine)
    missing = {name: _needed(name, environment) - pins.keys() for name in pins}
    assert {name: names for name, names in missing.items() if names} == {}


@pytest.mark.parametrize(("lock", "extras"), [("requirements.lock", []), ("requirements-dev.lock", ["dev"])])
def test_a_lock_answers_what_the_project_asks_for(lock: str, extras: list[str]) -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    asked = [*project["dependencies"], *(one for extra in extras for one in project["optional-dependencies"][extra])]
    pins = _pins(lock)
    wrong = [
        one for one in map(Requirement, asked) if not one.specifier.contains(pins.get(canonicalize_name(one.name), "0"))
    ]
    assert wrong == []


def test_what_is_tested_is_what_is_locked() -> None:
    installed = {name: importlib.metadata.version(name) for name in _pins("requirements-dev.lock")}
    assert installed == _pins("requirements-dev.lock")
    runtime, dev = _pins("requirements.lock"), _pins("requirements-dev.lock")
    assert {name: dev.get(name) for name in runtime} == runtime


def test_one_casbin_only() -> None:
    # two distributions install the same module `casbin`, and the last one installed overwrites the other
    names = {canonicalize_name(found.name) for found in importlib.metadata.distributions()}
    assert {name for name in names if name.endswith("casbin")} == {"pycasbin"}
    assert [lock for lock in LOCKS if "casbin" in _pins(lock)] == []
