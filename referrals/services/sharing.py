"""Making the grants in the database agree with the facts of a case, in the transaction in which a fact changed.

Nobody else writes a grant. The rule itself is `agencies.disclosure.rule`; here are only its facts and its result.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db import connection
from django.db.models import Max, Q

from agencies.disclosure import facts as rule_facts
from agencies.disclosure.categories import BASIS_LEAD, BASIS_OWN, OWN_DUTIES, REPORTS, SERVICE_PLAN
from agencies.disclosure.rule import GrantDue, grants_due
from agencies.models import Agency, Person
from agencies.policies import READ_ONLY
from agencies.selectors.protocol import matrix_to_settle_by
from cseccase.confidentiality.context import acting_because, looking
from cseccase.confidentiality.grants import GrantFacts, live
from cseccase.confidentiality.querysets import framework_internals
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, Refusal
from referrals.calendar import ADULT_AT, adult_moment
from referrals.choices import PartyKind
from referrals.models import (
    CaseFile,
    CaseParty,
    Child,
    EmergencyLook,
    FileSection,
    Referral,
    SeatFact,
    SectionGroupGrant,
    SectionSeal,
    SectionUserGrant,
)
from referrals.services.named import restriction_fact
from referrals.services.paper_facts import paper_facts, team_windows

WHY = "grants follow the facts of the case"
_settled_later: ContextVar[UUID | None] = ContextVar("settled_later", default=None)

GRANT_WRITERS = 7_305_118_201
"""The advisory lock that writers of grants share, and that beginning to settle a new agreement takes alone."""


def case_lock(case_file: UUID) -> None:
    """One writer at a time settles a case; held until the transaction ends.

    Every change to a case begins here, so here a viewer who only reads what an emergency opened is stopped. First among
    those who write grants: a new agreement begins to be settled only between their transactions.
    """
    viewer = looking().viewer
    if viewer is not None and viewer.sees_emergencies:
        raise NotAllowed(READ_ONLY)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock_shared(%s)", [GRANT_WRITERS])
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [str(case_file)])


@dataclass(frozen=True, slots=True)
class SectionKey:
    """Which section of a file is meant: a category, or one agency's, one author's or one meeting's part of it."""

    category: str
    custodian: UUID | None = None
    author: UUID | None = None
    meeting: UUID | None = None


@dataclass(frozen=True, slots=True)
class Joining:
    """An agency that is to take part in a case, and why."""

    agency: UUID
    kind: PartyKind
    evidence: str = ""


def file_extend(
    *,
    case_file: CaseFile,
    recorded_by: UUID,
    now: datetime,
    sections: Iterable[SectionKey] = (),
    parties: Iterable[Joining] = (),
) -> dict[SectionKey, FileSection]:
    """Opens sections and lets agencies join, settling the grants once; what is there already stays as it is."""
    with acting_because(WHY):
        case_lock(case_file.pk)
        standing = _sections_of(case_file)
        wanted = [SectionKey("r01"), *sections]
        fresh = [key for key in dict.fromkeys(wanted) if key not in standing]
        for key in fresh:
            standing[key] = FileSection(
                case_file=case_file,
                category=key.category,
                custodian_id=key.custodian,
                author_id=key.author,
                meeting=key.meeting,
                opened_at=now,
            )
            standing[key].save()
        joined = _parties_join(case_file, standing[SectionKey("r01")], list(parties), recorded_by, now)
        if fresh or joined:
            sharing_settle(case_file=case_file, now=now)
        return standing


def _sections_of(case_file: CaseFile) -> dict[SectionKey, FileSection]:
    """The sections that records are kept in; what was ever sealed is none of them."""
    rows = FileSection.objects.unrestricted(because=WHY).filter(case_file=case_file, set_apart=None)
    return {SectionKey(row.category, row.custodian_id, row.author_id, row.meeting): row for row in rows}


def _parties_join(
    case_file: CaseFile, section: FileSection, parties: list[Joining], recorded_by: UUID, now: datetime
) -> bool:
    if not parties:
        return False
    rows = CaseParty.objects.unrestricted(because=WHY).filter(case_file=case_file, until=None)
    there = set(rows.values_list("agency", "kind"))
    fresh = {
        (party.agency, party.kind.value): party
        for party in parties
        if (party.agency, party.kind) not in there
    }
    for party in fresh.values():
        CaseParty(
            section=section,
            case_file=case_file,
            agency_id=party.agency,
            kind=party.kind,
            since=now,
            evidence=party.evidence,
            recorded_by_id=recorded_by,
        ).save()
    return bool(fresh)


def section_for(*, case_file: CaseFile, key: SectionKey, viewer: Viewer, now: datetime) -> FileSection:
    """One section of a file, opened with its grants when it is not there yet."""
    return file_extend(case_file=case_file, recorded_by=viewer.person, now=now, sections=[key])[key]


def section_to_write(*, case_file: CaseFile, key: SectionKey, viewer: Viewer, now: datetime) -> FileSection:
    """A section the viewer's agency keeps. Raises `NotAllowed`, naming the rule, when it may not write there."""
    section = section_for(case_file=case_file, key=key, viewer=viewer, now=now)
    mine = Q(may=GrantFacts.May.WRITE, category__in=viewer.full, content_object=section) & live()
    if not (
        SectionGroupGrant.objects.filter(mine, group__in=viewer.groups).exists()
        or SectionUserGrant.objects.filter(mine, user=viewer.person).exists()
    ):
        raise NotAllowed(
            Refusal(
                rule=f"{viewer.agency_name} does not keep this kind of record in this case.",
                opens="The agency that keeps it can record it for you.",
                ask="Ask the child's lead worker in Child Welfare.",
            )
        )
    return section


def party_leave(*, party: CaseParty, now: datetime) -> None:
    """An agency stops taking part: what it saw through this fact closes at once. A part still to come never begins."""
    with acting_because(WHY):
        case_lock(party.case_file_id)
        party.until = max(now, party.since)
        party.save()
        sharing_settle(case_file=party.case_file, now=now)


@contextmanager
def settled_once(*, case_file: CaseFile, now: datetime) -> Iterator[None]:
    """Facts of one file that are written together: its grants are settled once, after the last of them.

    Part of the caller's transaction, which an error takes back. Inside, nothing may lean on a grant that would come of
    these facts.
    """
    token = _settled_later.set(case_file.pk)
    try:
        yield
    finally:
        _settled_later.reset(token)
    sharing_settle(case_file=case_file, now=now)


def sharing_settle(*, case_file: CaseFile, now: datetime) -> None:
    """Adds, moves and removes grants until they are exactly the ones that the facts call for."""
    if _settled_later.get() == case_file.pk:
        return
    with acting_because(WHY):
        case_lock(case_file.pk)
        sections = {
            s.pk: s for s in FileSection.objects.unrestricted(because=WHY).filter(case_file=case_file)
        }
        due = grants_due(
            matrix=matrix_to_settle_by(case_file.county_id, now=now),
            facts=case_facts(case_file=case_file, now=now),
            sections=_section_facts(case_file, sections.values()),
            now=now,
        )
        received = Referral.objects.unrestricted(because=WHY).filter(case_file=case_file)
        sort_at = received.aggregate(last=Max("received_at"))["last"] or case_file.opened_at
        times = _Times(sort_at, case_file.opened_at, _told_of_reports(sections, due))
        _groups_agree(case_file, sections, due, times)
        _people_agree(case_file, sections, due, times)


@dataclass(frozen=True, slots=True)
class _Times:
    """What a file is sorted by in each agency's lists: its newest report, or its opening where the agency hears of no reports."""

    reported_at: datetime
    opened_at: datetime
    told: frozenset[UUID]

    def of(self, agency: UUID) -> datetime:
        return self.reported_at if agency in self.told else self.opened_at


def _told_of_reports(sections: Mapping[UUID, FileSection], due: frozenset[GrantDue]) -> frozenset[UUID]:
    """The agencies that may know of the reports (r03); of a restricted file those of the people who may."""
    reports = [grant for grant in due if sections[grant.section].category == REPORTS]
    agencies = {grant.agency for grant in reports if grant.agency is not None}
    if not any(grant.agency for grant in due):
        people = {grant.person for grant in reports if grant.person is not None}
        agencies = set(Person.objects.filter(pk__in=people).values_list("agency", flat=True))
    return frozenset(agencies)


def case_facts(*, case_file: CaseFile, now: datetime) -> rule_facts.CaseFacts:
    """Everything the disclosure rule asks about a case."""
    parties = CaseParty.objects.unrestricted(because=WHY).filter(case_file=case_file).select_related("agency")
    seats = list(
        SeatFact.objects.unrestricted(because=WHY).filter(case_file=case_file).select_related("agency")
    )
    windows = team_windows(case_file=case_file, seats=seats, now=now)
    adult_at, said_adult = _grown(case_file)
    return rule_facts.CaseFacts(
        child_is_adult=said_adult or (adult_at is not None and adult_at <= now),
        turns_adult_at=adult_at,
        parties=tuple(
            rule_facts.PartyFact(p.agency_id, p.agency.role, p.kind, p.since, p.until)
            for p in parties
            if p.until is None or p.until > now
        ),
        seats=tuple(
            rule_facts.SeatFact(
                agency=s.agency_id,
                role=s.agency.role,
                meeting=s.meeting,
                deemed_in_writing=bool(s.deemed_in_writing),
                since=s.since,
                until=s.until,
                window_until=windows[s.meeting].until if s.meeting in windows else None,
            )
            for s in seats
        ),
        authorisations=paper_facts(case_file=case_file, now=now),
        emergencies=_emergencies(case_file, now),
        restriction=restriction_fact(case_file, now=now),
    )


def _emergencies(case_file: CaseFile, now: datetime) -> tuple[rule_facts.EmergencyFact, ...]:
    rows = EmergencyLook.objects.unrestricted(because=WHY).filter(
        case_file=case_file, ended_at=None, until__gt=now, opened_at__lte=now
    )
    return tuple(
        rule_facts.EmergencyFact(e.person_id, e.agency.role, e.reason, e.opened_at, e.until)
        for e in rows.select_related("agency")
    )


def _grown(case_file: CaseFile) -> tuple[datetime | None, bool]:
    """When the young person turns 18, where the birth date is known; and whether they were said to be 18 where not."""
    rows = Child.objects.unrestricted(because=WHY).filter(case_file=case_file)
    child = rows.only("born_on", "age_said").first()
    if child is None:
        return None, False
    if child.born_on is None:
        return None, (child.age_said or 0) >= ADULT_AT
    return adult_moment(child.born_on, case_file.county.zone), False


def section_fact(section: FileSection, *, sealed: bool = False) -> rule_facts.SectionFact:
    """A section as the disclosure rule knows it."""
    return rule_facts.SectionFact(
        section.pk, section.category, section.custodian_id, section.author_id, section.meeting, sealed
    )


def _section_facts(case_file: CaseFile, sections: Iterable[FileSection]) -> list[rule_facts.SectionFact]:
    sections = list(sections)
    sealed: set[UUID] = set()
    if any(section.set_apart for section in sections):
        seals = SectionSeal.objects.unrestricted(because=WHY).filter(case_file=case_file, lifted_at=None)
        sealed = set(seals.values_list("section", flat=True))
    return [section_fact(section, sealed=section.pk in sealed) for section in sections]


def _permissions() -> dict[str, int]:
    kind = ContentType.objects.get_for_model(FileSection)
    return dict(Permission.objects.filter(content_type=kind).values_list("codename", "pk"))


def _columns(grant: GrantDue, section: FileSection, sort_at: datetime) -> dict[str, object]:
    """Another agency's duties are read as the service plan is, so such a grant holds as long as the plan's cell does."""
    keeps = section.category != OWN_DUTIES or grant.basis in {BASIS_OWN, BASIS_LEAD}
    return {
        "basis": grant.basis,
        "ends_at": grant.ends_at,
        "category": section.category if keeps else SERVICE_PLAN,
        "sort_at": sort_at,
        "case_file_id": section.case_file_id,
        "may": grant.permission,
    }


def _groups_agree(
    case_file: CaseFile, sections: dict[UUID, FileSection], due: frozenset[GrantDue], times: _Times
) -> None:
    groups = dict(
        Agency.objects.filter(pk__in={g.agency for g in due if g.agency}).values_list("pk", "group_id")
    )
    wanted = {(g.section, groups[g.agency], g.permission): g for g in due if g.agency is not None}
    sort_at = {group: times.of(agency) for agency, group in groups.items()}
    _agree(SectionGroupGrant, "group_id", case_file, sections, wanted, sort_at)


def _people_agree(
    case_file: CaseFile, sections: dict[UUID, FileSection], due: frozenset[GrantDue], times: _Times
) -> None:
    working = dict(
        Person.objects.filter(pk__in={g.person for g in due if g.person}, is_active=True).values_list(
            "pk", "agency"
        )
    )
    sort_at = {person: times.of(agency) for person, agency in working.items()}
    wanted = {(g.section, g.person, g.permission): g for g in due if g.person in working}
    _agree(SectionUserGrant, "user_id", case_file, sections, wanted, sort_at)


def _agree(
    model: type[SectionGroupGrant] | type[SectionUserGrant],
    holder: str,
    case_file: CaseFile,
    sections: dict[UUID, FileSection],
    wanted: Mapping[Any, GrantDue],
    sort_at: Mapping[Any, datetime],
) -> None:
    """One table of grants made equal to `wanted`, in at most four statements."""
    standing: dict[tuple[UUID, Any, str], Any] = {}
    surplus: list[int] = []
    for row in model.objects.filter(case_file=case_file):
        key = (row.content_object_id, getattr(row, holder), row.may)
        if key in wanted:
            standing[key] = row
        else:
            surplus.append(row.pk)
    if surplus:
        model.objects.filter(pk__in=surplus).delete()
    changes: dict[str, list[Any]] = defaultdict(list)
    for key, grant in wanted.items():
        columns = _columns(grant, sections[key[0]], sort_at[key[1]])
        row = standing.get(key)
        if row is None:
            changes["new"].append((key, columns))
        elif any(getattr(row, name) != value for name, value in columns.items()):
            for name, value in columns.items():
                setattr(row, name, value)
            changes["moved"].append(row)
    if changes["moved"]:
        model.objects.bulk_update(changes["moved"], ["basis", "ends_at", "category", "sort_at"])
    if changes["new"]:
        permissions = _permissions()
        with framework_internals():
            model.objects.bulk_create(
                model(
                    content_object_id=section,
                    permission_id=permissions[may],
                    **{holder: key_holder},
                    **columns,
                )
                for (section, key_holder, may), columns in changes["new"]
            )
