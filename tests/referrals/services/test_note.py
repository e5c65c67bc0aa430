"""Notes that only their author reads: each its own wall, in the query and in the database."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from agencies.choices import Duty, Role
from agencies.models import Qualification
from agencies.services.qualification import qualification_end
from agencies.viewers import viewer_of
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, RuleBroken
from referrals.choices import PartyKind
from referrals.models import CaseFile, FileSection, PrivateNote
from referrals.selectors.note import access_note, note_list
from referrals.services.note import note_correct, note_write
from referrals.services.sharing import Joining, file_extend, sharing_settle
from reporting.selectors.changes import changes_list
from reporting.selectors.looked import LogFilter, case_log
from tests.access.walls import database_wall_down, query_wall_down
from tests.referrals.papers import paper_on_file
from tests.worlds import World, county_make, person_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "a test reads what was written down"
WORDS = "The river dream again."
AUTHORS = [
    Role.MENTAL_HEALTH,
    Role.ADVOCATE,
    Role.SURVIVOR_MENTOR,
    Role.DEPENDENCY_ATTORNEY,
    Role.LEGAL_PROVIDER,
]
WALLS = {"both": nullcontext, "query down": query_wall_down, "database down": database_wall_down}


def now_() -> datetime:
    return datetime.now(UTC)


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def case_file(world: World) -> CaseFile:
    """A case in which every agency of an author takes part."""
    case_file = referral_make(world).case_file
    joins = [
        Joining(
            world.agencies[role.value].pk,
            PartyKind.RETAINER if role == Role.LEGAL_PROVIDER else PartyKind.ASSIGNMENT,
        )
        for role in [*AUTHORS, Role.JUVENILE_COURT]
    ]
    with acting_because(WHY):
        file_extend(
            case_file=case_file,
            recorded_by=world.person(Role.CHILD_WELFARE).pk,
            now=now_(),
            parties=joins,
        )
    return case_file


def wrote(viewer: Viewer, case_file: CaseFile, words: str = WORDS) -> PrivateNote:
    with viewing_as(viewer):
        return note_write(viewer=viewer, case_file=case_file, words=words, now=now_())


def read(viewer: Viewer) -> list[str]:
    with viewing_as(viewer):
        return [row.words for row in PrivateNote.objects.visible_to(viewer)]


def raw(viewer: Viewer) -> int:
    """What the database alone lets this person have: no query wall at all."""
    with viewing_as(viewer), query_wall_down():
        return PrivateNote.objects.visible_to(viewer).count() + PrivateNote.history.visible_to(viewer).count()


@pytest.mark.parametrize("role", AUTHORS)
def test_a_note_is_its_authors_and_nobody_elses_behind_each_wall_alone(
    world: World, case_file: CaseFile, role: Role
) -> None:
    author = world.viewer(role)
    wrote(author, case_file)
    agency = world.agencies[role.value]
    others = [
        viewer_of(person_make(agency, Duty.LINE_WORKER), now=now_()),
        viewer_of(person_make(agency, Duty.SUPERVISOR), now=now_()),
        world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR),
        world.viewer(Role.JUVENILE_COURT),
    ]
    for name, wall in WALLS.items():
        with wall():
            assert read(author) == [WORDS], name
            assert [read(other) for other in others] == [[], [], [], []], name


def test_a_note_is_kept_sealed_in_a_section_of_its_author(world: World, case_file: CaseFile) -> None:
    note = wrote(world.viewer(Role.MENTAL_HEALTH), case_file)
    with acting_because(WHY):
        section = FileSection.objects.unrestricted(because=WHY).get(pk=note.section_id)
    assert (section.category, section.author_id, section.custodian_id) == (
        "r09", world.person(Role.MENTAL_HEALTH).pk, world.agencies["MH"].pk,
    )  # fmt: skip
    assert PrivateNote.SUMMARY_FIELDS == ()


def test_a_court_order_on_file_opens_the_section_and_still_no_note(world: World, case_file: CaseFile) -> None:
    author, court = world.viewer(Role.MENTAL_HEALTH), world.viewer(Role.JUVENILE_COURT)
    note = wrote(author, case_file)
    with acting_because(WHY):
        paper_on_file(
            "CO",
            section=note.section,
            case_file=case_file,
            agency=world.agencies["JC"],
            category="r09",
            since=now_() - timedelta(hours=1),
            evidence="Order 12",
            recorded_at=now_(),
            recorded_by_id=author.person,
        )
        sharing_settle(case_file=case_file, now=now_())
    with viewing_as(court):
        assert FileSection.objects.visible_to(court).filter(pk=note.section_id).exists()
    assert (read(court), raw(court)) == ([], 0)
    with database_wall_down():
        assert read(court) == [], "the first wall alone keeps it back too"
    assert read(author) == [WORDS]


def test_a_colleagues_paper_does_not_open_my_section(world: World, case_file: CaseFile) -> None:
    author = world.viewer(Role.MENTAL_HEALTH)
    colleague = viewer_of(person_make(world.agencies["MH"], Duty.LINE_WORKER), now=now_())
    mine, theirs = wrote(author, case_file), wrote(colleague, case_file)
    with acting_because(WHY):
        paper_on_file(
            "CO",
            section=theirs.section,
            case_file=case_file,
            agency=world.agencies["JC"],
            category="r09",
            discloser=world.agencies["MH"],
            since=now_() - timedelta(hours=1),
            evidence="Order 12",
            recorded_at=now_(),
            recorded_by_id=colleague.person,
        )
        sharing_settle(case_file=case_file, now=now_())
    court = world.viewer(Role.JUVENILE_COURT)
    with viewing_as(court):
        seen = set(FileSection.objects.visible_to(court).values_list("pk", flat=True))
    assert theirs.section_id in seen
    assert mine.section_id not in seen


def test_a_correction_stands_in_its_place_and_nothing_is_changed_or_deleted(
    world: World, case_file: CaseFile
) -> None:
    author = world.viewer(Role.ADVOCATE)
    first = wrote(author, case_file)
    with viewing_as(author):
        later = note_correct(
            viewer=author, case_file=case_file, note_id=first.pk, words="No dream.", now=now_()
        )
        assert [
            line.note.words for line in note_list(viewer=author, case_file=case_file, now=now_()).lines
        ] == ["No dream."]
        page = access_note(viewer=author, case_file=case_file, note_id=later.pk, now=now_())
        assert [row.words for row in page.earlier] == [WORDS]
        with pytest.raises(RuleBroken, match="newest"):
            note_correct(viewer=author, case_file=case_file, note_id=first.pk, words="x", now=now_())
    for verb in ("UPDATE referrals_privatenote SET root = root", "DELETE FROM referrals_privatenote"):
        with viewing_as(author), pytest.raises(DatabaseError), transaction.atomic():
            connection.cursor().execute(verb)


def test_nobody_corrects_or_finds_anothers_note(world: World, case_file: CaseFile) -> None:
    note = wrote(world.viewer(Role.ADVOCATE), case_file)
    colleague = viewer_of(person_make(world.agencies["ADV"], Duty.LINE_WORKER), now=now_())
    with viewing_as(colleague), pytest.raises(NotVisible):
        note_correct(viewer=colleague, case_file=case_file, note_id=note.pk, words="x", now=now_())


@pytest.mark.parametrize("role", [Role.CHILD_WELFARE, Role.LAW_ENFORCEMENT, Role.JUVENILE_COURT])
def test_other_agencies_keep_no_such_notes(world: World, case_file: CaseFile, role: Role) -> None:
    viewer = world.viewer(role)
    with viewing_as(viewer), pytest.raises(NotAllowed) as refused:
        note_write(viewer=viewer, case_file=case_file, words=WORDS, now=now_())
    assert "therapists" in refused.value.refusal.rule


def ended(world: World, day: date) -> None:
    officer = world.viewer(Role.ADVOCATE, Duty.SECURITY_OFFICER)
    person = world.person(Role.ADVOCATE)
    row = Qualification.objects.get(person=person)
    with viewing_as(officer):
        qualification_end(
            viewer=officer, person_id=person.pk, qualification_id=row.pk, last_day=day, now=now_()
        )


def test_a_lapsed_qualification_closes_the_notes_on_the_next_request(
    world: World, case_file: CaseFile
) -> None:
    author = world.viewer(Role.ADVOCATE)
    wrote(author, case_file)
    ended(world, now_().date() - timedelta(days=2))
    lapsed = world.viewer(Role.ADVOCATE)
    assert (read(lapsed), raw(lapsed)) == ([], 0)
    with viewing_as(lapsed), pytest.raises(NotAllowed) as refused:
        note_write(viewer=lapsed, case_file=case_file, words=WORDS, now=now_())
    assert "1038.2" in refused.value.refusal.rule
    Qualification.objects.update(ends_on=None)
    assert read(world.viewer(Role.ADVOCATE)) == [WORDS]


def test_a_therapist_needs_no_such_qualification(world: World, case_file: CaseFile) -> None:
    assert not Qualification.objects.filter(person=world.person(Role.MENTAL_HEALTH)).exists()
    wrote(world.viewer(Role.MENTAL_HEALTH), case_file)


def test_no_log_or_history_tells_others_that_there_is_one(world: World, case_file: CaseFile) -> None:
    author = world.viewer(Role.MENTAL_HEALTH, Duty.SUPERVISOR)
    note = wrote(author, case_file)

    def said(viewer: Viewer) -> str:
        with viewing_as(viewer):
            log: Any = case_log(viewer=viewer, case_id=case_file.pk, asked=LogFilter(), now=now_())
            return " ".join(f"{line.done} {line.what}" for line in log.page.lines)

    def changed(viewer: Viewer) -> list[str]:
        with viewing_as(viewer):
            return [v.title for v in changes_list(viewer=viewer, case_id=case_file.pk, now=now_()).versions]

    auditor = world.viewer(Role.CHILD_WELFARE, Duty.AUDITOR)
    colleague = viewer_of(person_make(world.agencies["MH"], Duty.SUPERVISOR), now=now_())
    lead = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    assert "only they can read" in said(author)
    for other in (auditor, colleague, lead):
        assert "only they can read" not in said(other)
        assert str(note.pk) not in said(other)
    assert any("only you can read" in title for title in changed(author))
    assert not any("only you can read" in title for other in (colleague, lead) for title in changed(other))


def test_without_words_or_with_too_many_nothing_is_kept(world: World, case_file: CaseFile) -> None:
    author = world.viewer(Role.MENTAL_HEALTH)
    for words in (" ", "x" * 6001):
        with viewing_as(author), pytest.raises(RuleBroken):
            note_write(viewer=author, case_file=case_file, words=words, now=now_())
    assert read(author) == []
