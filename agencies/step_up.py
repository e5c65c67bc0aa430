"""Step-up: a fresh proof of presence before an act that opens much or takes data away.

`@step_up` on a view asks for it. Somebody who signed in with both steps a moment ago has given it; everybody else is
asked to confirm that it is them (second step again; NIST SP 800-63B-4 reauthentication, ASVS 5.0 V7.5.3) and then comes
back to where they were. A form that was sent without the proof is kept sealed and given back, so nothing typed is lost.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, timedelta
from functools import wraps
from typing import Any, Final, Protocol
from urllib.parse import urlencode

from allauth.account.internal.flows.login import get_authentication_records, record_authentication
from allauth.mfa.utils import is_mfa_enabled
from django.conf import settings
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from agencies.waiting_forms import keep_for, page_of_form
from cseccase import clock
from cseccase.requests import StaffRequest

SECOND_STEP: Final = "mfa"
BY_PASSWORD: Final = "password"  # noqa: S105  # allauth's word for the method
PICKED: Final = "practice"
"""How somebody is recorded who was picked from the practice county's list."""


class View(Protocol):
    def __call__(self, request: Any, /, *args: Any, **kwargs: Any) -> HttpResponse: ...


def proof_is_fresh(proved_at: datetime | None, *, now: datetime, within: timedelta) -> bool:
    """Whether a proof of presence is newer than `within`. One from a clock that runs far ahead proves nothing."""
    return proved_at is not None and abs(now - proved_at) < within


def latest_proof(records: Iterable[Mapping[str, Any]], *, has_second_step: bool) -> datetime | None:
    """When the person last proved to be there. Whoever has a second step proves it with that, not with the password."""
    counts = {SECOND_STEP} if has_second_step else {SECOND_STEP, BY_PASSWORD, PICKED}
    moments = [float(record["at"]) for record in records if record.get("method") in counts]
    return datetime.fromtimestamp(max(moments), UTC) if moments else None


def proved_at(request: HttpRequest) -> datetime | None:
    """When the person of this session last proved to be there."""
    person = request.user
    if not person.is_authenticated:
        return None
    records = get_authentication_records(request, person)
    return latest_proof(records, has_second_step=bool(records) and is_mfa_enabled(person))


def proof_given(request: HttpRequest, *, now: datetime, within: timedelta | None = None) -> bool:
    """Whether this session holds a proof that is fresh enough."""
    return proof_is_fresh(proved_at(request), now=now, within=within or settings.STEP_UP_WITHIN)


def proof_record_practice(request: HttpRequest, person: Any) -> None:
    """In the practice county a press of a button stands for the proof; the caller has checked that it is one."""
    record_authentication(request, person, PICKED, reauthenticated=True)


def step_up(
    view: View | None = None, *, within: timedelta | None = None, file: bool = False
) -> Callable[..., Any]:
    """The view runs only after a proof of presence newer than `within` (setting `STEP_UP_WITHIN`).

    `file`: the view answers with a download, so after the proof the person comes back to the page with its link.
    """

    def guard(inner: View) -> View:
        @wraps(inner)
        def guarded(request: StaffRequest, *args: Any, **kwargs: Any) -> HttpResponse:
            if proof_given(request, now=clock.now(), within=within):
                return inner(request, *args, **kwargs)
            return ask_for_proof(request, file=file)

        return guarded

    return guard(view) if view is not None else guard


def ask_for_proof(request: StaffRequest, *, file: bool = False) -> HttpResponse:
    """To the page that asks for the proof, which leads back here; a form is kept on the way."""
    back_to = request.get_full_path()
    if request.method == "POST":
        viewer = request.viewer
        back_to = keep_for(viewer, request) or page_of_form(request) or request.path
    elif file:
        back_to = page_of_form(request) or back_to
    asked = {"next": back_to, **({"file": "1"} if file else {})}
    return HttpResponseRedirect(f"{reverse('agencies:confirm')}?{urlencode(asked)}")
