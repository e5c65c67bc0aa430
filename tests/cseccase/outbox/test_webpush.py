"""Push notices are sealed as RFC 8291 says, byte for byte, and carry the proof of RFC 8292."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.utils import encode_dss_signature
from hypothesis import given
from hypothesis import strategies as st

from cseccase.outbox.webpush import (
    Subscription,
    SubscriptionUnusable,
    base64url,
    private_key,
    public_key,
    public_text,
    push_key_new,
    sealed_for,
    sender_proof,
    unbase64,
)

BROWSER = Subscription(
    "https://push.example.net/push/JzLQ3raZJfFBR0aqvOMsLrt54w4rJUsV",
    "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
    "BTBZMqHH6r4Tts7J_aSIgg",
)
"""RFC 8291, section 5 and appendix A."""


def test_the_example_of_the_standard_comes_out_byte_for_byte() -> None:
    sealed = sealed_for(
        BROWSER,
        b"When I grow up, I want to be a watermelon",
        salt=unbase64("DGv6ra1nlYgDCS1FRnbzlw"),
        sender=private_key("yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw"),
    )
    assert base64url(sealed) == (
        "DGv6ra1nlYgDCS1FRnbzlwAAEABBBP4z9KsN6nGRTbVYI_c7VJSPQTBtkgcy27mlmlMoZIIgDll6e3vCYLocInmYWAmS6Tlz"
        "AC8wEqKK6PBru3jl7A_yl95bQpu6cVPTpK4Mqgkf1CXztLVBSt2Ks3oZwbuwXPXLWyouBWLVWGNWQexSgSxsj_Qulcy4a-fN"
    )


def test_the_same_words_are_never_sealed_alike() -> None:
    assert sealed_for(BROWSER, b"words") != sealed_for(BROWSER, b"words")


def test_the_proof_names_the_push_service_the_contact_and_an_end_and_is_signed() -> None:
    key, now = private_key(push_key_new()), datetime(2027, 3, 1, tzinfo=UTC)
    proof = sender_proof(BROWSER.endpoint, key=key, contact="mailto:it@county.example", now=now)
    token, ours = proof.removeprefix("vapid t=").split(", k=")
    head, claims, signature = token.split(".")
    assert ours == public_text(key)
    assert json.loads(unbase64(head)) == {"typ": "JWT", "alg": "ES256"}
    assert json.loads(unbase64(claims)) == {
        "aud": "https://push.example.net",
        "exp": int(now.timestamp()) + 12 * 3600,
        "sub": "mailto:it@county.example",
    }
    raw = unbase64(signature)
    der = encode_dss_signature(int.from_bytes(raw[:32], "big"), int.from_bytes(raw[32:], "big"))
    algorithm = ec.ECDSA(hashes.SHA256())
    public_key(ours).verify(der, f"{head}.{claims}".encode(), algorithm)
    with pytest.raises(InvalidSignature):
        public_key(ours).verify(der, f"{head}.{claims}x".encode(), algorithm)


@given(st.text(), st.text(), st.text())
def test_whatever_is_given_as_a_subscription_is_one_or_refused(endpoint: str, key: str, auth: str) -> None:
    with pytest.raises(SubscriptionUnusable):
        Subscription(endpoint, key, auth).checked()
    with pytest.raises(SubscriptionUnusable):
        Subscription.parse(json.dumps([endpoint, key, auth]))


def test_a_subscription_is_read_as_it_was_written() -> None:
    assert Subscription.parse(BROWSER.text()) == BROWSER
