"""`casbin` and `pycasbin` install the same package and overwrite each other: one at most, and whole."""

import base64
import hashlib
from importlib.metadata import PackageNotFoundError, distribution

import pytest


def test_only_pycasbin_is_installed() -> None:
    assert distribution("pycasbin").version >= "2.8"
    with pytest.raises(PackageNotFoundError):
        distribution("casbin")


def test_no_file_of_casbin_was_overwritten_by_another_package() -> None:
    changed = []
    for file in distribution("pycasbin").files or []:
        if file.suffix == ".py" and file.parts[0] == "casbin":
            assert file.hash is not None
            digest = hashlib.new(file.hash.mode, file.read_binary()).digest()
            if base64.urlsafe_b64encode(digest).rstrip(b"=").decode() != file.hash.value:
                changed.append(str(file))
    assert changed == []
