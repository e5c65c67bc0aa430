"""Answering a call, saying why a duty was late and reviewing it, as people do it on the pages."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from agencies.choices import Duty, Role
from agencies.models import Notice
from cseccase.audit.models import AccessEntry
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.errors import NotAllowed, RuleBroken
from referrals.models import BreachReason, DutyAcknowledgement
from referrals.services.breach import ReasonSaid, breach_explain, breach_review
from referrals.services.sweep import stages_fire
from tests.pages import client_of, words
from tests.referrals.views.test_work_pages import duty_of
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
SAID = {"reason": "nobody_there", "words": "MARKERWHY: the line was not staffed."}


@pytest.fixture
def world() -> World:
    world = county_make()
    for duty in (Duty.LINE_WORKER, Duty.SUPERVISOR, Duty.DIRECTOR):
        world.person(Role.ADVOCATE, duty)
    return world


def reasons() -> list[tuple[str, str]]:
    with acting_because(WHY):
        rows = BreachReason.objects.unrestricted(because=WHY).order_by("given_at")
        return [(row.reason, row.verdict) for row in rows]


def test_a_call_is_answered_with_one_button_from_the_duty_and_from_the_list(world: World) -> None:
    referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    duty = duty_of("response-2h", "ADV")
    client = client_of(world, Role.ADVOCATE)
    assert "Nobody has answered yet" in words(client.get("/duties/"))
    page = client.get(f"/duties/{duty.pk}")
    assert "I see to it" in words(page)
    back = client.post(f"/duties/{duty.pk}/acknowledge", {"from": "list"})
    assert back["Location"] == "/duties/"
    assert "Noted: you see to this duty" in words(client.get("/duties/"))
    again = client.post(f"/duties/{duty.pk}/acknowledge", {"from": "https://elsewhere.example"}, follow=True)
    assert again.redirect_chain == [(f"/duties/{duty.pk}", 302)]
    assert "a colleague was faster" in words(again)
    text = words(client.get(f"/duties/{duty.pk}"))
    assert f"{world.person(Role.ADVOCATE).full_name} sees to it" in text and "I see to it" not in text
    with acting_because(WHY):
        assert DutyAcknowledgement.objects.unrestricted(because=WHY).filter(deadline=duty).count() == 1
        assert AccessEntry.objects.filter(verb="duty.acknowledged").count() == 1


def test_a_call_is_answered_from_the_inbox_beside_its_newest_notice(world: World) -> None:
    referral_make(world, ago=timedelta(hours=3))
    stages_fire(now=datetime.now(UTC))
    duty = duty_of("response-2h", "ADV")
    client = client_of(world, Role.ADVOCATE)
    html = client.get("/notices/").content.decode()
    assert html.count(f"/duties/{duty.pk}/acknowledge") == 1
    back = client.post(f"/duties/{duty.pk}/acknowledge", {"from": "inbox"}, follow=True)
    assert back.redirect_chain == [("/notices/", 302)]
    assert f"/duties/{duty.pk}/acknowledge" not in back.content.decode()
    with acting_because(WHY):
        mine = Notice.objects.filter(subject=duty.pk, recipient=world.person(Role.ADVOCATE))
        assert mine.exists() and not mine.filter(read_at=None).exists()


def test_another_agency_that_was_not_called_sees_no_button_and_is_refused(world: World) -> None:
    referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    duty = duty_of("response-2h", "ADV")
    lead = client_of(world, Role.CHILD_WELFARE)
    assert "I see to it" not in words(lead.get(f"/duties/{duty.pk}"))
    assert lead.post(f"/duties/{duty.pk}/acknowledge").status_code == 403
    school = client_of(world, Role.EDUCATION)
    assert school.post(f"/duties/{duty.pk}/acknowledge").status_code == 404


def test_a_late_duty_asks_for_its_reason_and_a_second_person_reviews_it(world: World) -> None:
    referral_make(world, ago=timedelta(hours=3))
    duty = duty_of("response-2h", "ADV")
    worker = client_of(world, Role.ADVOCATE)
    assert "Say why it was late" in words(worker.get(f"/duties/{duty.pk}"))
    kept = worker.post(f"/duties/{duty.pk}/late", SAID | {"reason": ""})
    assert kept.status_code == 200 and "MARKERWHY" in words(kept) and reasons() == []
    worker.post(f"/duties/{duty.pk}/late", SAID)
    assert reasons() == [("nobody_there", "")]
    assert worker.get(f"/duties/{duty.pk}/late/review").status_code == 403
    supervisor = client_of(world, Role.ADVOCATE, Duty.SUPERVISOR)
    asked = supervisor.post(f"/duties/{duty.pk}/late/review", {"verdict": "returned", "words": ""})
    assert "Say what is missing" in words(asked) and reasons() == [("nobody_there", "")]
    supervisor.post(
        f"/duties/{duty.pk}/late/review", {"verdict": "returned", "words": "Who was to be on call?"}
    )
    assert reasons() == [("nobody_there", "returned")]
    worker.post(f"/duties/{duty.pk}/late", SAID)
    supervisor.post(f"/duties/{duty.pk}/late/review", {"verdict": "accepted", "words": ""})
    assert reasons() == [("nobody_there", "returned"), ("nobody_there", "accepted")]
    text = words(worker.get(f"/duties/{duty.pk}"))
    assert "Reviewed" in text and "Sent back" in text and "Who was to be on call?" in text
    assert supervisor.get(f"/duties/{duty.pk}/late/review").status_code == 404
    with acting_because(WHY):
        said = AccessEntry.objects.filter(verb__in=["duty.explained", "duty.reviewed"])
        assert said.count() == 4
        assert not any("MARKERWHY" in str(entry.facts) for entry in said)


def test_nobody_reviews_their_own_reason_and_no_other_agency_gives_one(world: World) -> None:
    referral_make(world, ago=timedelta(hours=3))
    duty, now = duty_of("response-2h", "ADV"), datetime.now(UTC)
    said = ReasonSaid("overlooked", "It was misread.")
    supervisor = world.viewer(Role.ADVOCATE, Duty.SUPERVISOR)
    with viewing_as(supervisor):
        breach_explain(viewer=supervisor, deadline=duty, said=said, now=now)
        with pytest.raises(RuleBroken, match="on record already"):
            breach_explain(viewer=supervisor, deadline=duty, said=said, now=now)
        with pytest.raises(NotAllowed, match="did not give the reason"):
            breach_review(viewer=supervisor, deadline=duty, accepted=True, words="", now=now)
    director = world.viewer(Role.ADVOCATE, Duty.DIRECTOR)
    with viewing_as(director):
        breach_review(viewer=director, deadline=duty, accepted=True, words="", now=now)
    lead = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    other = duty_of("response-2h", "PO")
    with viewing_as(lead), pytest.raises(NotAllowed, match="that agency’s to say"):
        breach_explain(viewer=lead, deadline=other, said=said, now=now)


def test_a_duty_in_time_needs_no_reason_and_its_page_asks_for_none(world: World) -> None:
    referral_make(world, ago=timedelta(minutes=5))
    duty = duty_of("response-2h", "ADV")
    worker = client_of(world, Role.ADVOCATE)
    assert "Why it was late" not in words(worker.get(f"/duties/{duty.pk}"))
    refused = worker.post(f"/duties/{duty.pk}/late", SAID)
    assert "not late" in words(refused) and reasons() == []
