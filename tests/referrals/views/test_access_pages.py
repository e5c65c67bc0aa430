"""The pages of requests for access: asking, answering, and what the person who asked may read of the answer."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because
from referrals.choices import Holder
from referrals.models import AccessRequest, CaseFile
from referrals.services.request import requests_settle
from tests.pages import client_of, words
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"


@pytest.fixture
def world() -> World:
    made = county_make()
    made.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    return made


@pytest.fixture
def case_file(world: World) -> CaseFile:
    return referral_make(world, urgent=False, holder=Holder.CHILD_WELFARE, place="Alder Street").case_file


def day(count: int) -> str:
    return f"{datetime.now(UTC) + timedelta(days=count):%m/%d/%Y}"


def asked(client: Client, number: str, **more: str) -> Any:
    said = {
        "number": number,
        "category": "r19",
        "reason": "We drive the child to court on Monday.",
        "until": day(10),
    }
    return client.post(reverse("referrals:access_ask"), said | more)


def test_a_worker_asks_a_supervisor_answers_and_the_records_open(world: World, case_file: CaseFile) -> None:
    worker = client_of(world, Role.MENTAL_HEALTH)
    page = asked(worker, case_file.number).headers["Location"]
    assert "Your request waits for an answer" in words(worker.get(page))
    boss = client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    assert "Answer a request for access" in words(boss.get("/duties/"))
    said = words(boss.get(page))
    assert "We drive the child to court" in said and "A logged need to know, with an end" in said
    answer = {
        "answer": "yes",
        "words": "Their driver is named.",
        "task": "transport",
        "evidence": "Note 7",
        "until": day(5),
    }
    assert "Your answer is on record" in words(boss.post(page, answer, follow=True))
    assert "Access is given" in words(worker.get(page))
    assert "Answer a request for access" not in words(boss.get("/duties/"))


def test_after_a_no_the_asker_reads_the_same_words_as_for_a_number_that_no_file_has(
    world: World, case_file: CaseFile
) -> None:
    worker, boss = (
        client_of(world, Role.MENTAL_HEALTH),
        client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR),
    )
    hidden = asked(worker, case_file.number).headers["Location"]
    absent = asked(worker, "CF-222-222").headers["Location"]

    def pages() -> list[str]:
        return [
            words(worker.get(page)).replace(number, "")
            for page, number in ((hidden, case_file.number), (absent, "CF-222-222"))
        ]

    pages()  # the messages of the two acts are read
    first = pages()
    assert first[0] == first[1] and "Your request waits for an answer" in first[0]
    boss.post(hidden, {"answer": "no", "words": "There is no drive on Monday."})
    assert pages() == first, "a no is told when the request would have lapsed"
    with acting_because(WHY):
        for one in AccessRequest.objects.unrestricted(because=WHY):
            for moment in ("asked_at", "due_at", "lapses_at"):
                setattr(one, moment, getattr(one, moment) - timedelta(days=10))
            one.save()
    requests_settle(now=datetime.now(UTC))
    after = pages()
    assert after[0] == after[1] and "Access is not granted" in after[0]
    assert "There is no drive on Monday" not in after[0]


def test_nothing_typed_is_lost_when_something_is_missing(world: World) -> None:
    answer = asked(client_of(world, Role.MENTAL_HEALTH), "CF-222", until="soon")
    said = answer.content.decode()
    assert answer.status_code == 200
    assert "We drive the child to court on Monday." in said
    assert "Write the whole case number" in words(answer) and "Write the date like" in words(answer)


def test_a_line_worker_cannot_answer_and_does_not_learn_that_somebody_asked(
    world: World, case_file: CaseFile
) -> None:
    page = asked(client_of(world, Role.MENTAL_HEALTH), case_file.number).headers["Location"]
    line = client_of(world, Role.CHILD_WELFARE)
    assert line.get(page).status_code == 404
    assert line.post(page, {"answer": "no", "words": "Not so fast, please."}).status_code == 404
    assert line.get("/access-requests/?show=to-answer").status_code == 200


def test_lists_are_paged_and_their_queries_do_not_grow(
    world: World, case_file: CaseFile, django_assert_max_num_queries: Any
) -> None:
    asked(client_of(world, Role.MENTAL_HEALTH), case_file.number)
    with acting_because(WHY):
        request = AccessRequest.objects.unrestricted(because=WHY).get()
        assert (request.reason, request.answer_words) != ("", None), (
            "sealed words are opened before the row is copied"
        )
        for count in range(30):
            request.pk = AccessRequest._meta.pk.get_default()
            request._state.adding = True
            request.number = f"CF-2{count:02d}-222"
            request.save()
    boss = client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    with django_assert_max_num_queries(45):
        page = boss.get("/access-requests/?show=to-answer")
    assert "Older requests" in words(page)
    assert "Newer requests" in words(boss.get("/access-requests/?show=to-answer&page=2"))
