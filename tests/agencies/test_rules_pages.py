"""Changing the sharing rules in the browser: propose, submit, a second person approves, and the next request obeys."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.test import Client

from agencies.choices import Duty, Role
from agencies.models import Notice, ProtocolProposal, ProtocolVersion
from cseccase.confidentiality.context import viewing_as
from tests.agencies.pages import signed_in
from tests.pages import sign_in, words
from tests.worlds import World, county_make, person_make, referral_make

pytestmark = pytest.mark.django_db
CELL = "category=r03&role=PO&access=N"
SAID = {"basis": "MOU", "reason": "The agreement of March ends this use of reports."}


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


def opened(ana: Client) -> str:
    answer = ana.post("/sharing-rules/propose", {"note": "What was agreed in March", "take_over": ""})
    assert answer.status_code == 302, answer.context["form"].errors
    return str(answer.headers["Location"])


def proposed(ana: Client) -> str:
    at = opened(ana)
    assert "The agreement rules" not in words(ana.get(f"{at}/change"))
    assert ana.post(f"{at}/change?{CELL}", SAID).status_code == 302
    return at


def test_two_people_change_the_rules_and_the_next_request_obeys(
    world: World, ana: Client, ben: Client
) -> None:
    referral = referral_make(world, by=Role.PROBATION)
    probation = signed_in(world, Role.PROBATION)
    assert probation.get(f"/referrals/{referral.pk}").status_code == 200
    at = proposed(ana)
    assert ana.post(f"{at}/submit", {"effective_on": ""}).status_code == 302
    page = words(ana.get(at))
    assert "takes two people" in page
    assert ana.get(f"{at}/decide").status_code == 403
    assert ana.post(f"{at}/decide", {"approve": "yes", "decision": ""}).status_code == 403
    assert ProtocolVersion.objects.count() == 1
    assert "1 proposal waits for your decision" in words(ben.get("/sharing-rules/"))
    assert "waits for your decision" not in words(ana.get("/sharing-rules/"))
    page = words(ben.get(f"{at}/decide"))
    for said in ("Probation", "Referral / SCAR narrative", SAID["reason"], "Sees less"):
        assert said in page
    assert ben.post(f"{at}/decide", {"approve": "yes", "decision": ""}).status_code == 302
    assert probation.get(f"/referrals/{referral.pk}").status_code == 404
    assert "version 2" in words(ana.get(at))
    versions = words(ana.get("/sharing-rules/changes"))
    assert "What it closes is closed already" in versions
    assert SAID["reason"] in words(ana.get("/sharing-rules/compare"))
    grid = ana.get("/sharing-rules/").content.decode()
    assert grid.count('chg"><b>') == 1
    assert "Changed" in words(ana.get("/sharing-rules/?role=PO"))
    assert SAID["reason"] in words(ana.get("/sharing-rules/?role=PO"))
    assert "Protocol version 1, no longer in force" in words(ana.get("/sharing-rules/?version=1"))


def test_whoever_may_decide_is_told_and_then_the_proposer_and_nobody_else(
    world: World, ana: Client, ben: Client
) -> None:
    other = signed_in(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    at = proposed(ana)
    waits = "A change of the sharing rules waits for a second person"
    assert waits not in words(ben.get("/notices/")), "it is not handed over yet"
    ana.post(f"{at}/submit", {"effective_on": ""})
    assert waits in words(ben.get("/notices/"))
    for person in (ana, other):
        assert waits not in words(person.get("/notices/"))
    with viewing_as(None, because="a test finds the notice"):
        opened_at = Notice.objects.get(about="proposal")
    assert ben.post(f"/notices/{opened_at.pk}").headers["Location"] == at
    ben.post(f"{at}/decide", {"approve": "no", "decision": "Name the clause of the agreement."})
    assert "came back with words" in words(ana.get("/notices/"))


def test_sent_back_with_words_it_is_taken_over_and_nothing_typed_is_lost(ana: Client, ben: Client) -> None:
    at = proposed(ana)
    ana.post(f"{at}/submit", {"effective_on": ""})
    answer = ben.post(f"{at}/decide", {"approve": "no", "decision": ""})
    assert answer.status_code == 200
    assert "Say what should be changed" in words(answer)
    assert ben.post(f"{at}/decide", {"approve": "no", "decision": "Cite the section."}).status_code == 302
    assert "Cite the section." in words(ana.get(at))
    first = ProtocolProposal.objects.get()
    answer = ana.post("/sharing-rules/propose", {"note": "Again", "take_over": str(first.pk)})
    assert SAID["reason"] in words(ana.get(answer.headers["Location"]))


def test_a_wrong_answer_is_said_on_the_form_and_kept(ana: Client) -> None:
    at = opened(ana)
    answer = ana.post(f"{at}/change?{CELL}", {"basis": "MOU", "reason": "Agreed so."})
    assert answer.status_code == 200
    assert "Agreed so." in answer.content.decode()
    assert "Give the reason in a sentence" in words(answer)
    assert "error" in ana.get(f"{at}/change?sent=1&category=r03&role=PO").content.decode()
    grounds = words(ana.get(f"{at}/change?{CELL}"))
    assert "a use the county's agreement rules out" in grounds
    assert "a court order" not in grounds, "only the grounds that fit never"
    past = (datetime.now(UTC) - timedelta(days=3)).date().isoformat()
    ana.post(f"{at}/change?{CELL}", SAID)
    answer = ana.post(f"{at}/submit", {"effective_on": past})
    assert answer.status_code == 200
    assert "cannot begin in the past" in words(answer)
    assert ana.post(f"{at}/take-out", {"category": "r03", "role": "PO"}).status_code == 302
    assert "Nothing is changed yet" in words(ana.get(at))


@pytest.mark.parametrize(
    ("day", "moment"),
    [
        ("2099-03-08", datetime(2099, 3, 8, 8, tzinfo=UTC)),
        ("2099-03-09", datetime(2099, 3, 9, 7, tzinfo=UTC)),
        ("2099-11-01", datetime(2099, 11, 1, 7, tzinfo=UTC)),
        ("2099-11-02", datetime(2099, 11, 2, 8, tzinfo=UTC)),
    ],
)
def test_a_day_begins_at_the_countys_midnight_on_both_sides_of_a_change_of_clocks(
    ana: Client, day: str, moment: datetime
) -> None:
    at = proposed(ana)
    assert ana.post(f"{at}/submit", {"effective_on": day}).status_code == 302
    assert ProtocolProposal.objects.get().effective_at == moment


def test_others_read_the_versions_but_no_proposal(world: World, ana: Client) -> None:
    at = proposed(ana)
    supervisor = signed_in(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    for path in (at, f"{at}/change", f"{at}/submit", "/sharing-rules/propose"):
        assert supervisor.get(path).status_code == 403, path
        assert ana.get(path).status_code == 200, path
    page = words(supervisor.get("/sharing-rules/changes"))
    assert "Version 1" in page
    assert "What was agreed in March" not in page
    nowhere: Any = ana.get("/sharing-rules/proposals/00000000-0000-4000-8000-000000000000")
    assert nowhere.status_code == 404
    assert ana.get("/sharing-rules/?version=99").status_code == 404
