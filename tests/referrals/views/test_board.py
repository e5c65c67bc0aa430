"""The agency's board: what is owed, who is on call, what nobody has answered, what was late without a reason."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from agencies.choices import Duty, Role
from agencies.models import OnCallShift
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.models import CaseRestriction, Deadline
from referrals.services.breach import ReasonSaid, breach_explain
from referrals.services.sharing import sharing_settle
from referrals.services.sweep import stages_fire
from tests.pages import client_of, words
from tests.referrals.views.test_work_pages import duty_of, told
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
BOARD = "/duties/board"


@pytest.fixture
def world() -> World:
    world = county_make()
    world.person(Role.ADVOCATE)
    return world


def test_supervisors_see_what_nobody_has_answered_and_who_is_on_call(world: World) -> None:
    referral_make(world, ago=timedelta(minutes=5))
    stages_fire(now=datetime.now(UTC))
    client = client_of(world, Role.ADVOCATE, Duty.SUPERVISOR)
    text = words(client.get(BOARD))
    assert "Nobody is on call" in text and "Be with the child" in text and "without an answer" in text
    now = datetime.now(UTC)
    OnCallShift.objects.create(
        agency=world.agencies["ADV"],
        person=world.person(Role.ADVOCATE),
        starts_at=now - timedelta(hours=1),
        ends_at=now + timedelta(hours=1),
        written_at=now,
    )
    duty = duty_of("response-2h", "ADV")
    answered = client.post(f"/duties/{duty.pk}/acknowledge", {"from": "board"}, follow=True)
    text = words(answered)
    assert answered.redirect_chain[-1][0] == BOARD
    assert f"On call: {world.person(Role.ADVOCATE).full_name}" in text
    assert f"{world.person(Role.ADVOCATE, Duty.SUPERVISOR).full_name} sees to it" in text


@pytest.mark.parametrize("duty", [Duty.LINE_WORKER, Duty.HOTLINE, Duty.COUNSEL, Duty.SECURITY_OFFICER])
def test_the_board_is_for_those_who_answer_for_the_agency(world: World, duty: Duty) -> None:
    assert client_of(world, Role.ADVOCATE, Duty.DIRECTOR).get(BOARD).status_code == 200
    assert client_of(world, Role.ADVOCATE, duty).get(BOARD).status_code == 403


def test_the_board_is_narrowed_by_duty_person_and_lateness_and_nonsense_narrows_nothing(world: World) -> None:
    referral_make(world, ago=timedelta(hours=3))
    client = client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)

    def shown(**asked: str) -> str:
        page = client.get(BOARD, asked)
        assert page.status_code == 200
        return page.content.decode().split('id="board"')[1]

    assert "Be with the child" in shown() and "first team meeting" in shown()
    assert "first team meeting" not in shown(rule="response-2h")
    assert "first team meeting" not in shown(overdue="1") and "Be with the child" in shown(overdue="1")
    assert "Nothing is owed here" in shown(person=str(world.person(Role.CHILD_WELFARE).pk))
    duty = duty_of("team-10d", "CW")
    client_of(world, Role.CHILD_WELFARE).post(f"/duties/{duty.pk}/take")
    mine = shown(person=str(world.person(Role.CHILD_WELFARE).pk))
    assert "first team meeting" in mine and "Be with the child" not in mine
    assert "first team meeting" not in shown(person="nobody")
    assert "first team meeting" in shown(rule="x'; --", person="me", overdue="yes")
    assert "Nothing is owed here" in shown(person=str(uuid4()))


def test_a_duty_done_late_stands_on_its_list_until_its_reason_is_accepted(world: World) -> None:
    referral_make(world, ago=timedelta(hours=3))
    duty = duty_of("response-2h", "ADV")
    worker = client_of(world, Role.ADVOCATE)
    worker.post(f"/duties/{duty.pk}", told() | {"note": ""})
    supervisor = client_of(world, Role.ADVOCATE, Duty.SUPERVISOR)
    late = {"show": "late"}
    assert "Say why" in words(supervisor.get(BOARD, late))
    viewer = world.viewer(Role.ADVOCATE)
    with viewing_as(viewer):
        said = ReasonSaid("too_few", "One advocate for two children.")
        fresh = Deadline.objects.visible_to(viewer).select_related("owed_by").get(pk=duty.pk)
        breach_explain(viewer=viewer, deadline=fresh, said=said, now=datetime.now(UTC))
    assert "Review why" in words(supervisor.get(BOARD, late))
    supervisor.post(f"/duties/{duty.pk}/late/review", {"verdict": "accepted", "words": ""})
    assert "Nothing waits here" in words(supervisor.get(BOARD, late))


def test_a_late_duty_of_a_hidden_case_neither_shortens_the_list_nor_makes_a_page_follow(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("referrals.selectors.board.PAGE", 1)
    supervisor, worker = client_of(world, Role.ADVOCATE, Duty.SUPERVISOR), client_of(world, Role.ADVOCATE)
    for _ in range(2):
        referral_make(world, ago=timedelta(hours=3))
    with acting_because(WHY):
        owed = Deadline.objects.unrestricted(because=WHY).filter(
            rule="response-2h", owed_by__role=Role.ADVOCATE
        )
        duties = list(owed.order_by("pk"))
    for duty in duties:
        worker.post(f"/duties/{duty.pk}", told() | {"note": ""})
    late = {"show": "late"}
    html = supervisor.get(BOARD, late).content.decode()
    assert "page=2" in html
    with acting_because(WHY):
        latest = owed.latest("met_at")
        CaseRestriction(
            case_file=latest.case_file,
            people=[world.person(Role.CHILD_WELFARE).pk],
            reason="The supervisor knows the child.",
            began_at=datetime.now(UTC),
            began_by=world.person(Role.CHILD_WELFARE),
        ).save()
        sharing_settle(case_file=latest.case_file, now=datetime.now(UTC))
    html = supervisor.get(BOARD, late).content.decode()
    assert html.count("Say why") and "page=2" not in html
    assert str(latest.pk) not in html


def test_the_board_costs_the_same_however_much_is_owed(world: World) -> None:
    referral_make(world, ago=timedelta(minutes=5))
    client = client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    client.get(BOARD)

    def cost() -> int:
        with CaptureQueriesContext(connection) as asked:
            client.get(BOARD)
        return len(asked)

    few = cost()
    for _ in range(3):
        referral_make(world, ago=timedelta(hours=3))
    stages_fire(now=datetime.now(UTC))
    assert cost() == few


def test_a_long_board_has_pages_that_keep_what_was_asked(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("referrals.selectors.board.PAGE", 2)
    referral_make(world, ago=timedelta(minutes=5))
    client = client_of(world, Role.CHILD_WELFARE, Duty.SUPERVISOR)
    with acting_because(WHY):
        owed = Deadline.objects.unrestricted(because=WHY).filter(owed_by=world.agencies["CW"], met_at=None)
        left = owed.count()
    assert left > 2
    address, seen = "?person=nobody", 0
    while address:
        html = client.get(BOARD + address).content.decode()
        seen += html.split('id="board"')[1].count('class="duty"')
        following = html.split('rel="next" href="')
        address = following[1].split('"')[0].replace("&amp;", "&") if len(following) > 1 else ""
        assert not address or address.startswith("?person=nobody&after=")
    assert seen == left
    assert client.get(BOARD, {"after": "nonsense"}).status_code == 404
