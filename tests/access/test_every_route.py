"""Every address as every kind of person, from one table; a route without a row fails, and a row without a route.

The practice county gives each address a real record: one case with seats for school and prosecutor, meetings, papers,
duties. `ACCESS_TABLE=write` prints the table anew, to be read by a person before it is committed.
"""

from __future__ import annotations

import csv
import os
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID, uuid4

import pytest
import weasyprint
from django.db import transaction
from django.test import Client
from django.urls import reverse

from agencies.models import (
    Designation,
    Notice,
    OnCallShift,
    ProposedCell,
    ProtocolProposal,
    ProtocolVersion,
    Qualification,
)
from agencies.viewers import viewer_of
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.outbox.models import Message
from mdt.models import ActionItem, AgendaItem, Seat
from referrals.models import (
    AccessRequest,
    CaseEvent,
    CaseFile,
    CaseParty,
    Child,
    Deadline,
    EmergencyLook,
    PrivateNote,
    Referral,
    SpecialProjectCode,
    StatusField,
)
from referrals.services.note import note_write
from referrals.services.sweep import stages_fire
from reporting.practice.county import PracticeCounty
from tests.access.routes import Route, every_route
from tests.pages import sign_in
from tests.referrals.papers import paper_on_file

TABLE = Path(__file__).with_name("table.csv")
WHY = "test"
NOBODY = "nobody"
PERSONAS = {
    "CW hotline": "Dana Reyes",
    "CW supervisor": "",
    "CW officer": "Marcus Bell",
    "PO worker": "Tomas Vega",
    "ADV worker": "Sofia Duarte",
    "PH worker": "Amara Diallo",
    "DA": "Simon Achterberg",
    "ED": "Kenji Mori",
    "SM": "Jasmine Whitlock",
    "CASA": "Howard Pell",
    "counsel": "Ruth Castellanos",
    "committee": "Victor Nakamura",
    "auditor": "Irene Kowalczyk",
}
LEFT_OUT = {
    "mfa_remove_webauthn": "keys of one's own only; by number",
    "mfa_edit_webauthn": "keys of one's own only; by number",
}


def supervisor_of_child_welfare(practice: PracticeCounty) -> str:
    found = (
        Designation.objects.filter(duty="supervisor", person__agency__role="CW")
        .select_related("person")
        .first()
    )
    assert found is not None
    return found.person.full_name


def proposal_of(practice: PracticeCounty) -> ProtocolProposal:
    proposal = ProtocolProposal.objects.create(
        county=practice.county,
        number=1,
        base=ProtocolVersion.objects.get(county=practice.county),
        note="What was agreed",
        proposed_by=practice.people[PERSONAS["counsel"]],
        opened_at=practice.now,
    )
    ProposedCell.objects.create(
        proposal=proposal, category="r14", role="DA", access="A", basis="CO", reason="Only by an order."
    )
    return proposal


def records(practice: PracticeCounty) -> dict[str, Any]:
    """One real id for each kind of part that an address may have, all of Rowan's case where there is one."""
    with acting_because(WHY):

        def one(model: Any, **where: Any) -> Any:
            return model.objects.unrestricted(because=WHY).filter(**where).first()

        children = Child.objects.unrestricted(because=WHY)
        case_file = next(child.case_file_id for child in children if child.given_name == "Rowan")
        party = one(CaseParty, case_file=case_file)
        paper = paper_on_file(
            "CASA",
            section=party.section,
            case_file=party.case_file,
            agency=party.agency,
            category="r01",
            since=party.since,
            evidence="Order 12",
            recorded_at=party.since,
            recorded_by_id=party.recorded_by_id,
        )
        seat = (
            Seat.objects.unrestricted(because=WHY)
            .filter(meeting__case_file=case_file, meeting__state="held")
            .first()
        )
        item = one(AgendaItem, meeting=seat.meeting_id)
        return {
            "case_id": case_file,
            "referral_id": one(Referral, case_file=case_file).pk,
            "duty_id": one(Deadline, case_file=case_file, owed_by__role="CW").pk,
            "event_id": one(CaseEvent, case_file=case_file, kind="referral_received").pk,
            "status_id": getattr(one(StatusField, case_file=case_file), "pk", uuid4()),
            "code_id": one(SpecialProjectCode, section__case_file=case_file).pk,
            "party_id": party.pk,
            "paper_id": paper.pk,
            "meeting_id": seat.meeting_id,
            "agency_id": seat.agency_id,
            "item_id": item.pk,
            "seal_id": uuid4(),
            "note_id": private_note(practice, case_file).pk,
            "qualification_id": Qualification.objects.values_list("pk", flat=True).first(),
            "action_id": one(ActionItem, case_file=case_file, agency__role="ADV").pk,
            "person_id": practice.people["Dana Reyes"].pk,
            "designation_id": Designation.objects.filter(person=practice.people["Dana Reyes"])
            .values_list("pk", flat=True)
            .first(),
            "message_id": unsent_message(practice),
            "kept_id": uuid4(),
            "number_id": uuid4(),
            "device_id": uuid4(),
            "shift_id": shift_of(practice).pk,
            "proposal_id": proposal_of(practice).pk,
            "notice_id": getattr(Notice.objects.first(), "pk", None) or uuid4(),
            "look_id": emergency_look(practice, case_file).pk,
            "kind": "CO",
            "happening": "plan_change_needed",
            "rule_id": "search-contact",
            "request_id": access_request(practice, case_file).pk,
            "period": "2026-q3",
            "day": "2026-11-01",
            "form": "access-walk",
            "token": "x",
            "uid": "x",
            "uidb36": "x",
            "key": "x",
            "key_id": 1,
        }


def unsent_message(practice: PracticeCounty) -> UUID:
    """A message to Child Welfare's worker that the mail server refused."""
    return Message.objects.create(
        key="refused",
        recipient=practice.people["Dana Reyes"],
        template="duty",
        state="failed",
        problem="SMTPDataError",
        created_at=practice.now,
        next_try_at=practice.now,
    ).pk


def shift_of(practice: PracticeCounty) -> OnCallShift:
    """Child Welfare's hotline worker is on call tomorrow."""
    person, now = practice.people["Dana Reyes"], datetime.now(UTC)
    return OnCallShift.objects.create(
        agency=person.agency,
        person=person,
        starts_at=now + timedelta(days=1),
        ends_at=now + timedelta(days=2),
        written_at=now,
    )


def emergency_look(practice: PracticeCounty, case_file: UUID) -> EmergencyLook:
    """A look that Public Health's worker had at this file, long over: the walk itself opens nothing by it."""
    person = practice.people["Amara Diallo"]
    past = datetime.now(UTC) - timedelta(days=2)
    look = EmergencyLook(
        number="CF-222-222",
        case_file_id=case_file,
        person=person,
        agency=person.agency,
        reason="danger",
        words="A child was in danger.",
        opened_at=past,
        until=past + timedelta(minutes=60),
        review_by=person.agency,
        review_due_at=past + timedelta(days=1),
    )
    look.save()
    return look


def private_note(practice: PracticeCounty, case_file: UUID) -> PrivateNote:
    """The advocate's own note of a privileged talk."""
    author = viewer_of(practice.people["Sofia Duarte"], now=practice.now)
    with viewing_as(author):
        case = CaseFile.objects.visible_to(author).get(pk=case_file)
        return note_write(viewer=author, case_file=case, words="What she told me.", now=practice.now)


def access_request(practice: PracticeCounty, case_file: UUID) -> AccessRequest:
    """Public Health's worker asked for treatment records of this file and waits for the answer."""
    person = practice.people["Amara Diallo"]
    now = datetime.now(UTC)
    request = AccessRequest(
        number="CF-222-222",
        case_file_id=case_file,
        asked_by=person,
        agency=person.agency,
        category="r10",
        reason="A consent of this morning.",
        wanted_until=now + timedelta(days=30),
        asked_at=now,
        due_at=now + timedelta(days=2),
        lapses_at=now + timedelta(days=7),
    )
    request.save()
    return request


def address(route: Route, parts: dict[str, Any]) -> str:
    name = route.name
    if name.startswith("unnamed "):
        return "/" + route.pattern
    missing = [part for part in route.kwargs if part not in parts]
    assert not missing, f"{name}: give tests/access a sample for {missing}"
    return reverse(name, kwargs={part: parts[part] for part in route.kwargs})


def status(client: Client, path: str) -> str:
    """The answer to a look, with where it sends people who must sign in first. Nothing is left changed."""
    with transaction.atomic():
        answer = client.get(path)
        transaction.set_rollback(True)
    assert answer.status_code < 500, path
    where = answer.headers.get("Location", "")
    return "login" if "/account/login" in where else str(answer.status_code)


def group_of(route: str) -> str:
    """Addresses are walked a part of the product at a time, so that the walk can be shared out."""
    return re.split(r"[:_ ]", route)[0]


GROUPS = sorted({group_of(route.name) for route in every_route()})


def walk(practice: PracticeCounty, group: str) -> dict[str, dict[str, str]]:
    people = PERSONAS | {"CW supervisor": supervisor_of_child_welfare(practice)}
    clients = {NOBODY: Client()}
    for persona, name in people.items():
        clients[persona] = Client()
        sign_in(clients[persona], practice.people[name])
    parts = records(practice)
    found: dict[str, dict[str, str]] = {}
    for route in every_route():
        if route.name in LEFT_OUT or group_of(route.name) != group:
            continue
        path = address(route, parts)
        found[route.name] = {persona: status(client, path) for persona, client in clients.items()}
    return found


def written() -> dict[str, dict[str, str]]:
    with TABLE.open(encoding="utf-8", newline="") as file:
        return {row.pop("route"): row for row in csv.DictReader(file)}


def write(found: dict[str, dict[str, str]]) -> None:
    routes = {route.name for route in every_route()} - LEFT_OUT.keys()
    rows = {name: row for name, row in (written() | found).items() if name in routes}
    with TABLE.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, ["route", NOBODY, *PERSONAS], lineterminator="\n")
        writer.writeheader()
        writer.writerows({"route": name, **row} for name, row in sorted(rows.items()))


@pytest.fixture
def quick_print(monkeypatch: pytest.MonkeyPatch) -> None:
    """Who may have a paper is decided before it is laid out; laying it out fourteen times says nothing more."""
    monkeypatch.setattr(weasyprint.HTML, "write_pdf", lambda self, **options: b"%PDF")


@pytest.mark.django_db
@pytest.mark.parametrize("group", GROUPS)
def test_every_route_answers_every_person_as_the_table_says(
    practice: PracticeCounty, quick_print: None, group: str
) -> None:
    stages_fire(now=datetime.now(UTC))  # the practice county may have stood unswept for minutes
    found = walk(practice, group)
    if os.environ.get("ACCESS_TABLE") == "write":
        write(found)
    table = written()
    assert found.keys() - table.keys() == set(), "a route without a row: decide who may open it"
    wrong = [
        f"{name}: {persona} got {got}, the table says {table[name][persona]}"
        for name, row in found.items()
        for persona, got in row.items()
        if got != table[name][persona]
    ]
    assert wrong == []


def test_no_row_is_without_a_route() -> None:
    assert written().keys() == {route.name for route in every_route()} - LEFT_OUT.keys()


def test_the_table_lets_nobody_in_without_signing_in() -> None:
    public = {"account_inactive", "healthz", "healthz_deadlines", "account_login", "practice_sign_in"}
    for name, row in written().items():
        if name in public or name.startswith(
            ("unnamed", "first_password", "mfa_login", "mfa_authenticate", "agencies:password")
        ):
            continue
        assert row[NOBODY] in {"login", "403", "401", "405", "302"}, (name, row[NOBODY])


def test_exemptions_are_still_routes() -> None:
    assert LEFT_OUT.keys() <= {route.name for route in every_route()}
    assert UUID(str(uuid4()))
