"""The full form: several children without a script, nothing lost, and no second file for a child who has one."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from agencies.choices import Duty, Role
from cseccase.confidentiality.context import acting_because
from referrals.models import CaseFile, Child, Deadline, Referral
from tests.pages import client_of, words
from tests.referrals.views.test_referral_pages import answers, count
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
PATH = "/referrals/new"


def report(*children: dict[str, str], **given: Any) -> dict[str, Any]:
    """A post of the full form about these children."""
    data = answers(channel="phone", reporter_nk="on", reporter_category="", **given)
    data |= {"child-TOTAL_FORMS": str(len(children)), "child-INITIAL_FORMS": "0"}
    plain = {"services": "unknown", "indian_child": "not_known"}
    for index, child in enumerate(children):
        data |= {f"child-{index}-{name}": value for name, value in (plain | child).items()}
    return data


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def hotline(world: World) -> Client:
    return client_of(world, Role.CHILD_WELFARE, Duty.HOTLINE)


def test_a_child_of_whom_nothing_is_known_is_still_a_child(hotline: Client) -> None:
    assert hotline.post(PATH, report({"given_name": "Ana"}, {})).status_code == 302
    assert count(CaseFile) == 2


def test_a_child_added_by_mistake_is_left_out_again(hotline: Client) -> None:
    sent = hotline.post(
        PATH, report({"given_name": "Ana"}, {"given_name": "Bea", "DELETE": "on", "born_on": "nonsense"})
    )
    assert sent.status_code == 302
    assert count(Referral) == 1


def test_a_draft_gives_back_every_child_even_half_written(hotline: Client) -> None:
    half = report({"given_name": "Ana"}, {"given_name": "Bea", "born_on": "11/"}, narrative="Two sisters")
    assert hotline.post("/drafts/referral", half).status_code == 200
    text = hotline.get(PATH).content.decode()
    assert all(part in text for part in ("Two sisters", 'value="Ana"', 'value="Bea"', 'value="11/"'))
    assert half["incident"] not in text


def test_everything_to_mend_is_said_at_once_and_nothing_is_lost(hotline: Client) -> None:
    given = report(
        {"given_name": "Ana", "born_on": "11/17/2090", "case_number": "CF-AAA-AAA"}, narrative="Words"
    )
    del given["danger"]
    page = hotline.post(PATH, given)
    text = words(page)
    assert "Is the child in immediate danger? Choose an answer." in text and "in the future" in text
    assert 'value="11/17/2090"' in page.content.decode() and "Words" in text
    given = report({"given_name": "Ana", "case_number": "CF-AAA-AAA"})
    assert "No file has this number" in words(hotline.post(PATH, given))
    assert count(Referral) == 0


def test_each_child_with_a_possible_match_is_asked_about_before_a_file_is_opened(
    hotline: Client, world: World
) -> None:
    known = referral_make(world)
    given = report(
        {"given_name": "Nobody"}, {"given_name": "Jay", "family_name": "Marker"}, narrative="Kept words"
    )
    asked = hotline.post(PATH, given)
    assert "Child 2" in words(asked) and "Child 1" not in words(asked)
    assert "Kept words" in asked.content.decode()
    assert count(Referral) == 1
    assert hotline.post(PATH, given | {"match-1": str(known.case_file_id)}).status_code == 302
    assert (count(Referral), count(CaseFile)) == (3, 2)


def test_only_a_file_that_the_index_offered_can_be_chosen(hotline: Client, world: World) -> None:
    referral_make(world)
    other = referral_make(world, child=None).case_file_id
    given = answers(name="Nobody known")
    assert hotline.post("/referrals/urgent", given | {"match-0": str(other)}).status_code == 302
    with acting_because(WHY):
        assert Referral.objects.unrestricted(because=WHY).filter(case_file=other).count() == 1
    asked = hotline.post("/referrals/urgent", answers(name="Jay Marker") | {"match-0": str(uuid4())})
    assert "Is it one of these" in words(asked)


def test_a_written_case_number_adds_the_referral_to_that_file(hotline: Client, world: World) -> None:
    known = referral_make(world)
    number = known.case_file.number.lower()
    assert hotline.post(PATH, report({"case_number": f" {number} ", "given_name": "Jay"})).status_code == 302
    assert (count(Referral), count(CaseFile)) == (2, 1)


def test_danger_not_known_is_a_crisis_and_only_a_no_is_not(hotline: Client) -> None:
    hotline.post(PATH, report({"given_name": "Ana"}, danger="no"))
    with acting_because(WHY):
        deadlines = Deadline.objects.unrestricted(because=WHY)
        assert not deadlines.filter(rule="response-2h").exists()
    hotline.post(PATH, report({"given_name": "Bea"}, danger="not_known"))
    with acting_because(WHY):
        assert Deadline.objects.unrestricted(because=WHY).filter(rule="response-2h").exists()


def test_what_only_the_full_form_asks_is_kept(hotline: Client) -> None:
    child = {
        "given_name": "Ana",
        "born_on": "11/17/2010",
        "language": "Spanish",
        "indian_child": "yes",
        "services": "E1",
    }
    hotline.post(PATH, report(child))
    with acting_because(WHY):
        found = Child.objects.unrestricted(because=WHY).get()
    assert (found.language, found.indian_child, found.services, str(found.born_on)) == (
        "Spanish",
        "yes",
        "E1",
        "2010-11-17",
    )


def test_an_advocate_learns_the_rule_and_writes_nothing(world: World) -> None:
    refused = client_of(world, Role.ADVOCATE).post(PATH, report({"given_name": "Ana"}))
    assert refused.status_code == 403 and "hotline" in words(refused)
    assert count(Referral) == 0


def test_the_confirmation_costs_the_same_for_one_child_and_for_four(hotline: Client) -> None:
    def cost(*children: dict[str, str]) -> int:
        sent = hotline.post(PATH, report(*children))
        hotline.get(sent["Location"])
        with CaptureQueriesContext(connection) as asked:
            assert hotline.get(sent["Location"]).status_code == 200
        return len(asked)

    assert cost({}) == cost({}, {}, {}, {})
