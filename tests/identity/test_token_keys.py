"""Keys come from settings; only in development is one made, once, and kept from other eyes."""

import stat
from pathlib import Path

import pytest
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.types import PrivateKeyTypes
from pydantic import SecretStr

from app.core.ids import new_id
from app.core.settings import Environment, Settings, SettingsError, load_settings
from app.identity.token_keys import KEY_FILE, key_id, signing_key
from app.identity.tokens import Tokens
from tests.identity.bed import DAY, NOW

KEY, NEXT_KEY = ec.generate_private_key(ec.SECP256R1()), ec.generate_private_key(ec.SECP256R1())


def private_pem(key: PrivateKeyTypes, password: bytes = b"") -> str:
    encryption = serialization.BestAvailableEncryption(password) if password else serialization.NoEncryption()
    return key.private_bytes(serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, encryption).decode()


def public_pem(key: ec.EllipticCurvePrivateKey) -> str:
    return (
        key.public_key()
        .public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo)
        .decode()
    )


def test_the_key_of_the_settings_is_the_key_and_no_file_is_made(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path, token_key=SecretStr(private_pem(KEY)))
    assert key_id(signing_key(settings).public_key()) == key_id(KEY.public_key())
    assert list(tmp_path.iterdir()) == []


def test_in_development_a_key_is_made_once_for_its_owner_alone(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path / "var")
    made = key_id(signing_key(settings).public_key())
    file = tmp_path / "var" / KEY_FILE
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    assert [path.name for path in file.parent.iterdir()] == [KEY_FILE]
    assert key_id(signing_key(settings).public_key()) == made


def test_the_process_that_comes_second_takes_the_key_of_the_first(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = load_settings(data_dir=tmp_path)
    first = key_id(signing_key(settings).public_key())
    monkeypatch.setattr(Path, "exists", lambda _path: False)  # as if it had looked before the first was done
    assert key_id(signing_key(settings).public_key()) == first
    assert [path.name for path in tmp_path.iterdir()] == [KEY_FILE]


def test_a_key_file_that_others_may_read_is_refused(tmp_path: Path) -> None:
    settings = load_settings(data_dir=tmp_path)
    signing_key(settings)
    (tmp_path / KEY_FILE).chmod(0o640)
    with pytest.raises(SettingsError) as refused:
        signing_key(settings)
    assert refused.value.problems == ("the key file token-key.pem may be read by others: chmod 600",)


def test_production_makes_no_key(tmp_path: Path) -> None:
    settings = Settings.model_construct(env=Environment.PRODUCTION, data_dir=tmp_path, token_key=SecretStr(""))
    with pytest.raises(SettingsError) as refused:
        signing_key(settings)
    assert refused.value.problems == ("DUBAN_TOKEN_KEY(_FILE) must be set: keys are not generated",)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    "pem",
    [
        "not a key",
        public_pem(KEY),
        private_pem(ec.generate_private_key(ec.SECP384R1())),
        private_pem(rsa.generate_private_key(65537, 2048)),
        private_pem(KEY, b"a password"),
    ],
    ids=["no PEM", "a public key", "another curve", "another kind", "encrypted"],
)
def test_only_a_plain_private_key_on_p_256_signs(tmp_path: Path, pem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        signing_key(load_settings(data_dir=tmp_path, token_key=SecretStr(pem)))
    assert refused.value.problems == ("DUBAN_TOKEN_KEY: not an unencrypted PEM private key on the curve P-256",)


@pytest.mark.parametrize("pem", ["not a key", private_pem(KEY), public_pem(ec.generate_private_key(ec.SECP521R1()))])
def test_only_a_public_key_on_p_256_is_accepted_beside_it(tmp_path: Path, pem: str) -> None:
    with pytest.raises(SettingsError) as refused:
        Tokens.from_settings(load_settings(data_dir=tmp_path, token_next_public_key=pem))
    assert refused.value.problems == ("DUBAN_TOKEN_NEXT_PUBLIC_KEY: not a PEM public key on the curve P-256",)


def test_a_rotation_by_settings(tmp_path: Path) -> None:
    before = Tokens.from_settings(
        load_settings(
            data_dir=tmp_path, token_key=SecretStr(private_pem(KEY)), token_next_public_key=public_pem(NEXT_KEY)
        )
    )
    after = Tokens.from_settings(
        load_settings(
            data_dir=tmp_path, token_key=SecretStr(private_pem(NEXT_KEY)), token_next_public_key=public_pem(KEY)
        )
    )
    account, session = new_id(), new_id()
    for signer, reader in ((before, after), (after, before)):
        text = signer.issue(account, session, NOW, NOW + DAY).text
        assert reader.read(text, NOW).account_id == account
