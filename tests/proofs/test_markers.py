"""Thousands of markers go in through the services and pages people use; no dump, log or file of a server holds one.

Short form in every run; `manage.py test --proof markers [--full]` seeds 5,000. A plain word seeded beside them shows that
each search would find what is there.
"""

from __future__ import annotations

import io
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.contrib.sessions.models import Session
from django.db import DatabaseError, connection, transaction
from django.urls import reverse

from agencies.choices import Duty, Role
from agencies.models import Person, PushDevice, TextNumber
from agencies.tasks import memberships_settle
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.drafts.models import Draft
from cseccase.encryption.fields import EncryptedDateField, sealed_fields, sealed_models
from cseccase.logs import LOGGING
from cseccase.outbox.tasks import messages_relay
from mdt.models import ActionItem, AgendaItem, Decision, Meeting, SafetyPlan
from referrals.deadlines import kinds
from referrals.models import (
    AccessRequest,
    BreachReason,
    CaseEvent,
    CaseFile,
    CaseRestriction,
    Child,
    Deadline,
    EmergencyLook,
    GoodCause,
    PrivateNote,
    Referral,
    SeatFact,
    SectionSeal,
)
from referrals.services.event import event_record
from referrals.services.missing import MissingSaid, missing_record
from referrals.services.referral import ChildSaid
from referrals.tasks import deadlines_sweep
from reporting.models import LookReview
from tests.mdt.meetings import meeting_make, seat
from tests.pages import client_of
from tests.proofs.markers import (
    PREFIX,
    Markers,
    cluster_folder,
    count_below,
    count_in,
    database_dump,
    files_below,
    queue,
    queue_files,
)
from tests.referrals.papers import ELEMENTS, paper_on_file
from tests.worlds import World, county_make, referral_make

WHY = "test"
BORN = date(2012, 2, 29)
CANARY = "Plainlysaid99"


@contextmanager
def everything_logged() -> Iterator[io.StringIO]:
    """What the product's own handlers would write, debug lines of every library included."""
    out = io.StringIO()
    handler = logging.StreamHandler(out)
    formatter = LOGGING["formatters"]["names"]["()"]
    module, _, name = formatter.rpartition(".")
    handler.setFormatter(getattr(__import__(module, fromlist=[name]), name)())
    root = logging.getLogger()
    root.addHandler(handler)
    level = root.level
    root.setLevel(logging.INFO)
    try:
        yield out
    finally:
        root.removeHandler(handler)
        root.setLevel(level)


def refer(world: World, mark: Markers) -> Referral:
    """One report, told with ten markers."""
    child = ChildSaid(
        given_name=mark(), family_name=mark(), other_names=mark(), language=mark(), born_on=BORN
    )
    return referral_make(
        world,
        child=child,
        ago=timedelta(minutes=5),
        narrative=f"{mark()} said {mark()}",
        call_back=mark(),
        reporter=mark(),
        reporter_category=mark(),
        place=mark(),
    )


def work(world: World, mark: Markers) -> None:
    """A whole case: notes and facts, a missing child, a meeting held, a draft, searches, forms that are refused."""
    referral, now = refer(world, mark), datetime.now(UTC)
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer):
        case_file = CaseFile.objects.visible_to(viewer).get(pk=referral.case_file_id)
        event_record(
            viewer=viewer, case_file=case_file, kind=kinds.NOTE, occurred_at=now, now=now,
            facts={"person": mark(), "reference": mark(), "outcome": "reached"}, note=mark(),
        )  # fmt: skip
        missing = MissingSaid(
            told_at=now, last_seen_place=mark(), description=mark(), endangerment=mark(), tribe=mark()
        )
        missing_record(viewer=viewer, case_file=case_file, said=missing, now=now)
    meeting = meeting_make(
        world,
        case_file,
        [seat(world, Role.CHILD_WELFARE), seat(world, Role.ADVOCATE, reason=mark())],
        reason=mark(),
        place=mark(),
    )
    pages(world, referral, mark)
    assert meeting.pk


def pages(world: World, referral: Referral, mark: Markers) -> None:
    """The same words through a browser: drafts kept, a form refused, a search, a duty's note."""
    client = client_of(world, Role.CHILD_WELFARE, Duty.HOTLINE)
    typed = {"name": mark(), "narrative": mark(), "place": mark(), "call_back": mark()}
    assert client.post(reverse("draft_save", args=["urgent-referral"]), typed).status_code == 200
    assert client.post(reverse("referrals:urgent"), {**typed, "age": mark()}).status_code == 200
    assert client.post(reverse("referrals:find"), {"q": mark()}).status_code == 200
    assert client.get(reverse("referrals:case", args=[referral.case_file_id])).status_code == 200
    client.raise_request_exception = False
    client.post(
        reverse("referrals:event_record", args=[referral.case_file_id]), {"note": mark(), "kind": mark()}
    )


def fill_the_rest(world: World, mark: Markers) -> None:
    """Every sealed field of every kind of record holds a marker, also those that no step above reaches."""
    with acting_because(WHY):
        team(world, mark)
        for model in sealed_models():
            if hasattr(model, "instance_type"):
                continue
            rows: Any = model._default_manager
            row = (rows.unrestricted(because=WHY) if hasattr(rows, "unrestricted") else rows).first()
            assert row is not None, f"no {model.__name__} was made"
            if not may_update(model._meta.db_table):  # what only ever grows was marked as it was written
                continue
            for field in sealed_fields(model):
                value = getattr(row, field.attname)
                if isinstance(field, EncryptedDateField):
                    value = BORN
                elif isinstance(value, dict):
                    value = {**value, "words": mark()}
                else:
                    value = mark()
                setattr(row, field.attname, value)
            row.save()


def may_update(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT has_table_privilege(%s, 'UPDATE')", [table])
        return bool(cursor.fetchone()[0])


def team(world: World, mark: Markers) -> None:
    """What a team writes down, a paper of every kind, good cause, an emergency look and a request for access."""
    now, person = datetime.now(UTC), world.person(Role.CHILD_WELFARE)
    meeting = Meeting.objects.unrestricted(because=WHY).first()
    assert meeting is not None
    place: dict[str, Any] = {"section": meeting.section}
    agency = world.agencies[Role.CHILD_WELFARE.value]
    item = AgendaItem(**place, meeting=meeting, position=99, title=mark(), minutes=mark())
    item.save()
    decision = Decision(**place, meeting=meeting, item=item, words=mark(), decided_at=now, written_by=person)
    decision.save()
    of_case = {**place, "case_file": meeting.case_file}
    ActionItem(
        **of_case,
        meeting=meeting.pk,
        decision=decision.pk,
        words=mark(),
        agency=agency,
        due_on=now.date(),
        set_at=now,
    ).save()
    SafetyPlan(**of_case, dangers=mark(), written_at=now, written_by=person).save()
    told = {"recorded_at": now, "recorded_by": person}
    for ground in ELEMENTS:
        ends = {"since": now, "until": now + timedelta(days=3)}
        paper_on_file(ground, **of_case, **told, **ends, agency=agency, category="r09", evidence=mark())
    GoodCause(**of_case, **told, meeting=meeting.pk, until=now + timedelta(days=9), reason=mark()).save()
    asked(meeting.case_file, world, mark, now)
    apart(of_case, world, mark, now)
    looked_into(world, mark, now)
    reached(world, mark, now)
    late(of_case, world, mark, now)
    assert SeatFact.objects.unrestricted(because=WHY).exists()


def apart(of_case: dict[str, Any], world: World, mark: Markers, now: datetime) -> None:
    """A note that only its author reads, a restriction that ended, and a seal that another order lifted."""
    person = world.person(Role.CHILD_WELFARE)
    first = uuid4()
    PrivateNote(**of_case, id=first, root=first, author=person, words=mark(), written_at=now).save()
    ended = {"ended_at": now, "ended_by": person, "ended_why": mark()}
    CaseRestriction(
        case_file=of_case["case_file"],
        people=[person.pk],
        reason=mark(),
        began_at=now,
        began_by=person,
        **ended,
    ).save()
    order = {"court": mark(), "case_number": mark(), "ordered_on": now.date(), "evidence": mark()}
    lifted = {f"lifted_{name}": mark() for name in ("court", "case_number", "evidence")}
    SectionSeal(
        **of_case,
        **order,
        **lifted,
        law="786",
        sealed_at=now,
        sealed_by=person,
        lifted_at=now,
        lifted_by=person,
        lifted_ordered_on=now.date(),
    ).save()


def late(of_case: dict[str, Any], world: World, mark: Markers, now: datetime) -> None:
    """A duty was late; somebody said why, and a supervisor sent it back."""
    deadline = Deadline.objects.unrestricted(because=WHY).filter(case_file=of_case["case_file"]).first()
    BreachReason(
        **of_case,
        deadline=deadline,
        reason=BreachReason.Reason.OVERLOOKED,
        words=mark(),
        given_by=world.person(Role.CHILD_WELFARE),
        given_at=now,
        verdict=BreachReason.Verdict.RETURNED,
        review_words=mark(),
        reviewed_by=world.person(Role.CHILD_WELFARE, Duty.SUPERVISOR),
        reviewed_at=now,
    ).save()


def asked(case_file: CaseFile, world: World, mark: Markers, now: datetime) -> None:
    """Somebody looked in an emergency, which was reviewed, and somebody asks for records."""
    advocate, agency = world.person(Role.ADVOCATE), world.agencies[Role.ADVOCATE.value]
    EmergencyLook(
        case_file=case_file,
        number=case_file.number,
        person=advocate,
        agency=agency,
        reason=EmergencyLook.Reason.DANGER,
        words=mark(),
        opened_at=now,
        until=now + timedelta(hours=1),
        review_by=agency,
        review_due_at=now + timedelta(days=1),
        reviewed_at=now,
        reviewed_by=world.person(Role.CHILD_WELFARE),
        verdict=EmergencyLook.Verdict.JUSTIFIED,
        review_words=mark(),
    ).save()
    AccessRequest(
        case_file=case_file,
        number=case_file.number,
        asked_by=advocate,
        agency=agency,
        category="r09",
        reason=mark(),
        wanted_until=now + timedelta(days=9),
        asked_at=now,
        due_at=now + timedelta(days=1),
        lapses_at=now + timedelta(days=2),
    ).save()


def looked_into(world: World, mark: Markers, now: datetime) -> None:
    """A supervisor asked about somebody's looks and wrote down what came of it."""
    viewer = world.viewer(Role.CHILD_WELFARE, Duty.SUPERVISOR)
    with viewing_as(viewer):
        LookReview(
            person=world.person(Role.ADVOCATE),
            day=now.date(),
            finding=LookReview.Finding.EXPLAINED,
            words=mark(),
            reviewed_by_id=viewer.person,
            reviewed_at=now,
        ).save(force_insert=True)


def reached(world: World, mark: Markers, now: datetime) -> None:
    """Somebody is told by text message and on a device."""
    person = world.person(Role.ADVOCATE)
    TextNumber(person=person, number=mark(), code_until=now, written_at=now, confirmed_at=now).save()
    browser = {"endpoint": mark(), "p256dh": mark(), "auth": mark()}
    PushDevice(person=person, name=mark(), subscription=browser, fingerprint=uuid4().hex, added_at=now).save()


def canary(world: World) -> None:
    """A plain word where plain words may stand, so that a search that finds nothing is known to look."""
    Person.objects.filter(pk=world.person(Role.CHILD_WELFARE).pk).update(job_title=CANARY)
    queue().set("canary", CANARY)
    logging.getLogger("canary").warning(CANARY)


def mistakes(mark: Markers) -> None:
    """Statements that fail with a marker in their hands: what the server writes about them must not repeat it."""
    for statement in (
        "SELECT %s::int",
        "SELECT %s FROM nowhere",
        "INSERT INTO django_session VALUES (%s, %s, %s)",
    ):
        words = [mark()] * statement.count("%s")
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(statement, words)
    logging.getLogger("a.library").warning("could not read %s", mark())
    try:
        raise ValueError(mark())
    except ValueError:
        logging.getLogger("django.request").exception("Internal Server Error: %s", mark())


def searched(log: str, word: str = PREFIX) -> dict[str, int]:
    """How often a word stands in each place where nothing secret may stand."""
    cluster = cluster_folder()
    found = {
        "log": count_in(log.encode(), word),
        "dump": count_in(database_dump(), word),
        "queue": count_below(queue_files(), word),
    }
    if cluster is not None:
        found["write-ahead log"] = count_below(cluster / "pg_wal", word)
        server_logs = [path for path in files_below(cluster.parent) if path.suffix == ".log"]
        found["server logs"] = sum(count_in(path.read_bytes(), word) for path in server_logs)
    return found


def prove(world: World, number: int) -> dict[str, int]:
    mark = Markers()
    with everything_logged() as log:
        work(world, mark)
        fill_the_rest(world, mark)
        mistakes(mark)
        while len(mark.made) < number:
            refer(world, mark)
        for task in (deadlines_sweep, messages_relay, memberships_settle):
            task.delay()
        canary(world)
    assert_readable(mark)
    control = searched(log.getvalue(), CANARY)
    assert all(count for place, count in control.items() if place != "server logs"), control
    for session in Session.objects.all():
        assert PREFIX not in str(session.get_decoded())
    found = searched(log.getvalue())
    assert BORN.isoformat().encode() not in database_dump()
    return {"markers": len(mark.made), **found}


def assert_readable(mark: Markers) -> None:
    """The markers are there for people: the product reads them back."""
    with acting_because(WHY):
        names = {row.given_name for row in Child.objects.unrestricted(because=WHY)}
        notes = {row.note for row in CaseEvent.objects.unrestricted(because=WHY)}
        drafts = str([row.answers for row in Draft.objects.all()])
    assert names & mark.made and notes & mark.made and PREFIX in drafts


@pytest.mark.django_db(transaction=True)
def test_no_dump_log_or_file_of_a_server_holds_a_marker(tmp_path: Path) -> None:
    found = prove(county_make(), 300)
    assert {place: count for place, count in found.items() if count and place != "markers"} == {}


@pytest.mark.proof("markers")
@pytest.mark.django_db(transaction=True)
def test_five_thousand_markers(proof_is_full: bool, proof_counts: dict[str, int]) -> None:
    found = prove(county_make(), 5_000 if proof_is_full else 1_000)
    proof_counts.update(found)
    assert {place: count for place, count in found.items() if count and place != "markers"} == {}


def test_no_error_is_sent_by_mail_with_what_was_typed() -> None:
    assert [type(handler).__name__ for handler in logging.getLogger("django").handlers] == []
