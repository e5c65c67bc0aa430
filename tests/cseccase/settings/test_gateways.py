"""A county in earnest does not start with a gateway that would show telephone numbers to the network."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.checks import run_checks

from cseccase.outbox.gateways import push_service_known


def found() -> list[str | None]:
    return [
        error.id for error in run_checks(tags=["security"]) if (error.id or "").startswith("cseccase.E10")
    ]


@pytest.mark.parametrize(
    ("setting", "bad", "good", "problem"),
    [
        ("SMS_GATEWAY_URL", "http://sms.county.example/send", "https://sms.county.example/send", "E105"),
        ("PUSH_CONTACT", "it@county.example", "mailto:it@county.example", "E106"),
        ("PUSH_SERVICES", ["http://push.example"], ["https://push.example"], "E107"),
        ("PUSH_KEY", "not a key", "yfWPiYE-n46HLnH0KqZOF1fJJU3MYrct3AELtAQ-oRw", "E108"),
    ],
)
def test_production_refuses_a_way_out_that_is_not_safe(
    settings: Any, setting: str, bad: object, good: object, problem: str
) -> None:
    settings.PRODUCTION = settings.SECOND_FACTOR_REQUIRED = True
    setattr(settings, setting, bad)
    assert found() == [f"cseccase.{problem}"]
    setattr(settings, setting, good)
    assert found() == []


@pytest.mark.parametrize(
    ("endpoint", "known"),
    [
        ("https://fcm.googleapis.com/fcm/send/x", True),
        ("https://updates.push.services.mozilla.com/wpush/v2/x", True),
        ("https://web.push.apple.com/x", True),
        ("https://wns2-sn1p.notify.windows.com/w/?token=x", True),
        ("https://evilnotify.windows.com.example/x", False),
        ("https://evilnotify.windows.com/x", False),
        ("https://user@fcm.googleapis.com/x", False),
        ("https://fcm.googleapis.com@10.0.0.1/x", False),
        ("HTTP://fcm.googleapis.com/x", False),
    ],
)
def test_push_services_are_those_of_the_browsers_and_no_others(endpoint: str, known: bool) -> None:
    assert push_service_known(endpoint) is known
