"""The urgent page: seven answers, each may be "Not known", nothing typed is lost, sent twice is logged once."""

from __future__ import annotations

import gzip
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from django.test import Client

from agencies.choices import Duty, Role
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.drafts.models import Draft
from referrals.models import CaseEvent, CaseFile, Deadline, FileSection, Referral, SeatFact
from referrals.services.sharing import sharing_settle
from tests.pages import client_of, words
from tests.worlds import county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
LA = ZoneInfo("America/Los_Angeles")


def answers(**given: Any) -> dict[str, Any]:
    """A post with everything "Not known", told ten minutes ago."""
    told = (datetime.now(UTC) - timedelta(minutes=10)).astimezone(LA)
    plain = {
        "incident": str(uuid4()),
        "told_at_day": told.date().isoformat(),
        "told_at_time": told.strftime("%I:%M %p"),
        "told_at_twice": "second" if told.fold else "first",
        "call_back_nk": "on",
        "place_nk": "on",
        "danger": "not_known",
        "name_nk": "on",
        "age_nk": "on",
        "narrative_nk": "on",
        "holder": "unknown",
    }
    for name in given:
        plain.pop(f"{name}_nk", None)
    return plain | given


def count(model: Any) -> int:
    with acting_because(WHY):
        return model.objects.unrestricted(because=WHY).count()


@pytest.fixture
def hotline() -> Client:
    return client_of(county_make(), Role.CHILD_WELFARE, Duty.HOTLINE)


def test_all_not_known_is_logged_and_its_clocks_run(hotline: Client) -> None:
    sent = hotline.post("/referrals/urgent", answers())
    assert sent.status_code == 302
    page = hotline.get(sent["Location"])
    assert "Be with the child" in words(page)
    assert count(Referral) == 1
    assert count(Deadline) >= 7


def test_the_page_asks_at_most_seven_questions_besides_the_time(hotline: Client) -> None:
    page = hotline.get("/referrals/urgent").content.decode()
    form = page[page.index("data-draft-url") :]
    names = {name.removesuffix("_nk") for name in re.findall(r'name="(\w+)"', form)}
    questions = names - {
        "csrfmiddlewaretoken",
        "incident",
        "told_at_day",
        "told_at_time",
        "told_at_twice",
        "reporter",
    }
    assert len(questions) == 7, questions


def test_an_unanswered_question_keeps_everything_that_was_typed(hotline: Client) -> None:
    given = answers(narrative="A van outside the school", place="5th and Main")
    del given["danger"]
    page = hotline.post("/referrals/urgent", given)
    text = page.content.decode()
    assert page.status_code == 200
    assert "A van outside the school" in text and "5th and Main" in text
    assert "<title>Error:" in text
    assert count(Referral) == 0


def test_a_time_ahead_is_refused_on_the_page_with_words(hotline: Client) -> None:
    later = (datetime.now(UTC) + timedelta(minutes=50)).astimezone(LA)
    page = hotline.post(
        "/referrals/urgent",
        answers(told_at_day=later.date().isoformat(), told_at_time=later.strftime("%I:%M %p")),
    )
    assert "in the future" in words(page)


def test_sent_twice_it_is_logged_once(hotline: Client) -> None:
    given = answers()
    first, second = hotline.post("/referrals/urgent", given), hotline.post("/referrals/urgent", given)
    assert first["Location"] == second["Location"]
    assert count(Referral) == count(CaseFile) == 1


def test_a_draft_comes_back_after_the_session_died(hotline: Client) -> None:
    half = answers(narrative="Half a sentence") | {"told_at_time": "4:"}
    assert hotline.post("/drafts/urgent-referral", half).status_code == 200
    text = hotline.get("/referrals/urgent").content.decode()
    assert "Half a sentence" in text and 'value="4:"' in text
    hotline.post("/referrals/urgent", answers(narrative="Whole"))
    assert Draft.objects.count() == 0
    assert "Half a sentence" not in hotline.get("/referrals/urgent").content.decode()


def test_nobody_reads_anothers_draft() -> None:
    world = county_make()
    mine, other = client_of(world, Role.CHILD_WELFARE, Duty.HOTLINE), client_of(world, Role.PROBATION)
    mine.post("/drafts/urgent-referral", answers(narrative="Only mine"))
    assert "Only mine" in mine.get("/referrals/urgent").content.decode()
    assert "Only mine" not in other.get("/referrals/urgent").content.decode()


def test_a_possible_match_is_asked_about_with_index_facts_only_and_loses_nothing() -> None:
    world = county_make()
    known = referral_make(world, narrative="SECRET NARRATIVE", place="SECRET PLACE", reporter="SECRET CALLER")
    client = client_of(world, Role.PROBATION)
    given = answers(name="Marker, Jay", place="5th and Main")
    asked = client.post("/referrals/urgent", given)
    text = asked.content.decode()
    assert "Is it one of these" in text and known.case_file.number in text
    assert 'value="5th and Main"' in text
    assert "SECRET" not in text
    assert count(Referral) == 1
    sent = client.post("/referrals/urgent", given | {"match-0": str(known.case_file_id)})
    assert sent.status_code == 302
    assert (count(Referral), count(CaseFile)) == (2, 1)
    client.post("/referrals/urgent", answers(name="Marker, Jay") | {"match-0": "none"})
    assert (count(Referral), count(CaseFile)) == (3, 2)


@pytest.mark.parametrize(
    ("role", "status"),
    [(Role.CHILD_WELFARE, 200), (Role.PROBATION, 200), (Role.ADVOCATE, 403), (Role.DISTRICT_ATTORNEY, 403)],
)
def test_only_receiving_agencies_reach_the_page_and_others_learn_the_rule(role: Role, status: int) -> None:
    page = client_of(county_make(), role).get("/referrals/urgent")
    assert page.status_code == status
    if status == 403:
        assert "hotline" in words(page)


def test_the_first_load_fits_a_bad_line(hotline: Client) -> None:
    page = hotline.get("/referrals/urgent")
    files = [
        Path("static") / name
        for name in re.findall(r'(?:href|src)="/static/([\w/.-]+\.(?:css|js))"', page.content.decode())
    ]
    assert files
    assert (
        sum(len(gzip.compress(data)) for data in [page.content, *(f.read_bytes() for f in files)]) <= 60_000
    )


def test_several_children_are_added_without_a_script_and_each_gets_a_file(hotline: Client) -> None:
    plain = answers(reporter="Teacher", channel="phone", narrative="Two sisters") | {"call_back_nk": "on"}
    child = {
        "given_name": "Ana",
        "services": "unknown",
        "indian_child": "not_known",
        "family_name": "",
        "other_names": "",
        "language": "",
    }
    data = plain | {
        "child-TOTAL_FORMS": "1",
        "child-INITIAL_FORMS": "0",
        "child-MIN_NUM_FORMS": "1",
        "child-MAX_NUM_FORMS": "12",
    }
    data |= {f"child-0-{name}": value for name, value in child.items()}
    more = hotline.post("/referrals/new", data | {"add": "child"})
    assert 'name="child-1-given_name"' in more.content.decode() and 'value="Ana"' in more.content.decode()
    assert "Two sisters" in more.content.decode()
    data |= {"child-TOTAL_FORMS": "2"} | {
        f"child-1-{name}": value for name, value in (child | {"given_name": "Bea"}).items()
    }
    sent = hotline.post("/referrals/new", data)
    assert sent.status_code == 302, words(sent)
    assert (count(Referral), count(CaseFile)) == (2, 2)


def test_the_full_name_is_shown_once_on_purpose_and_that_is_on_record() -> None:
    world = county_make()
    referral = referral_make(world)
    client = client_of(world, Role.CHILD_WELFARE)
    page = f"/referrals/{referral.pk}"
    assert "Jay Marker" not in words(client.get(page)) and "J. M." in words(client.get(page))
    client.post(f"{page}/name")
    assert "Jay Marker" in words(client.get(page))
    assert "Jay Marker" not in words(client.get(page))
    with acting_because(WHY):
        assert AccessEntry.objects.filter(verb=Verb.NAME_SHOWN).count() == 1


def test_each_part_of_a_referral_is_shown_to_those_who_may_see_it() -> None:
    world = county_make()
    referral = referral_make(
        world, narrative="NARRATIVE", place="PLACE", reporter="CALLER", call_back="555-0142"
    )
    text = words(client_of(world, Role.CHILD_WELFARE).get(f"/referrals/{referral.pk}"))
    assert all(marker in text for marker in ("NARRATIVE", "PLACE", "CALLER"))
    for role in (Role.ADVOCATE, Role.EDUCATION, Role.DISTRICT_ATTORNEY, Role.SURVIVOR_MENTOR):
        page = client_of(world, role).get(f"/referrals/{referral.pk}")
        absent = client_of(world, role).get(f"/referrals/{uuid4()}")
        assert page.status_code == absent.status_code == 404


def test_deciding_shows_real_consequences_and_nothing_happens_before_the_last_button() -> None:
    world = county_make()
    referral = referral_make(world, ago=timedelta(minutes=10))
    client = client_of(world, Role.CHILD_WELFARE, Duty.HOTLINE)
    path = f"/referrals/{referral.pk}/response"
    question = words(client.get(path))
    assert "Be with the child" in question and "Probation" in question
    given = {"speed": "initial", "jurisdiction": "cw", "lead": "", "reason": "Safe at home"}
    check = client.post(path, given)
    assert "Check the decision" in words(check) and "No longer owed Be with the child" in words(check)
    assert count(CaseEvent) == 1
    assert client.post(path, given | {"confirmed": "yes"}).status_code == 302
    with acting_because(WHY):
        response = Deadline.objects.unrestricted(because=WHY).filter(rule="response-2h")
        assert response.exists() and not any(row.is_open for row in response)
        assert Deadline.objects.unrestricted(because=WHY).filter(rule="investigate-10d").exists()


def test_what_cannot_be_told_is_a_crisis_and_a_lead_without_both_is_refused() -> None:
    world = county_make()
    referral = referral_make(world)
    client = client_of(world, Role.CHILD_WELFARE, Duty.HOTLINE)
    path = f"/referrals/{referral.pk}/response"
    check = client.post(path, {"speed": "cannot_tell", "jurisdiction": "unknown"})
    assert "Immediate crisis" in words(check)
    refused = client.post(
        path, {"speed": "crisis", "jurisdiction": "cw", "lead": "probation", "confirmed": "yes"}
    )
    assert "Only a child under both agencies has a lead" in words(refused)
    assert count(CaseEvent) == 1


def test_the_search_finds_names_in_any_order_and_says_why() -> None:
    world = county_make()
    referral = referral_make(world)
    client = client_of(world, Role.CHILD_WELFARE)
    for query in ("Marker, Jay", "jay marker", "Mark", referral.case_file.number):
        assert referral.case_file.number in words(client.post("/find", {"q": query})), query
    assert "No match" in words(client.post("/find", {"q": "Nobody"}))
    stranger = client_of(world, Role.EDUCATION)
    assert "No match" in words(stranger.post("/find", {"q": "Marker"}))


def test_a_seat_at_the_team_opens_the_summary_of_a_referral_and_no_word_more() -> None:
    world = county_make()
    referral = referral_make(
        world, narrative="NARRATIVE", place="PLACE", reporter="CALLER", call_back="555-0142"
    )
    client = client_of(world, Role.MENTAL_HEALTH)
    path = f"/referrals/{referral.pk}"
    assert client.get(path).status_code == 404
    with acting_because(WHY):
        section = FileSection.objects.unrestricted(because=WHY).get(
            case_file=referral.case_file, category="r01"
        )
        SeatFact(
            section=section,
            case_file=referral.case_file,
            agency=world.agencies[Role.MENTAL_HEALTH.value],
            meeting=uuid4(),
            since=referral.received_at,
        ).save()
        sharing_settle(case_file=referral.case_file, now=datetime.now(UTC))
    page = client.get(path)
    text = words(page)
    assert page.status_code == 200 and referral.number in text
    assert not any(
        marker in text
        for marker in ("NARRATIVE", "PLACE", "CALLER", "555-0142", "What was told", "Who told us")
    )
    assert client.get(f"{path}/response").status_code == 404
    assert client.get(f"{path}/logged").status_code == 404


def test_a_decision_that_somebody_took_meanwhile_is_shown_before_another_is_taken() -> None:
    world = county_make()
    referral = referral_make(world)
    mine, other = (
        client_of(world, Role.CHILD_WELFARE, Duty.HOTLINE),
        client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR),
    )
    path = f"/referrals/{referral.pk}/response"
    given = {
        "speed": "initial",
        "jurisdiction": "cw",
        "lead": "",
        "reason": "Safe at home",
        "confirmed": "yes",
        "seen": "",
    }
    other.post(path, given | {"speed": "crisis", "reason": "Still in the car"})
    page = mine.post(path, given)
    assert "while you had this page open" in words(page)
    assert "Still in the car" in words(page) and "Safe at home" in page.content.decode()
    assert other.post(path, given | {"speed": "crisis", "reason": "Still in the car"}).status_code == 302
    assert count(CaseEvent) == 2


def test_the_page_of_a_decision_says_what_holds_and_offers_to_decide_again() -> None:
    world = county_make()
    referral = referral_make(world)
    client = client_of(world, Role.CHILD_WELFARE, Duty.HOTLINE)
    client.post(
        f"/referrals/{referral.pk}/response",
        {
            "speed": "cannot_tell",
            "jurisdiction": "dual",
            "lead": "probation",
            "reason": "",
            "confirmed": "yes",
            "seen": "",
        },
    )
    text = words(client.get(f"/referrals/{referral.pk}"))
    assert "Immediate crisis, jurisdiction Both, led by Probation" in text and "Decide again" in text
