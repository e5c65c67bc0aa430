"""The county's deadlines: counsel writes, a second person signs, the law's limits cannot grow, and running clocks keep theirs."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest
from django.db import DatabaseError, transaction
from django.test import Client

from agencies.choices import Duty, Role
from agencies.models import CountyRulebook, Notice, RulebookProposal
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.deadlines import kinds
from referrals.models import Deadline
from referrals.selectors.rulebook import rulebooks_of
from referrals.services.event import event_record
from tests.agencies.pages import signed_in
from tests.pages import sign_in, words
from tests.worlds import World, case_of, county_make, person_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
REASON = "The county agreed on ninety minutes in March."


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def ana(world: World) -> Client:
    return signed_in(world, Role.COUNTY_COUNSEL, Duty.COUNSEL)


@pytest.fixture
def ben(world: World) -> Client:
    client = Client()
    sign_in(client, person_make(world.agencies["CC"], Duty.COUNSEL))
    return client


def asked(ana: Client, rule: str = "response-2h", unit: str = "minutes", count: int = 90) -> None:
    answer = ana.post(f"/deadline-rules/{rule}/change", {"unit": unit, "count": count})
    assert answer.status_code == 302, answer.context["form"].errors


def signed(ana: Client, ben: Client) -> None:
    sent = ana.post("/deadline-rules/submit", {"reason": REASON, "effective_on": ""})
    assert sent.status_code == 302, sent.context["form"].errors
    decided = ben.post("/deadline-rules/decide", {"approve": "yes", "decision": ""})
    assert decided.status_code == 302, decided.content


def responses(world: World) -> list[tuple[str, timedelta]]:
    with acting_because(WHY):
        rows = Deadline.objects.unrestricted(because=WHY).filter(rule="response-2h", owed_by__role="CW")
        return [(row.rulebook, row.due_at - row.started_at) for row in rows.order_by("entered_at")]


def test_two_people_shorten_a_clock_and_only_clocks_that_start_later_follow(
    world: World, ana: Client, ben: Client
) -> None:
    old = referral_make(world)
    asked(ana)
    assert "Be with the child: within 90 minutes, now within 2 hours" in words(
        ana.get("/deadline-rules/?part=C")
    )
    referral_make(world)
    assert {span for _, span in responses(world)} == {timedelta(hours=2)}, (
        "nothing changes before the signature"
    )
    signed(ana, ben)
    referral_make(world, ago=timedelta())
    assert responses(world)[-1] == ("2026.1/1", timedelta(minutes=90))
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        now = datetime.now(UTC)
        event_record(
            viewer=viewer, case_file=case_of(old), kind=kinds.CHILD_IDENTIFIED, occurred_at=now, now=now
        )
    assert responses(world)[:2] == [("2026.1", timedelta(hours=2))] * 2, "a running clock keeps its version"
    page = words(ana.get("/deadline-rules/?part=C"))
    assert "Within 90 minutes" in page
    assert "The register: within 2 hours" in page
    assert REASON in page


def test_what_the_law_commands_cannot_be_put_off(world: World, ana: Client, ben: Client) -> None:
    answer = ana.post("/deadline-rules/missing-le-24h/change", {"unit": "hours", "count": 25})
    assert answer.status_code == 200
    assert "allows no more than 24 h; 25 h could end later" in words(answer)
    asked(ana, "missing-le-24h", "hours", 12)
    signed(ana, ben)
    assert str(rulebooks_of(world.county.pk).at(datetime.now(UTC)).rule("missing-le-24h").within) == "12 h"


@pytest.mark.parametrize(
    "said", [{"unit": "weeks", "count": 1}, {"unit": "days"}, {"unit": "days", "count": 5000}]
)
def test_a_limit_that_is_none_is_refused_in_words(ana: Client, said: dict[str, object]) -> None:
    answer = ana.post("/deadline-rules/search-contact/change", said)
    assert answer.status_code == 200
    assert answer.context["form"].errors


def test_nobody_signs_alone_and_nobody_else_writes(world: World, ana: Client, ben: Client) -> None:
    asked(ana)
    ana.post("/deadline-rules/submit", {"reason": REASON, "effective_on": ""})
    assert ana.post("/deadline-rules/decide", {"approve": "yes", "decision": ""}).status_code == 403
    assert ben.get("/deadline-rules/response-2h/change").status_code == 403
    worker = signed_in(world, Role.CHILD_WELFARE)
    assert worker.get("/deadline-rules/").status_code == 200
    assert "ninety minutes" not in words(worker.get("/deadline-rules/")), "a proposal is counsel's own"
    for page in ("response-2h/change", "readings", "submit", "decide"):
        assert worker.post(f"/deadline-rules/{page}", {}).status_code == 403
    assert not CountyRulebook.objects.exists()


def test_a_change_is_sent_back_with_words_or_withdrawn(ana: Client, ben: Client) -> None:
    asked(ana)
    ana.post("/deadline-rules/submit", {"reason": REASON, "effective_on": ""})
    assert ben.post("/deadline-rules/decide", {"approve": "no", "decision": " "}).status_code == 200
    assert ben.post("/deadline-rules/decide", {"approve": "no", "decision": "Not agreed."}).status_code == 302
    asked(ana)
    assert ben.post("/deadline-rules/withdraw").status_code == 404
    assert ana.post("/deadline-rules/withdraw").status_code == 302
    states = set(RulebookProposal.objects.values_list("state", flat=True))
    assert states == {"sent_back", "withdrawn"}
    assert not CountyRulebook.objects.exists()


def test_a_reading_decides_who_is_reported(world: World, ana: Client, ben: Client) -> None:
    page = ana.get("/deadline-rules/readings")
    said = {field.name: field.initial for field in page.context["form"]} | {"all_foster": "no", "E9": "yes"}
    assert ana.post("/deadline-rules/readings", said).status_code == 302
    signed(ana, ben)
    book = rulebooks_of(world.county.pk).at(datetime.now(UTC))
    assert (book.reads("all_foster"), book.reads("E9"), book.reads("E3")) == (False, True, True)


def test_the_second_person_hears_that_a_change_waits_and_the_first_that_it_is_signed(
    ana: Client, ben: Client
) -> None:
    asked(ana)
    signed(ana, ben)
    with acting_because(WHY):
        told = set(Notice.objects.filter(about="rulebook").values_list("stage", "recipient"))
        waiting = Notice.objects.get(stage="submitted", recipient=UUID(ben.session["_auth_user_id"]))
    me, other = (UUID(client.session["_auth_user_id"]) for client in (ana, ben))
    assert {("submitted", other), ("signed", me)} <= told
    assert ("submitted", me) not in told and ("signed", other) not in told
    assert "A change of the county’s deadlines waits for a second person" in words(ben.get("/notices/"))
    opened = ben.post(f"/notices/{waiting.pk}")
    assert opened.status_code == 302 and opened["Location"] == "/deadline-rules/"


def test_a_signed_version_cannot_be_changed(ana: Client, ben: Client) -> None:
    asked(ana)
    signed(ana, ben)
    with pytest.raises(DatabaseError), transaction.atomic():
        CountyRulebook.objects.update(limits={})
