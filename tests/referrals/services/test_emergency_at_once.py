"""Two people, or two tabs, at the same moment: one record, one end, one review, one answer."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
from django.db import connection

from agencies.choices import Duty, Role
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import RuleBroken
from referrals.choices import Holder
from referrals.models import AccessRequest, CaseFile, EmergencyLook
from referrals.services.emergency import emergency_end, emergency_open, emergency_review
from referrals.services.request import Answered, Asked, request_answer, request_ask
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db(transaction=True)
WHY = "test"
WORDS = "The mother called: the child is on a bridge."


def county() -> tuple[World, CaseFile]:
    world = county_make()
    for role in (Role.CHILD_WELFARE, Role.PROBATION):
        world.person(role, Duty.SUPERVISOR)
    return world, referral_make(world, urgent=False, holder=Holder.CHILD_WELFARE).case_file


def together(viewer: Viewer, act: Callable[[], Any], times: int = 4) -> list[Any]:
    """What each of several threads got when all began at one moment: a value, or the refusal."""
    gate, found = Barrier(times), []

    def one() -> None:
        try:
            gate.wait()
            with viewing_as(viewer):
                found.append(act())
        except RuleBroken as broken:
            found.append(broken)
        finally:
            connection.close()

    threads = [Thread(target=one) for _ in range(times)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return found


def refused(found: list[Any]) -> int:
    return sum(isinstance(one, RuleBroken) for one in found)


def test_four_tabs_open_end_and_review_once_each() -> None:
    world, case_file = county()
    worker, boss = world.viewer(Role.PROBATION), world.viewer(Role.PROBATION, Duty.SUPERVISOR)
    now = datetime.now(UTC)
    found = together(
        worker,
        lambda: emergency_open(viewer=worker, number=case_file.number, reason="danger", words=WORDS, now=now),
    )
    assert (len(found), refused(found)) == (4, 3)
    with acting_because(WHY):
        look = EmergencyLook.objects.unrestricted(because=WHY).get()
    moment = now + timedelta(minutes=1)
    ended = together(worker, lambda: emergency_end(viewer=worker, look_id=look.pk, now=moment))
    assert sorted(ended) == [False, False, False, True]
    reviews = together(
        boss,
        lambda: emergency_review(viewer=boss, look_id=look.pk, verdict="justified", words=WORDS, now=moment),
    )
    assert refused(reviews) == 3
    with acting_because(WHY):
        verbs = AccessEntry.objects.filter(subject=look.pk).values_list("verb", flat=True)
        assert sorted(verbs) == sorted([Verb.EMERGENCY_OPENED, Verb.EMERGENCY_ENDED, Verb.EMERGENCY_REVIEWED])


def test_a_request_is_made_once_and_answered_once() -> None:
    world, case_file = county()
    worker, boss = world.viewer(Role.MENTAL_HEALTH), world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    now = datetime.now(UTC)
    asked = Asked(case_file.number, "r19", "We drive the child to court.", now + timedelta(days=9))
    assert refused(together(worker, lambda: request_ask(viewer=worker, asked=asked, now=now))) == 3
    with acting_because(WHY):
        request = AccessRequest.objects.unrestricted(because=WHY).get()
    answered = Answered(False, "There is no drive on Monday.")
    found = together(
        boss,
        lambda: request_answer(viewer=boss, request_id=request.pk, answered=answered, now=now),
    )
    assert refused(found) == 3
