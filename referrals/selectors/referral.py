"""Reading one referral: each of its parts for those who may see that part, and nothing said of the others."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from datetime import datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals import policies
from referrals.choices import Holder, Tier
from referrals.deadlines import kinds
from referrals.duty_words import due_words, duty_title, is_late_by_law, left_words
from referrals.models import CaseEvent, CaseFile, Child, Referral, Reporter, SpecialProjectCode, Whereabouts
from referrals.selectors.duty import DutyRow, duties_of
from referrals.selectors.emergency import reader_of
from referrals.selectors.records import FULL, Seen, access_referral_record


@dataclass(frozen=True, slots=True)
class OwedLine:
    """One line of who owes what: the agencies that owe the same to the same recipient by the same moment.

    Its fields are those of the page's duty row (`components/duty_row.html`).
    """

    title: str
    force: str
    citation: str
    due_words: str
    limit_words: str
    left_words: str
    is_late: bool
    agencies: list[str]

    @property
    def owner(self) -> str:
        return ", ".join(sorted(self.agencies))


@dataclass(frozen=True, slots=True)
class ReferralPage:
    """A referral as one viewer may read it. A part that is None is not theirs to know of."""

    seen: Seen
    case_file: CaseFile
    child: Child | None
    reporter: Reporter | None
    whereabouts: list[Whereabouts]
    project_code: SpecialProjectCode | None
    may_decide: bool
    age: int | None = None
    decision: CaseEvent | None = None
    siblings: list[Referral] = field(default_factory=list)
    owed: list[OwedLine] = field(default_factory=list)
    only_reads: bool = False

    @property
    def referral(self) -> Referral | None:
        """The whole referral, for those with full access."""
        referral: Referral | None = self.seen.row
        return referral

    @property
    def decided_words(self) -> str:
        """The decision that holds, in words: how fast, under whom, who leads; empty without one."""
        if self.decision is None:
            return ""
        facts = self.decision.facts
        words = [Tier(facts["tier"]).label, f"jurisdiction {Holder(facts['jurisdiction']).label}"]
        if facts.get("lead"):
            words.append(f"led by {Holder(facts['lead']).label}")
        return ", ".join(str(word) for word in words)

    @property
    def number(self) -> str:
        return str(self.seen.fields["number"])


def referral_page(*, viewer: Viewer, referral_id: UUID, now: datetime) -> ReferralPage:
    """Everything of a referral that this viewer may see. Raises `NotVisible`; the look is recorded."""
    seen = access_referral_record(viewer=viewer, referral_id=referral_id, now=now)
    case_id = seen.fields["case_file_id"]
    case_file = CaseFile.objects.visible_to(viewer).select_related("county").filter(pk=case_id).first()
    if case_file is None:
        raise NotVisible
    child = Child.objects.visible_to(viewer).select_related("lead_worker").filter(case_file=case_file).first()
    reader = reader_of(viewer, case_file.pk)
    return ReferralPage(
        seen=seen,
        case_file=case_file,
        child=child,
        age=child.age_on(now.astimezone(ZoneInfo(viewer.zone)).date()) if child else None,
        reporter=Reporter.objects.visible_to(viewer).filter(referral=referral_id).first(),
        whereabouts=list(
            Whereabouts.objects.visible_to(viewer)
            .filter(section__case_file=case_file)
            .order_by("-said_at")[:3]
        ),
        project_code=SpecialProjectCode.objects.visible_to(viewer).filter(referral=referral_id).first(),
        may_decide=seen.access == FULL and policies.may_decide_response(reader),
        only_reads=not reader.duties,
        decision=_decision(viewer, referral_id, case_file),
    )


def _decision(viewer: Viewer, referral_id: UUID, case_file: CaseFile) -> CaseEvent | None:
    """The decision that holds for this referral, as far as this viewer may know it."""
    rows = (
        CaseEvent.objects.visible_to(viewer)
        .filter(case_file=case_file)
        .select_related("agency", "recorded_by")
    )
    decided = rows.filter(kind=kinds.RESPONSE_DECIDED, codes__referral=str(referral_id))
    replaced = rows.filter(supersedes__isnull=False).values("supersedes")
    return decided.exclude(pk__in=replaced).order_by("-occurred_at", "-recorded_at").first()


def logged_together(*, viewer: Viewer, referral_id: UUID, now: datetime) -> ReferralPage:
    """A referral just logged, with its siblings of the same call and the duties that began."""
    page = referral_page(viewer=viewer, referral_id=referral_id, now=now)
    if page.referral is None:
        raise NotVisible
    siblings = Referral.objects.visible_to(viewer).filter(incident=page.referral.incident).order_by("number")
    duties = duties_of(viewer=viewer, case_file=page.case_file, now=now)
    return replace(page, siblings=list(siblings), owed=_owed(duties, now, ZoneInfo(viewer.zone)))


def _owed(duties: list[DutyRow], now: datetime, zone: ZoneInfo) -> list[OwedLine]:
    """What is open, soonest first, each duty once with everybody who owes it."""
    found: dict[tuple[datetime, bool, str, str], OwedLine] = {}
    for duty in sorted(duties, key=lambda row: (row.deadline.due_at, not row.deadline.at_once)):
        deadline = duty.deadline
        if not deadline.is_open:
            continue
        due, limit = due_words(
            deadline.due_at, at_once=deadline.at_once, group=duty.group, now=now, zone=zone
        )
        line = OwedLine(
            title=duty_title(duty.rule, deadline.owed_to),
            force=deadline.force,
            citation=duty.rule.citation,
            due_words=due,
            limit_words=limit,
            left_words=left_words(deadline, duty.rule, now, zone),
            is_late=is_late_by_law(deadline, duty.rule, now, zone),
            agencies=[],
        )
        key = (deadline.due_at, deadline.at_once, deadline.rule, deadline.owed_to)
        found.setdefault(key, line).agencies.append(deadline.owed_by.short_name)
    return list(found.values())
