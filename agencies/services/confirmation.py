"""Saying again who one is before a grave act, through allauth's own pages; each confirmation is good for one act."""

from __future__ import annotations

import time
from typing import Any

from allauth.account.authentication import get_authentication_records
from allauth.account.internal.flows.login import record_authentication
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest
from django.urls import reverse
from django.utils.http import urlencode

SPENT = "confirmation_spent_at"
PRACTICE = "practice"
SECOND_FACTOR = "mfa"


def is_confirmed(request: HttpRequest) -> bool:
    """Whether the person confirmed within the last minutes, since the last grave act, and with the strongest they have.

    Whoever has a second factor confirms with it (a password alone may have been watched). In the practice county,
    where nobody has a password, the confirmation is a button.
    """
    last = _last(request)
    return (
        last is not None
        and _now() - last["at"] < settings.CONFIRMATION_SECONDS
        and last["at"] > request.session.get(SPENT, 0)
    )


def confirmation_spend(request: HttpRequest) -> None:
    """The act is done: the next one asks again."""
    request.session[SPENT] = _now()


def confirm_path(request: HttpRequest, *, back_to: str) -> str:
    """The page on which this person confirms, and comes back from."""
    if settings.PRACTICE_SIGN_IN:
        page = "practice_confirm"
    elif is_mfa_enabled(request.user):
        page = "mfa_reauthenticate"
    else:
        page = "account_reauthenticate"
    return f"{reverse(page)}?{urlencode({'next': back_to})}"


def practice_confirm(request: HttpRequest) -> None:
    """The practice county's button counts as a confirmation, and nowhere else."""
    if settings.PRACTICE_SIGN_IN:
        record_authentication(request, request.user, method=PRACTICE, reauthenticated=True)


def _last(request: HttpRequest) -> dict[str, Any] | None:
    with_factor = not settings.PRACTICE_SIGN_IN and is_mfa_enabled(request.user)
    records = [
        one
        for one in get_authentication_records(request, request.user)
        if one.get("reauthenticated")
        and (one.get("method") == SECOND_FACTOR or not with_factor)
        and (one.get("method") != PRACTICE or settings.PRACTICE_SIGN_IN)
    ]
    return records[-1] if records else None


def _now() -> float:
    """allauth keeps its moments as seconds of the machine's clock; they are compared with nothing else."""
    return time.time()  # noqa: TID251  # the same clock as the records that it is compared with
