"""Outside systems of the tests: their keys, and what they prove themselves with."""

from datetime import datetime
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.ec import SECP256R1, EllipticCurvePrivateKey, derive_private_key

from app.core.ids import new_id
from app.identity.token_keys import pem_of

CLIENT = "oa-gateway"
ISSUER = "duban"
FIRST, SECOND, FOREIGN = (derive_private_key(number, SECP256R1()) for number in (7, 11, 13))
FIRST_KEY, SECOND_KEY = pem_of(FIRST.public_key()), pem_of(SECOND.public_key())
FORM = {
    "grant_type": "client_credentials",
    "client_assertion_type": "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
}


def assertion(now: datetime, key: EllipticCurvePrivateKey = FIRST, **claims: Any) -> str:
    """As a client writes it, with some claims otherwise; None leaves one out."""
    seconds = int(now.timestamp())
    plain = {"iss": CLIENT, "sub": CLIENT, "aud": ISSUER, "iat": seconds, "exp": seconds + 60, "jti": str(new_id())}
    said = {name: value for name, value in (plain | claims).items() if value is not None}
    return jwt.encode(said, key, "ES256")
