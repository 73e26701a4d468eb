"""Where the keys of access tokens come from: settings, or in development a file made once in the data folder."""

import base64
import hashlib
import os
import tempfile
from contextlib import suppress
from pathlib import Path

from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import serialization
from cryptography.hazmat.primitives.asymmetric.ec import (
    SECP256R1,
    EllipticCurvePrivateKey,
    EllipticCurvePublicKey,
    generate_private_key,
)

from app.core.settings import Settings, SettingsError

KEY_FILE = "token-key.pem"
_OTHERS = 0o077
_ID_BYTES = 16


def signing_key(settings: Settings) -> EllipticCurvePrivateKey:
    """The key of `DUBAN_TOKEN_KEY`; without it, outside production, the one in the data folder, made if need be."""
    pem = settings.token_key.get_secret_value()
    if pem:
        return _private_key(pem.encode(), "DUBAN_TOKEN_KEY")
    if settings.production:
        raise SettingsError(["DUBAN_TOKEN_KEY(_FILE) must be set: keys are not generated"])
    return _private_key(_kept_key(settings.data_dir), f"the key file {KEY_FILE}")


def accepted_key(settings: Settings) -> EllipticCurvePublicKey | None:
    """The second public key of a rotation: the next one before the switch, the last one after it."""
    pem = settings.token_next_public_key
    if not pem:
        return None
    key = public_key_of(pem)
    if key is None:
        raise SettingsError(["DUBAN_TOKEN_NEXT_PUBLIC_KEY: not a PEM public key on the curve P-256"])
    return key


def key_id(key: EllipticCurvePublicKey) -> str:
    """Derived from the key, so that no two machines can mean different keys by one id."""
    return base64.urlsafe_b64encode(hashlib.sha256(_der(key)).digest()[:_ID_BYTES]).rstrip(b"=").decode()


def public_key_of(pem: str) -> EllipticCurvePublicKey | None:
    """A PEM public key on the curve P-256; None for anything else."""
    with suppress(ValueError, TypeError, UnsupportedAlgorithm):
        key = serialization.load_pem_public_key(pem.encode())
        if isinstance(key, EllipticCurvePublicKey) and isinstance(key.curve, SECP256R1):
            return key
    return None


def pem_of(key: EllipticCurvePublicKey) -> str:
    return key.public_bytes(serialization.Encoding.PEM, serialization.PublicFormat.SubjectPublicKeyInfo).decode()


def fingerprint(key: EllipticCurvePublicKey) -> str:
    """SHA-256 over its DER form, in hex: `openssl pkey -pubin -outform DER | sha256sum`."""
    return hashlib.sha256(_der(key)).hexdigest()


def _private_key(pem: bytes, name: str) -> EllipticCurvePrivateKey:
    with suppress(ValueError, TypeError, UnsupportedAlgorithm):
        key = serialization.load_pem_private_key(pem, password=None)
        if isinstance(key, EllipticCurvePrivateKey) and isinstance(key.curve, SECP256R1):
            return key
    raise SettingsError([f"{name}: not an unencrypted PEM private key on the curve P-256"])


def _der(key: EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.DER, serialization.PublicFormat.SubjectPublicKeyInfo)


def _kept_key(folder: Path) -> bytes:
    path = folder / KEY_FILE
    if not path.exists():
        _make_key(folder, path)
    if path.stat().st_mode & _OTHERS:
        raise SettingsError([f"the key file {KEY_FILE} may be read by others: chmod 600"])
    return path.read_bytes()


def _make_key(folder: Path, path: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    pem = generate_private_key(SECP256R1()).private_bytes(
        serialization.Encoding.PEM, serialization.PrivateFormat.PKCS8, serialization.NoEncryption()
    )
    descriptor, made = tempfile.mkstemp(dir=folder, prefix=KEY_FILE)  # for its owner only, 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(pem)
        with suppress(FileExistsError):  # another process was first: its key is the one
            os.link(made, path)
    finally:
        Path(made).unlink()
