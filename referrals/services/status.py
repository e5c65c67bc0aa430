"""Writing the State's six status fields and ending the special project code (reference: CSEC Data Grid, ACL 16-74).

Rows are history: one is added or ended, never overwritten. What the State would refuse is refused here.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from referrals.choices import Answer, ServicesSituation
from referrals.deadlines import kinds
from referrals.models import CaseFile, Child, MissingEpisode, SpecialProjectCode, StatusField
from referrals.services.entry import child_identify, is_identified
from referrals.services.event import event_record
from referrals.services.sharing import SectionKey, section_to_write
from referrals.status_rules import (
    AT_RISK,
    STATUSES,
    Period,
    Problem,
    StatusRow,
    status_errors,
    status_warnings,
)

WHY = "a status field is checked against the whole file"
STATUS_SECTION = SectionKey("r02")
IN_CARE = frozenset(
    {
        ServicesSituation.FOSTER_CARE,
        ServicesSituation.EXTENDED_IV_E,
        ServicesSituation.EXTENDED_OTHER,
        ServicesSituation.RUN_NOT_DISCHARGED,
    }
)
CASE_OPEN = IN_CARE | {ServicesSituation.OPEN_CASE, ServicesSituation.CANDIDATE}


@dataclass(frozen=True, slots=True)
class StatusSaid:
    """One row as somebody wants to set it.

    `identified_at` is when the agency came to know the child as a victim (now, unless told); `ends_at_risk` ends an
    open "At Risk" on the day on which this victim field starts.
    """

    code: str
    started_on: date
    ended_on: date | None = None
    started_estimated: bool = False
    reported_to_police: Answer = Answer.NOT_KNOWN
    identified_at: datetime | None = None
    ends_at_risk: bool = False


@transaction.atomic
def status_set(*, viewer: Viewer, case_file: CaseFile, said: StatusSaid, now: datetime) -> StatusField:
    """A new row of the grid. The first victim row also records that the child was identified, which starts a clock.

    Raises `RuleBroken` for a row the State would refuse, `NotAllowed` where the agency keeps no status.
    """
    section = section_to_write(case_file=case_file, key=STATUS_SECTION, viewer=viewer, now=now)
    rows = list(StatusField.objects.visible_to(viewer).filter(case_file=case_file))
    child = _child(case_file)
    _refuse_wrong(said, rows, child, _today(viewer, now))
    row = StatusField(
        section=section,
        case_file=case_file,
        code=said.code,
        started_on=said.started_on,
        started_estimated=said.started_estimated,
        ended_on=said.ended_on,
        reported_to_police=said.reported_to_police,
        set_by_id=viewer.person,
        set_at=now,
    )
    row.save()
    _written(viewer, case_file, row.pk, "status", ("code", "started_on", "ended_on"), now)
    if STATUSES[said.code].is_victim:
        if said.ends_at_risk:
            _at_risk_end(rows, said.started_on, viewer, now)
        _identify(viewer, case_file, said, now)
    return row


def status_doubts(
    *, viewer: Viewer, case_file: CaseFile, said: StatusSaid, now: datetime
) -> tuple[Problem, ...]:
    """What looks odd about a row the State would take: shown once, and the person may go on.

    Stays and placements are kept in the State system, so only what the services situation says is known here: it speaks
    for today, and never against a day in the past.
    """
    child = Child.objects.visible_to(viewer).filter(case_file=case_file).first()
    situation = child.services if child is not None else ServicesSituation.NOT_KNOWN
    known = situation != ServicesSituation.NOT_KNOWN
    rows = StatusField.objects.visible_to(viewer).filter(case_file=case_file)
    return status_warnings(
        StatusRow(said.code, said.started_on, said.ended_on),
        on_file=[StatusRow(row.code, row.started_on, row.ended_on) for row in rows],
        foster_care=[Period(_today(viewer, now))] if situation in IN_CARE else [],
        placements=[Period(said.started_on, said.ended_on)],
        absences=_absences(viewer, case_file),
        case_is_open=True if situation in CASE_OPEN else None,
        receives_ilp=situation == ServicesSituation.ILP if known else None,
    )


def _absences(viewer: Viewer, case_file: CaseFile) -> list[Period]:
    """The days of recorded missing episodes, in the county's zone."""
    zone = ZoneInfo(viewer.zone)
    rows = MissingEpisode.objects.visible_to(viewer).filter(case_file=case_file).select_related("began")
    return [
        Period(
            (row.last_seen_at or row.began.occurred_at).astimezone(zone).date(),
            row.located_at.astimezone(zone).date() if row.located_at else None,
        )
        for row in rows
    ]


@transaction.atomic
def status_end(
    *, viewer: Viewer, case_file: CaseFile, status_id: UUID, ended_on: date, now: datetime
) -> StatusField:
    """A status stops holding. The row stays, and so does every earlier version of it.

    Raises `NotVisible` for a row of another file, `RuleBroken` for one ended before or a wrong day.
    """
    if not StatusField.objects.visible_to(viewer).filter(case_file=case_file, pk=status_id).exists():
        raise NotVisible
    section_to_write(case_file=case_file, key=STATUS_SECTION, viewer=viewer, now=now)
    row = StatusField.objects.visible_to(viewer).get(case_file=case_file, pk=status_id)
    if row.ended_on is not None:
        raise RuleBroken("This field has an end already. Load the page again to see it.", field="ended_on")
    _refuse_end(row.started_on, ended_on, _today(viewer, now))
    row.ended_on = ended_on
    row.save()
    _written(viewer, case_file, row.pk, "status", ("ended_on",), now)
    return row


@transaction.atomic
def project_code_end(
    *, viewer: Viewer, case_file: CaseFile, code_id: UUID, ended_on: date, now: datetime
) -> SpecialProjectCode:
    """The referral is investigated: its special project code ends (ACL 16-74).

    Raises `NotVisible` for a code of another file, `RuleBroken` for one ended before or a wrong day.
    """
    codes = SpecialProjectCode.objects.visible_to(viewer).filter(section__case_file=case_file, pk=code_id)
    if not codes.exists():
        raise NotVisible
    section_to_write(case_file=case_file, key=STATUS_SECTION, viewer=viewer, now=now)
    code = codes.get()
    if code.ended_on is not None:
        raise RuleBroken("This code has an end already. Load the page again to see it.", field="ended_on")
    _refuse_end(code.started_on, ended_on, _today(viewer, now))
    code.ended_on = ended_on
    code.save()
    _written(viewer, case_file, code.pk, "project_code", ("ended_on",), now)
    event_record(viewer=viewer, case_file=case_file, kind=kinds.PROJECT_CODE_ENDED, occurred_at=now, now=now)
    return code


def _today(viewer: Viewer, now: datetime) -> date:
    return now.astimezone(ZoneInfo(viewer.zone)).date()


def _child(case_file: CaseFile) -> Child | None:
    with acting_because(WHY):
        return Child.objects.unrestricted(because=WHY).filter(case_file=case_file).first()


def _refuse_wrong(said: StatusSaid, rows: list[StatusField], child: Child | None, today: date) -> None:
    """The State's hard rules, and those that keep a second press of the button or a wish from becoming a row."""
    born_on = child.born_on if child is not None else None
    for problem in status_errors(said.code, said.started_on, said.ended_on, (), born_on):
        raise RuleBroken(problem.message, field=problem.field)
    if said.started_on > today:
        raise RuleBroken("The start is in the future. Enter today or an earlier day.", field="started_on")
    if said.ended_on is not None and said.ended_on > today:
        raise RuleBroken("The end is in the future. Enter today or an earlier day.", field="ended_on")
    label = STATUSES[said.code].label
    same = [row for row in rows if row.code == said.code]
    if any(row.started_on == said.started_on for row in same):
        raise RuleBroken(f"“{label}” with this start is on file already.", field="started_on")
    if any(row.ended_on is None for row in same):
        raise RuleBroken(f"“{label}” is on file and still open. End that row first.", field="code")


def _refuse_end(started_on: date, ended_on: date, today: date) -> None:
    if ended_on < started_on:
        raise RuleBroken("The end is before the start. Enter the same day or a later one.", field="ended_on")
    if ended_on > today:
        raise RuleBroken("The end is in the future. Enter today or an earlier day.", field="ended_on")


def _at_risk_end(rows: list[StatusField], day: date, viewer: Viewer, now: datetime) -> None:
    for row in rows:
        if row.code == AT_RISK and row.ended_on is None:
            row.ended_on = max(day, row.started_on)
            row.save()
            _written(viewer, row.case_file, row.pk, "status", ("ended_on",), now)


def _identify(viewer: Viewer, case_file: CaseFile, said: StatusSaid, now: datetime) -> None:
    """The first victim field says that the child was identified; a later one adds to the history alone."""
    if is_identified(case_file):
        return
    try:
        child_identify(viewer=viewer, case_file=case_file, told_at=said.identified_at or now, now=now)
    except RuleBroken as broken:
        raise RuleBroken(broken.message, field="identified_at") from broken


def _written(
    viewer: Viewer, case_file: CaseFile, subject: UUID, kind: str, fields: tuple[str, ...], now: datetime
) -> None:
    record(
        Verb.STATUS_WRITTEN,
        viewer=viewer,
        at=now,
        subject_kind=kind,
        subject=subject,
        case_file=case_file.pk,
        category=STATUS_SECTION.category,
        facts={"fields": list(fields)},
    )
