"""Doing a duty, taking it on, or saying that it does not apply: each an entry in the chronology or a name beside the duty."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from uuid import UUID

from django.db import transaction

from agencies.models import Agency
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from cseccase.wording import listed_words
from referrals import policies
from referrals.choices import Mode, PartyKind
from referrals.deadlines import kinds
from referrals.deadlines.register.missing import DEBRIEF
from referrals.deadlines.rules import DEFAULT_RULEBOOK as RULEBOOK
from referrals.deadlines.rules import Rule
from referrals.duty_words import RECIPIENTS
from referrals.kinds import KINDS
from referrals.models import CaseEvent, Deadline
from referrals.selectors.duty import ROLE_OF
from referrals.services.acknowledgement import stages_answer
from referrals.services.entry import child_identify, is_identified
from referrals.services.event import event_record
from referrals.services.sharing import Joining, case_lock, file_extend

ANSWERED = "answered"
REASON_LENGTH = 200
IDENTIFIED = "yes"
FURTHER = frozenset({"contact", *DEBRIEF})


@dataclass(frozen=True, slots=True)
class Evidence:
    """What shows that a duty was done, or tried. `occurred_at` is when it was done, never when it is typed.

    `outcome` is `answered` or `voicemail`; `recipient` the agency that was told, where the county has it on its list.
    `more` are the further facts that the duty's rule asks for.
    """

    occurred_at: datetime
    mode: str = ""
    outcome: str = ""
    spoke_to: str = ""
    reference: str = ""
    recipient: UUID | None = None
    note: str = ""
    more: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recorded:
    """The entry that was made, and whether it stopped the duty's clock."""

    event: CaseEvent
    stopped: bool


@transaction.atomic
def duty_satisfy(*, viewer: Viewer, deadline: Deadline, evidence: Evidence, now: datetime) -> Recorded:
    """Records what was done about a duty. A message left, or a report without its number, is kept but stops nothing.

    A cross-report that reached its agency makes that agency take part in the case, in the same transaction. Raises
    `NotAllowed` where another agency's word is asked for, `RuleBroken` for evidence that contradicts the rule.
    """
    rule = RULEBOOK.rule(deadline.rule)
    _require_whose_word(viewer, deadline, rule)
    deadline = _as_it_stands(viewer, deadline)
    if not deadline.is_open:
        raise RuleBroken("This duty is closed already. If its entry is wrong, correct that entry.")
    if rule.met_by == kinds.MEETING_HELD:
        raise RuleBroken("Record the team meeting as held; that stops this clock.")
    if rule.met_by == kinds.PROJECT_CODE_ENDED:
        raise RuleBroken("End the special project code under “Status”; that stops this clock.")
    _refuse_lacking(rule, evidence)
    _refuse_mode(rule, evidence)
    event = event_record(
        viewer=viewer,
        case_file=deadline.case_file,
        kind=rule.met_by,
        occurred_at=_when(deadline, evidence.occurred_at),
        now=now,
        facts=_facts(deadline, rule, evidence),
        note=evidence.note,
    )
    if rule.met_by == kinds.CROSS_REPORT_MADE and evidence.outcome != kinds.VOICEMAIL:
        _recipient_joins(viewer, deadline, evidence, now)
    _identified_on_return(viewer, deadline, evidence, now)
    met = Deadline.objects.visible_to(viewer).filter(pk=deadline.pk).values_list("met_at", flat=True).first()
    return Recorded(event, stopped=met is not None)


def _identified_on_return(viewer: Viewer, deadline: Deadline, evidence: Evidence, now: datetime) -> None:
    """A child found to be a victim on return is an identified victim: the 24-hour report is owed from that talk on."""
    if evidence.more.get("possible_victim") != IDENTIFIED or is_identified(deadline.case_file):
        return
    told_at = _when(deadline, evidence.occurred_at)
    child_identify(viewer=viewer, case_file=deadline.case_file, told_at=told_at, now=now)


def _as_it_stands(viewer: Viewer, deadline: Deadline) -> Deadline:
    """The duty read again once nobody else is writing in its case, so that a form sent twice makes one entry."""
    case_lock(deadline.case_file_id)
    rows = Deadline.objects.visible_to(viewer).select_related("case_file", "case_file__county", "owed_by")
    standing = rows.filter(pk=deadline.pk).first()
    if standing is None:
        raise NotVisible
    return standing


def _require_whose_word(viewer: Viewer, deadline: Deadline, rule: Rule) -> None:
    policies.require(
        policies.may_show_done(
            viewer,
            shown_by=rule.shown_by.value,
            category=KINDS[rule.met_by].category,
            owed_by=deadline.owed_by_id,
        ),
        rule=f"This duty is {deadline.owed_by.name}’s, and its own record stops the clock.",
        opens="They can record it themselves in this product.",
        ask=f"Ask {deadline.owed_by.name}.",
    )


def _refuse_lacking(rule: Rule, evidence: Evidence) -> None:
    for name in rule.evidence:
        if name in FURTHER and not evidence.more.get(name, "").strip():
            raise RuleBroken("Answer this; the duty is not done without it.", field=name)


def _refuse_mode(rule: Rule, evidence: Evidence) -> None:
    if rule.modes and evidence.mode not in rule.modes:
        ways = listed_words(Mode(mode).label.lower() for mode in sorted(rule.modes))
        raise RuleBroken(f"This report is made by: {ways}. Choose one of these.", field="mode")
    if evidence.outcome == kinds.VOICEMAIL and evidence.mode != kinds.TELEPHONE:
        raise RuleBroken("Only a telephone call can end in a message left.", field="outcome")


def _when(deadline: Deadline, occurred_at: datetime) -> datetime:
    """People write minutes: within the minute in which the clock started, the act came with the start."""
    if occurred_at >= deadline.started_at:
        return occurred_at
    if deadline.started_at - occurred_at < timedelta(minutes=1):
        return deadline.started_at
    raise RuleBroken(
        "This is before the clock started, so it cannot have done this duty. Check the day and the time.",
        field="occurred_at",
    )


def _facts(deadline: Deadline, rule: Rule, evidence: Evidence) -> dict[str, object]:
    facts: dict[str, object] = {"started_root": str(deadline.started_root)}
    if "to" in rule.evidence or deadline.owed_to in ROLE_OF:
        facts["to"] = deadline.owed_to
    said = {
        "mode": evidence.mode,
        "outcome": evidence.outcome,
        "spoke_to": evidence.spoke_to.strip(),
        "reference": evidence.reference.strip(),
        "agency": str(evidence.recipient or ""),
        **{name: evidence.more.get(name, "").strip() for name in rule.evidence if name in evidence.more},
    }
    return facts | {name: value for name, value in said.items() if value}


def _recipient_joins(viewer: Viewer, deadline: Deadline, evidence: Evidence, now: datetime) -> None:
    role = ROLE_OF.get(deadline.owed_to)
    if evidence.recipient is None or role is None:
        return
    told = Agency.objects.filter(
        pk=evidence.recipient, county=deadline.case_file.county_id, role=role, is_active=True
    ).first()
    if told is None:
        raise RuleBroken(
            f"Choose an agency of this county that is {RECIPIENTS[deadline.owed_to]}.", field="recipient"
        )
    file_extend(
        case_file=deadline.case_file,
        recorded_by=viewer.person,
        now=now,
        parties=[Joining(told.pk, PartyKind.CROSS_REPORT, "told of the report")],
    )
    record(
        Verb.SHARING_CHANGED,
        viewer=viewer,
        at=now,
        subject_kind="agency",
        subject=told.pk,
        case_file=deadline.case_file_id,
        basis=PartyKind.CROSS_REPORT.value,
    )


@transaction.atomic
def duty_take(*, viewer: Viewer, deadline: Deadline, now: datetime, take_over: bool = False) -> Deadline:
    """The viewer answers for this duty from now on, and so for what it called for. `take_over` says that it was a colleague's, and that this is meant.

    Raises `NotAllowed` for another agency's duty, `RuleBroken` for a closed one or one that a colleague has.
    """
    policies.require(
        policies.may_take_duty(viewer, deadline.owed_by_id),
        rule=f"This duty is owed by {deadline.owed_by.name}.",
        opens="Its own staff can take it on.",
        ask=f"Ask {deadline.owed_by.name}.",
    )
    rows = Deadline.objects.visible_to(viewer).select_for_update(of=("self",))
    standing = rows.select_related("owner").filter(pk=deadline.pk).first()
    if standing is None:
        raise NotVisible
    if not standing.is_open:
        raise RuleBroken("This duty is closed already; nobody needs to take it on.")
    if standing.owner_id == viewer.person:
        return standing
    if standing.owner is not None and not take_over:
        raise RuleBroken(f"{standing.owner.full_name} has taken this duty on. You can take it over.")
    standing.owner_id, standing.taken_at = viewer.person, now
    standing.save()
    stages_answer(viewer=viewer, deadline=standing, now=now)
    record(
        Verb.DUTY_TAKEN,
        viewer=viewer,
        at=now,
        subject_kind="deadline",
        subject=standing.pk,
        case_file=standing.case_file_id,
        category=KINDS[kinds.DUTY_DROPPED].category,
    )
    return standing


@transaction.atomic
def duty_drop(*, viewer: Viewer, deadline: Deadline, reason: str, now: datetime) -> CaseEvent:
    """A supervisor's word that this duty does not apply here, with the reason (rule R8); an entry in the chronology.

    Raises `NotAllowed` for anybody else, `RuleBroken` without a reason or for a duty that is closed.
    """
    policies.require(
        policies.may_drop_duty(viewer, deadline.owed_by_id),
        rule="Only a supervisor of the agency that owes a duty may say that it does not apply.",
        opens="A supervisor can record it, with the reason.",
        ask=f"Ask your supervisor, or {deadline.owed_by.name}.",
    )
    reason = reason.strip()
    if not reason:
        raise RuleBroken("Say why this duty does not apply, in a sentence.", field="reason")
    if len(reason) > REASON_LENGTH:
        raise RuleBroken(f"Say it in at most {REASON_LENGTH} letters.", field="reason")
    deadline = _as_it_stands(viewer, deadline)
    if not deadline.is_open:
        raise RuleBroken("This duty is closed already.")
    event = event_record(
        viewer=viewer,
        case_file=deadline.case_file,
        kind=kinds.DUTY_DROPPED,
        occurred_at=now,
        now=now,
        facts={
            "rule": deadline.rule,
            "owed_by": deadline.owed_by.role,
            "owed_to": deadline.owed_to,
            "started_root": str(deadline.started_root),
            "reason": reason,
            "approved_by": str(viewer.person),
        },
    )
    record(
        Verb.DUTY_DROPPED,
        viewer=viewer,
        at=now,
        subject_kind="deadline",
        subject=deadline.pk,
        case_file=deadline.case_file_id,
        category=KINDS[kinds.DUTY_DROPPED].category,
    )
    return event
