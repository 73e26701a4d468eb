"""The container files, read: each command is one that the tests run, each variable a setting, and nobody is root."""

import re
import subprocess
from pathlib import Path
from typing import Any

import pytest
import yaml

from app.core.settings import Settings, load_settings
from app.identity.token_keys import signing_key
from tests.shape.tree import ROOT

DOCKER = ROOT / "docker"
# The arguments as the process tests give them
TESTED = {
    ("duban", "run"): '"run"',
    ("duban", "serve"): '"serve"',
    ("duban", "serve", "--check"): '"serve", "--check"',
    ("duban", "worker"): '"worker"',
    ("duban", "worker", "--check"): '"worker", "--check"',
    ("duban", "migrate", "up"): '"migrate", "up"',
}
SECRETS = "/run/secrets/"


@pytest.fixture(scope="module")
def compose() -> Any:
    return yaml.safe_load((DOCKER / "compose.yaml").read_text(encoding="utf-8"))


@pytest.fixture(scope="module")
def ours(compose: Any) -> dict[str, Any]:
    """The services that run this program."""
    return {name: service for name, service in compose["services"].items() if service.get("image") == "duban"}


def _dockerfile() -> list[str]:
    text = (DOCKER / "Dockerfile").read_text(encoding="utf-8").replace("\\\n", " ")
    return [line for line in text.splitlines() if line and not line.startswith("#")]


def _variables(line: str) -> set[str]:
    return set(re.findall(r"\bDUBAN_[A-Z_]+", line))


def test_every_command_is_one_that_the_tests_run(ours: dict[str, Any]) -> None:
    commands = [tuple(service["command"]) for service in ours.values()]
    commands += [
        tuple(service["healthcheck"]["test"][1:]) for service in ours.values() if "test" in service["healthcheck"]
    ]
    commands += [
        tuple(re.findall(r'"([^"]+)"', line)) for line in _dockerfile() if line.startswith(("CMD", "HEALTHCHECK"))
    ]
    assert set(commands) == set(TESTED)
    processes = (ROOT / "tests/runtime/test_processes.py").read_text(encoding="utf-8")
    assert [words for words in TESTED.values() if words not in processes] == []


def test_every_variable_is_a_setting(ours: dict[str, Any]) -> None:
    named = {name for service in ours.values() for name in service["environment"]}
    named |= {name for line in _dockerfile() for name in _variables(line)}
    settings = {f"DUBAN_{name.upper()}" for name in Settings.model_fields}
    assert {name.removesuffix("_FILE") for name in named} <= settings


def test_the_secrets_that_it_makes_are_the_ones_that_production_wants(
    compose: Any, ours: dict[str, Any], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    secrets = tmp_path / "secrets"
    make = [str(DOCKER / "make-secrets"), str(secrets)]
    subprocess.run(make, check=True, capture_output=True)
    assert {file.name for file in secrets.iterdir()} == set(compose["secrets"])
    assert secrets.stat().st_mode & 0o777 == 0o700
    assert {file.stat().st_mode & 0o777 for file in secrets.iterdir()} == {0o644}
    for name, value in ours["api-1"]["environment"].items():
        monkeypatch.setenv(name, value.replace(SECRETS, f"{secrets}/"))
    settings = load_settings()
    assert settings.production
    assert settings.url.startswith("postgresql+asyncpg://duban:")
    assert settings.url.endswith("@postgres/duban")
    assert signing_key(settings).curve.name == "secp256r1"
    before = (secrets / "search_key").read_bytes()
    assert subprocess.run(make, check=False, capture_output=True).returncode == 1
    assert (secrets / "search_key").read_bytes() == before


def test_every_service_is_given_the_secrets_that_it_reads(compose: Any) -> None:
    for service in compose["services"].values():
        read = {value.removeprefix(SECRETS) for value in service.get("environment", {}).values() if SECRETS in value}
        assert read == set(service.get("secrets", []))
    assert {file["file"] for file in compose["secrets"].values()} == {
        f"./secrets/{name}" for name in compose["secrets"]
    }


def test_it_is_two_apis_behind_a_proxy_and_two_workers_after_one_migration(compose: Any, ours: dict[str, Any]) -> None:
    proxied = re.findall(r"(\S+):(\d+)", (DOCKER / "Caddyfile").read_text(encoding="utf-8").split("reverse_proxy")[1])
    assert proxied == [("api-1", "8000"), ("api-2", "8000")]
    assert Settings.model_fields["port"].default == 8000
    assert {name for name, service in ours.items() if service["command"] == ["duban", "serve"]} == {"api-1", "api-2"}
    assert ours["worker"]["deploy"]["replicas"] == 2
    waiting = {name for name, service in ours.items() if name != "migrate"}
    done = "service_completed_successfully"
    assert {name for name in waiting if ours[name]["depends_on"]["migrate"]["condition"] == done} == waiting
    assert {name for name, service in compose["services"].items() if "ports" in service} == {"proxy"}


def test_the_grace_is_longer_than_the_drain_and_the_last_requests(ours: dict[str, Any]) -> None:
    from app.web.server import LAST_REQUESTS_SECONDS

    drain = Settings.model_fields["drain_seconds"].default
    for name in ("api-1", "api-2", "worker"):
        assert int(ours[name]["stop_grace_period"].removesuffix("s")) > drain + LAST_REQUESTS_SECONDS


def test_nothing_of_ours_runs_as_root_or_writes_to_its_own_image(ours: dict[str, Any]) -> None:
    users = [line.split()[1] for line in _dockerfile() if line.startswith("USER")]
    assert users == ["10001"]
    for service in ours.values():
        assert service["read_only"] is True
        assert service["cap_drop"] == ["ALL"]


def test_images_are_named_by_version_and_copied_files_exist(compose: Any) -> None:
    images = [line.split()[1] for line in _dockerfile() if line.startswith("FROM")]
    images += [service["image"] for service in compose["services"].values() if service["image"] != "duban"]
    assert [image for image in images if not re.search(r":\d", image)] == []
    allowed = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    for line in _dockerfile():
        if line.startswith("COPY") and "--from" not in line:
            sources = line.split()[1:-1]
            assert [source for source in sources if not (ROOT / source).exists()] == []
            assert [source for source in sources if f"!{source}" not in allowed] == []
    assert not any(line.startswith("ADD") for line in _dockerfile())
