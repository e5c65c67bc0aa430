"""Logging a referral: one transaction from the first words of a caller to running clocks and written grants."""

from __future__ import annotations

import uuid
from dataclasses import dataclass
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db import transaction

from agencies.choices import Role
from agencies.models import Agency, County
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from referrals import policies
from referrals.choices import Answer, Channel, Holder, PartyKind, ServicesSituation
from referrals.deadlines import kinds
from referrals.eligibility import (
    CANDIDATE,
    IN_FOSTER_CARE,
    IN_FOSTER_CARE_IV_E,
    NO_CASE,
    OPEN_CASE_AT_HOME,
    PROBATION_ONLY,
    RECEIVES_ILP,
    RUN_DISCHARGED,
    RUN_NOT_DISCHARGED,
    receives_services,
)
from referrals.models import CaseFile, Child, FileSection, Referral, Reporter, SpecialProjectCode, Whereabouts
from referrals.selectors.rulebook import rulebooks_of
from referrals.services.event import event_write
from referrals.services.named import hidden_from
from referrals.services.sharing import (
    Joining,
    SectionKey,
    case_lock,
    file_extend,
    require_kept,
    settled_once,
)

WHY = "a referral opens a case file"
MINOR = 15
"""A child whose age nobody knows yet is taken for a minor: the duty is owed until it is shown not to be."""
SITUATIONS = {
    ServicesSituation.FOSTER_CARE: IN_FOSTER_CARE,
    ServicesSituation.EXTENDED_IV_E: IN_FOSTER_CARE_IV_E,
    ServicesSituation.EXTENDED_OTHER: IN_FOSTER_CARE,
    ServicesSituation.OPEN_CASE: OPEN_CASE_AT_HOME,
    ServicesSituation.CANDIDATE: CANDIDATE,
    ServicesSituation.RUN_NOT_DISCHARGED: RUN_NOT_DISCHARGED,
    ServicesSituation.RUN_DISCHARGED: RUN_DISCHARGED,
    ServicesSituation.ILP: RECEIVES_ILP,
    ServicesSituation.PROBATION_ONLY: PROBATION_ONLY,
    ServicesSituation.NO_CASE: NO_CASE,
}
"""The child's situation as recorded, and the line of the eligibility table that answers for it."""
REFERRAL_SECTIONS = tuple(SectionKey(category) for category in ("r01", "r02", "r03", "r04", "r19"))


@dataclass(frozen=True, slots=True)
class ChildSaid:
    """What the caller said of one child. Everything may be empty; `case_file` names a file found before."""

    given_name: str = ""
    family_name: str = ""
    other_names: str = ""
    born_on: date | None = None
    age_said: int | None = None
    language: str = ""
    indian_child: Answer = Answer.NOT_KNOWN
    services: ServicesSituation = ServicesSituation.NOT_KNOWN
    case_file: UUID | None = None


@dataclass(frozen=True, slots=True)
class ReferralSaid:
    """What the caller said of the matter. `received_at` is when somebody of the agency was told."""

    urgent: bool
    received_at: datetime
    call_back: str = ""
    reporter: str = ""
    reporter_category: str = ""
    place: str = ""
    immediate_danger: Answer = Answer.NOT_KNOWN
    narrative: str = ""
    holder: Holder = Holder.NOT_KNOWN
    channel: Channel = Channel.PHONE


@transaction.atomic
def referral_log(
    *,
    viewer: Viewer,
    said: ReferralSaid,
    children: list[ChildSaid],
    now: datetime,
    incident: UUID | None = None,
) -> list[Referral]:
    """A report about one or more children, each in its own file, with its clocks running from when it was received.

    `incident` names the sending of one form: sent twice, it is logged once and the first referrals are given back.

    Raises `NotAllowed` for people who do not receive reports, `RuleBroken` for a time that lies ahead or no child,
    `NotVisible` where what was logged from this form has been closed to its writer since: it is not logged again.
    """
    policies.require_log_referral(viewer)
    if said.received_at > now:
        raise RuleBroken(
            "You cannot have been told in the future. Give the time of the call.", field="received_at"
        )
    if not children:
        raise RuleBroken("Name at least one child; every answer about the child may be “Not known”.")
    if incident is None:
        incident = uuid.uuid4()
    elif logged := _logged_before(viewer, incident):
        return logged
    return [_log_one(viewer, said, child, incident, now) for child in children]


def _logged_before(viewer: Viewer, incident: UUID) -> list[Referral]:
    """What this person logged from the same form already; a second click waits here for the first to finish."""
    case_lock(incident)
    with acting_because(WHY):
        rows = Referral.objects.unrestricted(because=WHY).filter(incident=incident, received_by=viewer.person)
        logged = set(rows.values_list("pk", flat=True))
    seen = Referral.objects.visible_to(viewer).filter(pk__in=logged).select_related("case_file")
    given_back = list(seen.order_by("entered_at", "number"))
    if len(given_back) < len(logged):
        raise NotVisible
    return given_back


def _log_one(
    viewer: Viewer, said: ReferralSaid, child_said: ChildSaid, incident: UUID, now: datetime
) -> Referral:
    found = _file_found(viewer, child_said)
    with acting_because(WHY):
        case_file = found or _file_open(viewer, now)
        with settled_once(case_file=case_file, now=now, is_new=found is None):
            sections = file_extend(
                case_file=case_file,
                recorded_by=viewer.person,
                now=now,
                sections=REFERRAL_SECTIONS,
                parties=_keepers(case_file, viewer),
            )
            child = _child_of(found) or Child(
                section=sections[SectionKey("r01")], case_file=case_file, lead_worker_id=viewer.person
            )
            _child_write(child, child_said, viewer, now)
            referral = _referral_write(sections[SectionKey("r03")], child, said, incident, viewer, now)
    # The walls stand again. The grants that came of all this say whether it was this agency's to write.
    require_kept(section=referral.section, viewer=viewer)
    _told_by(referral, sections[SectionKey("r04")], said)
    if said.place:
        Whereabouts(section=sections[SectionKey("r19")], place=said.place, said_at=said.received_at).save()
    SpecialProjectCode(
        section=sections[SectionKey("r02")],
        referral=referral.pk,
        started_on=said.received_at.astimezone(ZoneInfo(viewer.zone)).date(),
    ).save()
    record(
        Verb.REFERRAL_LOGGED,
        viewer=viewer,
        at=now,
        subject_kind="referral",
        subject=referral.pk,
        case_file=case_file.pk,
        category="r03",
        facts={"urgent": said.urgent},
    )
    return referral


def _referral_write(
    section: FileSection, child: Child, said: ReferralSaid, incident: UUID, viewer: Viewer, now: datetime
) -> Referral:
    """The report itself and the entry from which its clocks run."""
    case_file = child.case_file
    referral = Referral(
        section=section,
        case_file=case_file,
        incident=incident,
        urgent=said.urgent,
        received_at=said.received_at,
        entered_at=now,
        received_by_id=viewer.person,
        agency_id=viewer.agency,
        channel=said.channel,
        immediate_danger=said.immediate_danger,
        holder=said.holder,
        narrative=said.narrative,
    )
    referral.save()
    event_write(
        viewer=viewer,
        case_file=case_file,
        section=section,
        kind=kinds.REFERRAL_RECEIVED,
        occurred_at=said.received_at,
        received_at=said.received_at,
        now=now,
        facts={
            "referral": str(referral.pk),
            "urgent": said.urgent,
            "jurisdiction": said.holder.value,
            "receives_services": services_fact(child, now=now, county=case_file.county),
        },
    )
    return referral


def services_fact(child: Child, *, now: datetime, county: County) -> bool | None:
    """Whether the child receives child welfare services as the county reads the law; None while not known."""
    if child.services == ServicesSituation.NOT_KNOWN:
        return None
    age = child.age_on(now.astimezone(ZoneInfo(county.zone)).date())
    readings = rulebooks_of(county.pk).at(now).readings
    return receives_services(
        SITUATIONS[ServicesSituation(child.services)], MINOR if age is None else age, readings
    )


def _file_found(viewer: Viewer, said: ChildSaid) -> CaseFile | None:
    if said.case_file is None:
        return None
    with acting_because(WHY):
        found = (
            CaseFile.objects.unrestricted(because=WHY)
            .filter(pk=said.case_file, county=viewer.county)
            .exclude(pk__in=hidden_from(viewer))
            .first()
        )
    if found is None:
        raise NotVisible
    return found


def _file_open(viewer: Viewer, now: datetime) -> CaseFile:
    case_file = CaseFile(county_id=viewer.county, opened_at=now)
    case_file.save()
    return case_file


def _keepers(case_file: CaseFile, viewer: Viewer) -> list[Joining]:
    """Child Welfare leads every case (Framework V); the agency that took the report takes part in it."""
    lead = Agency.objects.filter(
        county=case_file.county_id, role=Role.CHILD_WELFARE, is_active=True
    ).order_by("name")
    keepers = {agency.pk: Joining(agency.pk, PartyKind.ASSIGNMENT, "lead agency") for agency in lead[:1]}
    keepers.setdefault(viewer.agency, Joining(viewer.agency, PartyKind.ASSIGNMENT, "received the report"))
    return list(keepers.values())


def _child_of(found: CaseFile | None) -> Child | None:
    if found is None:
        return None
    rows = Child.objects.unrestricted(because=WHY).filter(case_file=found)
    return rows.select_related("case_file__county").first()


def _child_write(child: Child, said: ChildSaid, viewer: Viewer, now: datetime) -> None:
    """The child of a new file as said; in a found file, only what was empty is filled."""
    for name in ("given_name", "family_name", "other_names", "born_on", "language"):
        if not getattr(child, name) and getattr(said, name):
            setattr(child, name, getattr(said, name))
    if said.age_said is not None and child.born_on is None:
        today = now.astimezone(ZoneInfo(viewer.zone)).date()
        child.age_said, child.age_said_on = said.age_said, today
    if said.indian_child != Answer.NOT_KNOWN:
        child.indian_child = said.indian_child
    if said.services != ServicesSituation.NOT_KNOWN:
        child.services = said.services
    child.save()


def _told_by(referral: Referral, section: FileSection, said: ReferralSaid) -> None:
    if said.call_back or said.reporter:
        Reporter(
            section=section,
            referral=referral.pk,
            call_back=said.call_back,
            name_or_role=said.reporter,
            category=said.reporter_category,
        ).save()
