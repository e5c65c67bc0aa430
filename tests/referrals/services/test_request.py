"""Asking for access: who answers, what a yes makes, and that a no, nobody and nothing look the same to the asker."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import UUID

import pytest

from agencies.choices import Duty, Role
from agencies.models import Notice
from cseccase.audit.models import AccessEntry
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from referrals.choices import Holder
from referrals.models import AccessRequest, CaseFile, NeedToKnow, Whereabouts
from referrals.selectors.request import request_list, request_page, requests_owed
from referrals.services.request import (
    WAITING_AT_MOST,
    Answered,
    Asked,
    request_answer,
    request_ask,
    requests_settle,
)
from tests.worlds import World, county_make, person_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "test"
DAY = timedelta(days=1)


@pytest.fixture
def world() -> World:
    made = county_make()
    made.person(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    return made


@pytest.fixture
def case_file(world: World) -> CaseFile:
    return referral_make(
        world, urgent=False, holder=Holder.CHILD_WELFARE, place="Behind the station"
    ).case_file


def ask(viewer: Viewer, number: str, category: str = "r19", **more: object) -> AccessRequest:
    now = more.pop("now", datetime.now(UTC))
    said: dict[str, object] = {
        "reason": "We drive the child to court on Monday.",
        "until": datetime.now(UTC) + 10 * DAY,
    } | more
    with viewing_as(viewer):
        return request_ask(viewer=viewer, asked=Asked(number, category, **said), now=now)  # type: ignore[arg-type]


def answer(viewer: Viewer, request_id: UUID, *, approve: bool = True, **more: object) -> AccessRequest:
    said: dict[str, object] = {
        "words": "The order of Friday names them.",
        "task": "transport",
        "evidence": "Order 26-113, folder 2",
        "until": datetime.now(UTC) + 5 * DAY,
    } | more
    with viewing_as(viewer):
        return request_answer(
            viewer=viewer,
            request_id=request_id,
            answered=Answered(approve=approve, **said),  # type: ignore[arg-type]
            now=datetime.now(UTC),
        )


def places(viewer: Viewer) -> int:
    with viewing_as(viewer):
        return int(Whereabouts.objects.visible_to(viewer).count())


def settle(when: datetime) -> None:
    requests_settle(now=when)


def again(request: AccessRequest) -> AccessRequest:
    with acting_because(WHY):
        return AccessRequest.objects.unrestricted(because=WHY).get(pk=request.pk)


def test_a_yes_puts_the_paper_on_file_and_opens_that_one_category_until_its_end(
    world: World, case_file: CaseFile
) -> None:
    worker, boss = world.viewer(Role.MENTAL_HEALTH), world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    request = ask(worker, case_file.number)
    assert places(worker) == 0
    answered = answer(boss, request.pk)
    assert places(worker) == 1
    with acting_because(WHY):
        paper = NeedToKnow.objects.unrestricted(because=WHY).get(pk=answered.paper)
    assert (paper.task, paper.category, paper.agency_id) == ("transport", "r19", worker.agency)
    assert paper.until is not None and paper.until <= request.wanted_until


def test_the_person_who_asks_cannot_tell_a_no_from_nobody_from_no_such_file_nor_by_when_it_comes(
    world: World, case_file: CaseFile
) -> None:
    worker, boss = world.viewer(Role.MENTAL_HEALTH), world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    kinds = {
        "denied": ask(worker, case_file.number),
        "unanswered": ask(worker, referral_make(world).case_file.number),
        "absent": ask(worker, "CF-222-222"),
    }
    lapse = kinds["denied"].lapses_at
    assert {one.lapses_at.date() for one in kinds.values()} == {lapse.date()}

    def seen(request: AccessRequest, now: datetime) -> tuple[object, ...]:
        with viewing_as(worker):
            page = request_page(viewer=worker, request_id=request.pk, now=now)
            (line,) = (
                line
                for line in request_list(viewer=worker, now=now, answering=False).lines
                if line.request.pk == request.pk
            )
        with acting_because(WHY):
            told = Notice.objects.filter(recipient=worker.person, subject=request.pk, stage="answered")
            return page.line.state, line.state, page.may_open_case, page.ground, page.may_answer, told.count()

    def everywhere(now: datetime) -> set[tuple[object, ...]]:
        settle(now)
        return {seen(one, now) for one in kinds.values()}

    waiting = {("waiting", "waiting", False, "", False, 0)}
    assert everywhere(datetime.now(UTC)) == waiting
    answer(boss, kinds["denied"].pk, approve=False, words="There is no drive on Monday.")
    for days in range(8):
        now = kinds["denied"].asked_at + timedelta(days=days)
        if now < lapse:
            assert everywhere(now) == waiting, days
    for one in kinds.values():
        asked = Asked(one.number, one.category, "The same reason again", one.wanted_until)
        with viewing_as(worker), pytest.raises(RuleBroken, match="asked for this already"):
            request_ask(viewer=worker, asked=asked, now=datetime.now(UTC))
    last = max(one.lapses_at for one in kinds.values())
    assert everywhere(last) == everywhere(last + DAY) == {("not_granted", "not_granted", False, "", False, 1)}


def test_neither_their_own_log_nor_their_security_officers_tells_whether_a_number_has_a_file(
    world: World, case_file: CaseFile
) -> None:
    worker = world.viewer(Role.MENTAL_HEALTH)
    real, absent = ask(worker, case_file.number), ask(worker, "CF-222-222")
    with viewing_as(worker):
        for one in (real, absent):
            request_page(viewer=worker, request_id=one.pk, now=datetime.now(UTC))
    with acting_because(WHY):
        said = {
            one.pk: list(
                AccessEntry.objects.filter(person=worker.person, subject=one.pk)
                .order_by("at")
                .values_list("verb", "case_file", "category", "basis", "facts")
            )
            for one in (real, absent)
        }
    assert said[real.pk] == said[absent.pk] and len(said[real.pk]) == 2
    boss = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    answer(boss, real.pk, approve=False)
    with acting_because(WHY):
        assert AccessEntry.objects.get(person=boss.person, verb="access.answered").case_file == case_file.pk


def test_only_supervisors_of_those_who_keep_the_records_answer_and_nobody_else_knows(
    world: World, case_file: CaseFile
) -> None:
    request = ask(world.viewer(Role.MENTAL_HEALTH), case_file.number)
    for stranger in (
        world.viewer(Role.CHILD_WELFARE),
        world.viewer(Role.PROBATION, Duty.SUPERVISOR),
        world.viewer(Role.MENTAL_HEALTH, Duty.SUPERVISOR),
        world.viewer(Role.ADVOCATE, Duty.SUPERVISOR),
    ):
        with pytest.raises(NotVisible):
            answer(stranger, request.pk)
        with viewing_as(stranger), pytest.raises(NotVisible):
            request_page(viewer=stranger, request_id=request.pk, now=datetime.now(UTC))
    boss = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    with viewing_as(boss):
        assert [one.pk for one in requests_owed(viewer=boss)] == [request.pk]
    with acting_because(WHY):
        told = Notice.objects.filter(subject=request.pk, stage="asked").values_list("recipient", flat=True)
        assert list(told) == [boss.person]


def test_the_keeper_of_the_file_who_does_not_keep_these_records_may_say_no_and_not_yes(
    world: World, case_file: CaseFile
) -> None:
    request = ask(world.viewer(Role.MENTAL_HEALTH), case_file.number, "r10")
    boss = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    with viewing_as(boss):
        assert not request_page(viewer=boss, request_id=request.pk, now=datetime.now(UTC)).may_approve
    with pytest.raises(NotAllowed, match="keeps the record"):
        answer(boss, request.pk)
    assert answer(boss, request.pk, approve=False).answer == "denied"


def test_nobody_answers_their_own_request(world: World, case_file: CaseFile) -> None:
    boss = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    request = ask(boss, case_file.number, "r27")
    with pytest.raises(NotAllowed, match="never by the person who asked"):
        answer(boss, request.pk)
    with viewing_as(boss):
        assert requests_owed(viewer=boss) == []


def test_a_second_answer_changes_nothing(world: World, case_file: CaseFile) -> None:
    request = ask(world.viewer(Role.MENTAL_HEALTH), case_file.number)
    boss = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    answer(boss, request.pk, approve=False)
    with pytest.raises(RuleBroken, match="first answer stands"):
        answer(boss, request.pk)
    assert again(request).answer == "denied"
    settle(request.lapses_at + DAY)
    assert again(request).answer == "denied"


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"evidence": " "}, "evidence"),
        ({"task": ""}, "task"),
        ({"until": None}, "until"),
        ({"until": datetime(2020, 1, 1, tzinfo=UTC)}, "until"),
        ({"until": datetime(2099, 1, 1, tzinfo=UTC)}, "until"),
        ({"words": "ok"}, "words"),
    ],
)
def test_a_yes_without_its_paper_its_end_or_its_reason_is_sent_back(
    world: World, case_file: CaseFile, changes: dict[str, object], field: str
) -> None:
    request = ask(world.viewer(Role.MENTAL_HEALTH), case_file.number)
    with pytest.raises(RuleBroken) as refused:
        answer(world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR), request.pk, **changes)
    assert refused.value.field == field
    assert again(request).answer == ""


@pytest.mark.parametrize("category", ["r01", "r04", "r06", "r09", "r17", "r22", "r23", "r24", "d01", "r99"])
def test_what_no_paper_opens_to_the_role_cannot_be_asked_for(
    world: World, case_file: CaseFile, category: str
) -> None:
    with pytest.raises(RuleBroken, match="on no paper"):
        ask(world.viewer(Role.MENTAL_HEALTH), case_file.number, category)


def test_a_hidden_and_an_absent_number_are_refused_alike_when_asked_twice_or_too_often(
    world: World, case_file: CaseFile
) -> None:
    worker = world.viewer(Role.MENTAL_HEALTH)
    for number in (case_file.number, "CF-222-222"):
        ask(worker, number)
        with pytest.raises(RuleBroken, match="already"):
            ask(worker, number)
    for count in range(WAITING_AT_MOST - 2):
        ask(worker, f"CF-33{2 + count}-222")
    for number in (referral_make(world).case_file.number, "CF-444-222"):
        with pytest.raises(NotAllowed, match="wait for an answer"):
            ask(worker, number)


def test_an_overdue_request_is_said_once_more_to_those_who_answer(world: World, case_file: CaseFile) -> None:
    request = ask(world.viewer(Role.MENTAL_HEALTH), case_file.number)
    for _ in range(2):
        settle(request.due_at + timedelta(minutes=1))
    with acting_because(WHY):
        assert Notice.objects.filter(subject=request.pk, stage="overdue", escalated=True).count() == 1
    boss = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    with viewing_as(boss):
        found = request_list(viewer=boss, now=request.due_at + DAY, answering=True)
    assert [line.state for line in found.lines] == ["overdue"]


def test_without_training_nobody_asks(world: World, case_file: CaseFile) -> None:
    from agencies.viewers import viewer_of

    untrained = person_make(world.agencies["MH"], Duty.LINE_WORKER, trained=False)
    with pytest.raises(NotAllowed):
        ask(viewer_of(untrained, now=datetime.now(UTC)), case_file.number)
