"""Making the deadlines in the database agree with the events of a case, in the transaction in which an event came in.

What runs and what has stopped is the pure function `referrals.deadlines.engine.clocks`; here are its events and its
result. A replay from scratch is therefore the same computation, and a test says so.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from agencies.choices import Role
from agencies.disclosure.categories import OWN_DUTIES
from agencies.models import Agency
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import RuleBroken
from referrals.choices import PartyKind
from referrals.deadlines.engine import Clock, clocks
from referrals.deadlines.events import Event
from referrals.deadlines.rules import DEFAULT_RULEBOOK
from referrals.deadlines.settle import NEVER_OWED, ClockId, Standing, clock_id, settlement
from referrals.deadlines.stages import first_stages, stages
from referrals.models import CaseEvent, CaseFile, Deadline, DeadlineStage, FileSection
from referrals.selectors.rulebook import rulebooks_of
from referrals.services.sharing import Joining, SectionKey, agencies_taking_part, case_lock, file_extend

WHY = "deadlines follow the events of the case"


def deadlines_settle(*, case_file: CaseFile, viewer: Viewer, now: datetime) -> None:
    """Starts, moves, stops and reopens clocks until they are exactly the ones that the events call for."""
    with acting_because(WHY):
        case_lock(case_file.pk)
        county = case_file.county
        books = rulebooks_of(county.pk)
        due = clocks(events_of(case_file), rulebook=books, zone=ZoneInfo(county.zone))
        rows = _standing(case_file)
        change = settlement({key: _as_standing(row) for key, row in rows.items()}, due)
        agencies = _owing_agencies(case_file, {clock.key.owed_by_role for clock in change.begin})
        still_owing = [
            rows[key].owed_by
            for clock in due
            if (key := clock_id(clock)) in rows and clock.met_by is None and clock.dropped_by is None
        ]
        owing = {agency.pk: agency for agency in [*agencies.values(), *still_owing]}
        sections = _sections(case_file, owing.values(), viewer, now) if owing else {}
        _start_all(change.begin, case_file, agencies, sections, now)
        for key, clock in change.move:
            _move(rows[key], clock, now)
        for key in change.end:
            _end_orphan(rows[key], now)


def _as_standing(row: Deadline) -> Standing:
    return Standing(
        rulebook=row.rulebook,
        started_at=row.started_at,
        due_at=row.due_at,
        met_by=row.met_by,
        met_at=row.met_at,
        dropped_by=row.dropped_by,
        drop_reason=row.drop_reason,
    )


def _standing(case_file: CaseFile) -> dict[ClockId, Deadline]:
    """The clocks of a case as they stand. A duty stays with the agency it began with, whoever joins or leaves since."""
    rows = Deadline.objects.unrestricted(because=WHY).filter(case_file=case_file).select_related("owed_by")
    return {(row.rule, row.owed_by.role, row.owed_to, row.started_root): row for row in rows}


def events_of(case_file: CaseFile) -> list[Event]:
    """The whole chronology as the deadline rules read it, whoever may see which part."""
    rows = CaseEvent.objects.unrestricted(because=WHY).filter(case_file=case_file).select_related("agency")
    return [
        Event(
            id=row.pk,
            root=row.root,
            kind=row.kind,
            occurred_at=row.occurred_at,
            received_at=row.received_at,
            recorded_at=row.recorded_at,
            agency=row.agency_id,
            agency_role=row.agency.role,
            facts=row.facts,
            supersedes=row.supersedes_id,
        )
        for row in rows.defer("note")
    ]


def _owing_agencies(case_file: CaseFile, roles: set[str]) -> dict[str, Agency]:
    """Which agency owes a new duty of each role: the one that takes part in the case, else the county's first of that role.

    Raises `RuleBroken` when the county has no agency of a role: a duty must never be owed by nobody.
    """
    taking_part = agencies_taking_part(case_file)
    found: dict[str, Agency] = {}
    for agency in Agency.objects.filter(county=case_file.county_id, role__in=roles, is_active=True).order_by(
        "name"
    ):
        if agency.role not in found or (
            agency.pk in taking_part and found[agency.role].pk not in taking_part
        ):
            found[agency.role] = agency
    for role in roles - found.keys():
        raise RuleBroken(
            f"No agency of this county is set up as {Role(role).label}, so nobody would owe this duty. "
            "Ask the county's administrator to add it."
        )
    return found


def _sections(
    case_file: CaseFile, agencies: Iterable[Agency], viewer: Viewer, now: datetime
) -> dict[UUID, FileSection]:
    """Each owing agency's own duties, and with them its part in the case.

    Only agencies that owe something now are asked for: one whose part was ended, and whose duties are all closed, must
    not come back because somebody recorded something else.
    """
    agencies = list(agencies)
    keys = {agency.pk: SectionKey(OWN_DUTIES, custodian=agency.pk) for agency in agencies}
    standing = file_extend(
        case_file=case_file,
        recorded_by=viewer.person,
        now=now,
        sections=keys.values(),
        parties=[Joining(agency.pk, PartyKind.RESPONDER, "owes a duty in this case") for agency in agencies],
    )
    return {agency: standing[key] for agency, key in keys.items()}


def _start_all(
    begun: Iterable[Clock],
    case_file: CaseFile,
    agencies: dict[str, Agency],
    sections: dict[UUID, FileSection],
    now: datetime,
) -> None:
    for clock in begun:
        agency = agencies[clock.key.owed_by_role]
        _start(clock, case_file, agency, sections[agency.pk], now)


def _start(clock: Clock, case_file: CaseFile, agency: Agency, section: FileSection, now: datetime) -> None:
    rule = DEFAULT_RULEBOOK.rule(clock.key.rule_id)
    row = Deadline(
        section=section,
        case_file=case_file,
        rule=rule.id,
        rulebook=clock.rulebook,
        force=rule.force.value,
        owed_by=agency,
        owed_to=clock.key.owed_to or "",
        started_root=clock.key.started_root,
        started_at=clock.started_at,
        entered_at=now,
        due_at=clock.due_at,
        at_once=clock.at_once,
        **_ending(clock),
    )
    row.save()
    DeadlineStage.objects.bulk_create(
        DeadlineStage(
            deadline=row,
            name=stage.name,
            fire_at=stage.fire_at,
            cancelled_at=None if row.is_open else now,
        )
        for stage in first_stages(clock)
    )


def _ending(clock: Clock) -> dict[str, object]:
    return {
        "met_by": clock.met_by,
        "met_at": clock.met_at,
        "dropped_by": clock.dropped_by,
        "drop_reason": clock.drop_reason,
    }


def _move(row: Deadline, clock: Clock, now: datetime) -> None:
    wanted = {
        "rulebook": clock.rulebook,
        "started_at": clock.started_at,
        "due_at": clock.due_at,
        **_ending(clock),
    }
    for name, value in wanted.items():
        setattr(row, name, value)
    row.save()
    waiting = DeadlineStage.objects.filter(deadline=row, fired_at=None)
    if not row.is_open:
        waiting.filter(cancelled_at=None).update(cancelled_at=now)
        return
    moments = {stage.name: stage.fire_at for stage in stages(clock)}
    again = list(waiting.filter(name__in=moments))
    for stage in again:
        stage.fire_at, stage.cancelled_at = moments[stage.name], None
    # Among the waiting ones still: one that a sweeper fires meanwhile stays as it was.
    waiting.bulk_update(again, ["fire_at", "cancelled_at"])


def _end_orphan(row: Deadline, now: datetime) -> None:
    """What started this clock was corrected away, so nothing is owed; the row and its notices stay readable."""
    row.met_by = row.met_at = None
    row.dropped_by, row.drop_reason = row.started_root, NEVER_OWED
    row.save()
    DeadlineStage.objects.filter(deadline=row, fired_at=None, cancelled_at=None).update(cancelled_at=now)
