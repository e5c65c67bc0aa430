"""Telling what happened in a made-up case: each act goes through the product's own services, at the moment it happened."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because, viewing_as
from referrals.choices import Answer, Holder, PartyKind, StatusCode, Tier
from referrals.deadlines import kinds
from referrals.deadlines.register.missing import NOTICE_TO
from referrals.models import CaseEvent, CaseFile, Child, Referral
from referrals.services.event import event_record
from referrals.services.missing import MissingSaid, child_locate, missing_record
from referrals.services.referral import ChildSaid, ReferralSaid, referral_log
from referrals.services.response import response_decide
from referrals.services.sharing import Joining, file_extend
from referrals.services.status import StatusSaid, status_set
from reporting.practice.county import PracticeCounty

WHY = "the practice county is set up"
RECIPIENTS = {
    kinds.TO_LAW_ENFORCEMENT: Role.LAW_ENFORCEMENT,
    kinds.TO_DISTRICT_ATTORNEY: Role.DISTRICT_ATTORNEY,
    kinds.TO_CHILD_WELFARE: Role.CHILD_WELFARE,
}

NOBODY_TO_TELL = (kinds.TO_GUARDIANS, kinds.TO_CASA, kinds.TO_SIBLINGS)
"""Whom the missing children of the practice county do not have."""


@dataclass(frozen=True, slots=True)
class Case:
    """One made-up case: its file, the referral that opened it, and the event from which its clocks run."""

    case_file: CaseFile
    referral: Referral
    root: UUID


@dataclass(frozen=True, slots=True)
class Teller:
    """Tells a story backwards from the present: every `ago` is how long before now something happened."""

    practice: PracticeCounty

    def told(
        self, by: str, *children: ChildSaid, ago: timedelta, typed_after: int = 6, **said: object
    ) -> list[Case]:
        """A call came in; `typed_after` minutes later it stood in the product."""
        received_at = self.practice.now - ago
        typed_at = min(received_at + timedelta(minutes=typed_after), self.practice.now)
        viewer = self.practice.viewer(by)
        with viewing_as(viewer):
            referrals = referral_log(
                viewer=viewer,
                said=ReferralSaid(received_at=received_at, **said),  # type: ignore[arg-type]
                children=list(children),
                now=typed_at,
            )
            return [Case(one.case_file, one, self._root(one)) for one in referrals]

    def _root(self, referral: Referral) -> UUID:
        with acting_because(WHY):
            received = CaseEvent.objects.unrestricted(because=WHY).filter(
                case_file=referral.case_file, kind=kinds.REFERRAL_RECEIVED, codes__referral=str(referral.pk)
            )
            return received.get().root

    def led_by(self, case: Case, name: str) -> None:
        """Who carries the case from here on."""
        with viewing_as(self.practice.viewer(name)), acting_because(WHY):
            child = Child.objects.unrestricted(because=WHY).get(case_file=case.case_file)
            child.lead_worker = self.practice.people[name]
            child.save()

    def decided(
        self, case: Case, by: str, *, tier: Tier, holder: Holder, ago: timedelta, lead: Holder | None = None
    ) -> None:
        viewer = self.practice.viewer(by)
        with viewing_as(viewer):
            response_decide(
                viewer=viewer,
                referral=case.referral,
                tier=tier,
                jurisdiction=holder,
                lead=lead,
                now=self.practice.now - ago,
            )

    def happened(
        self, case: Case, by: str, kind: str, *, ago: timedelta, note: str = "", **facts: object
    ) -> CaseEvent:
        """Somebody did or learned something, and wrote it down a few minutes later."""
        viewer = self.practice.viewer(by)
        at = self.practice.now - ago
        with viewing_as(viewer):
            return event_record(
                viewer=viewer,
                case_file=case.case_file,
                kind=kind,
                occurred_at=at,
                now=min(at + timedelta(minutes=5), self.practice.now),
                facts=facts,
                note=note,
            )

    def dropped(
        self, case: Case, by: str, rule: str, *, ago: timedelta, reason: str, root: UUID | None = None
    ) -> None:
        """A supervisor's word that Child Welfare's duty toward the child does not apply."""
        self.happened(
            case,
            by,
            kinds.DUTY_DROPPED,
            ago=ago,
            rule=rule,
            owed_by=kinds.CHILD_WELFARE,
            owed_to=kinds.TO_CHILD,
            started_root=str(root or case.root),
            reason=reason,
            approved_by=by,
        )

    def arrived(self, case: Case, by: str, *, ago: timedelta) -> None:
        self.happened(case, by, kinds.RESPONDER_ARRIVED, ago=ago, started_root=str(case.root))

    def cross_reported(self, case: Case, by: str, to: str, *, ago: timedelta, reference: str) -> None:
        """A telephone call that somebody answered; the agency told takes part in the case from then on."""
        self.happened(
            case,
            by,
            kinds.CROSS_REPORT_MADE,
            ago=ago,
            to=to,
            mode=kinds.TELEPHONE,
            outcome="answered",
            spoke_to="the officer on duty",
            reference=reference,
            agency=str(self.practice.agencies[RECIPIENTS[to]].pk),
            started_root=str(case.root),
        )
        self.joins(
            case,
            RECIPIENTS[to],
            PartyKind.CROSS_REPORT,
            ago=ago,
            by=by,
            evidence=f"cross-report {reference}",
        )

    def written(self, case: Case, by: str, *to: str, ago: timedelta) -> None:
        for recipient in to:
            self.happened(
                case,
                by,
                kinds.WRITTEN_REPORT_SENT,
                ago=ago,
                to=recipient,
                mode=kinds.ELECTRONIC,
                reference="confirmed by the recipient",
                started_root=str(case.root),
            )

    def joins(
        self, case: Case, role: Role, kind: PartyKind, *, ago: timedelta, by: str, evidence: str
    ) -> None:
        viewer = self.practice.viewer(by)
        with viewing_as(viewer):
            file_extend(
                case_file=case.case_file,
                recorded_by=viewer.person,
                now=self.practice.now - ago,
                parties=[Joining(self.practice.agencies[role].pk, kind, evidence)],
            )

    def status(
        self,
        case: Case,
        by: str,
        code: StatusCode,
        *,
        ago: timedelta,
        days_before: int = 0,
        reported: bool = False,
    ) -> None:
        """A row of the State's grid; a victim row also records that the child was identified."""
        viewer = self.practice.viewer(by)
        at = self.practice.now - ago
        day = (at - timedelta(days=days_before)).astimezone(ZoneInfo(viewer.zone)).date()
        said = StatusSaid(
            code.value,
            day,
            started_estimated=days_before > 0,
            reported_to_police=Answer.YES if reported else Answer.NOT_KNOWN,
        )
        with viewing_as(viewer):
            status_set(viewer=viewer, case_file=case.case_file, said=said, now=at)

    def police_told_of_victim(self, case: Case, by: str, *, ago: timedelta, reference: str) -> None:
        self.happened(
            case,
            by,
            kinds.LE_REPORT_MADE,
            ago=ago,
            mode=kinds.TELEPHONE,
            outcome="answered",
            reference=reference,
        )

    def went_missing(
        self, case: Case, by: str, *, ago: timedelta, seen: timedelta, place: str, description: str
    ) -> UUID:
        """The agency was told that the child is missing; `seen` is how long ago somebody last saw the child.

        Returns the root of the event that started the two reports.
        """
        viewer, now = self.practice.viewer(by), self.practice.now
        said = MissingSaid(
            told_at=now - ago,
            last_seen_at=now - seen,
            last_seen_place=place,
            description=description,
            endangerment="Takes medicine every day and left it behind.",
            not_owed=dict.fromkeys(NOBODY_TO_TELL, "none"),
        )
        with viewing_as(viewer):
            episode = missing_record(viewer=viewer, case_file=case.case_file, said=said, now=now - ago)
            return episode.began.root

    def missing_reported(
        self, case: Case, by: str, to: str, *, root: UUID, ago: timedelta, reference: str
    ) -> None:
        self.happened(
            case,
            by,
            kinds.MISSING_REPORTED,
            ago=ago,
            to=to,
            mode=kinds.TELEPHONE,
            outcome="answered",
            reference=reference,
            started_root=str(root),
        )

    def notices_given(self, case: Case, by: str, *, root: UUID, ago: timedelta) -> None:
        """Everybody whom the law names was told, one after the other, with whom to call back."""
        for index, to in enumerate(to for to in NOTICE_TO if to not in NOBODY_TO_TELL):
            self.happened(
                case,
                by,
                kinds.NOTICE_GIVEN,
                ago=ago - timedelta(minutes=3 * index),
                to=to,
                mode=kinds.TELEPHONE,
                outcome="answered",
                contact=by,
                started_root=str(root),
            )

    def returned(self, case: Case, by: str, *, ago: timedelta) -> None:
        """Both were told of the return, and the youth was asked about the time away."""
        for to in (kinds.TO_LAW_ENFORCEMENT, kinds.TO_NCMEC):
            self.happened(
                case, by, kinds.RETURN_TOLD, ago=ago, to=to, mode=kinds.TELEPHONE, outcome="answered"
            )
        self.happened(case, by, kinds.RETURN_SCREENED, ago=ago, possible_victim="unclear")
        self.happened(
            case,
            by,
            kinds.RETURN_DEBRIEFED,
            ago=ago,
            factors="Wanted to see a friend.",
            response="Visits are planned from now on.",
            experiences="Slept on a couch; nobody asked for anything.",
            possible_victim="unclear",
            documented="In the State’s system.",
        )

    def located(self, case: Case, by: str, *, ago: timedelta) -> None:
        viewer, at = self.practice.viewer(by), self.practice.now - ago
        with viewing_as(viewer):
            child_locate(viewer=viewer, case_file=case.case_file, located_at=at, now=at)
