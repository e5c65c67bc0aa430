"""Words that only one browser can open, and the proof of who sends them: RFC 8291 (over RFC 8188) and RFC 8292.

Pure functions over `cryptography`; nothing here reaches the network or the clock.
"""

from __future__ import annotations

import base64
import hashlib
import json
import os
import struct
from dataclasses import dataclass
from datetime import datetime, timedelta
from urllib.parse import urlsplit

from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import decode_dss_signature
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.kdf.hkdf import HKDF

RECORD_SIZE = 4096
TOKEN_HOURS = 12  # RFC 8292 2 allows 24
CURVE = ec.SECP256R1()


class SubscriptionUnusable(ValueError):
    """What a browser gave as its subscription is none."""


@dataclass(frozen=True, slots=True)
class Subscription:
    """Where one browser takes notices, its public key, and the secret it shares with whoever may send."""

    endpoint: str
    p256dh: str
    auth: str

    @classmethod
    def parse(cls, text: str) -> Subscription:
        """Raises SubscriptionUnusable."""
        try:
            return cls(**json.loads(text)).checked()
        except (ValueError, TypeError) as broken:
            raise SubscriptionUnusable("This is no subscription of a browser.") from broken

    def checked(self) -> Subscription:
        """Itself, when its keys are keys. Raises SubscriptionUnusable."""
        try:
            public_key(self.p256dh)
            if len(unbase64(self.auth)) != 16:
                raise ValueError("The shared secret has 16 bytes (RFC 8291 3.2).")
        except (ValueError, TypeError) as broken:
            raise SubscriptionUnusable("This is no subscription of a browser.") from broken
        return self

    def text(self) -> str:
        return json.dumps({"endpoint": self.endpoint, "p256dh": self.p256dh, "auth": self.auth})


def base64url(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).decode().rstrip("=")


def unbase64(text: str) -> bytes:
    """Raises ValueError."""
    return base64.b64decode(text + "=" * (-len(text) % 4), altchars=b"-_", validate=True)


def push_key_new() -> str:
    """A fresh key by which push services know this installation: the private number, in base64url."""
    number = ec.generate_private_key(CURVE).private_numbers().private_value
    return base64url(number.to_bytes(32, "big"))


def push_key_of(words: str) -> str:
    """A key worked out from words, for practice, where nothing is sent."""
    return base64url(hashlib.sha256(words.encode()).digest())


def private_key(text: str) -> ec.EllipticCurvePrivateKey:
    """Raises ValueError."""
    return ec.derive_private_key(int.from_bytes(unbase64(text), "big"), CURVE)


def public_key(text: str) -> ec.EllipticCurvePublicKey:
    """Raises ValueError."""
    return ec.EllipticCurvePublicKey.from_encoded_point(CURVE, unbase64(text))


def public_text(key: ec.EllipticCurvePrivateKey) -> str:
    """The public half as browsers take it (`applicationServerKey`)."""
    return base64url(_point(key.public_key()))


def sealed_for(
    browser: Subscription,
    words: bytes,
    *,
    salt: bytes | None = None,
    sender: ec.EllipticCurvePrivateKey | None = None,
) -> bytes:
    """`words` in the one record of `aes128gcm` that only this browser opens; `salt` and `sender` are fresh each time.

    Raises SubscriptionUnusable.
    """
    sender = sender or ec.generate_private_key(CURVE)
    salt = salt or os.urandom(16)
    try:
        theirs, secret = public_key(browser.p256dh), unbase64(browser.auth)
    except ValueError as broken:
        raise SubscriptionUnusable("This is no subscription of a browser.") from broken
    ours = _point(sender.public_key())
    info = b"WebPush: info\0" + _point(theirs) + ours
    shared = _derived(sender.exchange(ec.ECDH(), theirs), salt=secret, info=info, length=32)
    key = _derived(shared, salt=salt, info=b"Content-Encoding: aes128gcm\0", length=16)
    nonce = _derived(shared, salt=salt, info=b"Content-Encoding: nonce\0", length=12)
    header = salt + struct.pack("!IB", RECORD_SIZE, len(ours)) + ours
    return header + AESGCM(key).encrypt(nonce, words + b"\x02", None)


def sender_proof(endpoint: str, *, key: ec.EllipticCurvePrivateKey, contact: str, now: datetime) -> str:
    """The `Authorization` header by which a push service knows who sends and whom to ask (RFC 8292 2 and 3)."""
    parts = urlsplit(endpoint)
    expires = int((now + timedelta(hours=TOKEN_HOURS)).timestamp())
    claims = {"aud": f"{parts.scheme}://{parts.netloc}", "exp": expires, "sub": contact}
    signed = ".".join(
        base64url(json.dumps(part, separators=(",", ":")).encode())
        for part in ({"typ": "JWT", "alg": "ES256"}, claims)
    )
    r, s = decode_dss_signature(key.sign(signed.encode(), ec.ECDSA(hashes.SHA256())))
    signature = base64url(r.to_bytes(32, "big") + s.to_bytes(32, "big"))
    return f"vapid t={signed}.{signature}, k={public_text(key)}"


def _point(key: ec.EllipticCurvePublicKey) -> bytes:
    return key.public_bytes(serialization.Encoding.X962, serialization.PublicFormat.UncompressedPoint)


def _derived(secret: bytes, *, salt: bytes, info: bytes, length: int) -> bytes:
    return HKDF(algorithm=hashes.SHA256(), length=length, salt=salt, info=info).derive(secret)
