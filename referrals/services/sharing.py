"""Making the grants in the database agree with the facts of a case, in the transaction in which a fact changed.

Nobody else writes a grant. The rule itself is `agencies.disclosure.rule`; here are only its facts and its result.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from uuid import UUID

from django.db import connection
from django.db.models import Q

from agencies.disclosure import facts as rule_facts
from agencies.disclosure.rule import grants_due
from agencies.policies import READ_ONLY
from agencies.selectors.protocol import matrix_to_settle_by
from cseccase.confidentiality.context import acting_because, looking
from cseccase.confidentiality.grants import GrantFacts, live
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, Refusal
from referrals.calendar import ADULT_AT, adult_moment
from referrals.choices import PartyKind
from referrals.models import (
    PAPER_MODELS,
    CaseFile,
    CaseParty,
    CaseRestriction,
    Child,
    EmergencyLook,
    FileSection,
    SeatFact,
    SectionGroupGrant,
    SectionSeal,
    SectionUserGrant,
)
from referrals.services.facts_on_file import facts_on_file
from referrals.services.grant_rows import grants_agree
from referrals.services.named import restriction_fact
from referrals.services.paper_facts import paper_facts, team_windows

WHY = "grants follow the facts of the case"
_in_hand: ContextVar[FileInHand | None] = ContextVar("file_in_hand", default=None)

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
    if _known(case_file):
        return
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


class FileInHand:
    """A file under its lock: its sections and who takes part in it, each read once and kept up by `file_extend`."""

    def __init__(self, case_file: UUID) -> None:
        self.case_file = case_file

    @cached_property
    def sections(self) -> list[FileSection]:
        """All of them, sealed ones too."""
        return list(FileSection.objects.unrestricted(because=WHY).filter(case_file=self.case_file))

    @cached_property
    def parts(self) -> set[tuple[UUID, str]]:
        """Agency and kind of every part that has no end."""
        rows = CaseParty.objects.unrestricted(because=WHY).filter(case_file=self.case_file, until=None)
        return set(rows.values_list("agency", "kind"))

    def kept_in(self) -> dict[SectionKey, FileSection]:
        """The sections that records are kept in; what was ever sealed is none of them."""
        return {
            SectionKey(row.category, row.custodian_id, row.author_id, row.meeting): row
            for row in self.sections
            if row.set_apart is None
        }


def _known(case_file: UUID) -> FileInHand | None:
    """The file, where it is this one that is being written."""
    known = _in_hand.get()
    return known if known is not None and known.case_file == case_file else None


def agencies_taking_part(case_file: CaseFile) -> set[UUID]:
    """The agencies whose part in the case has no end; to be asked under a lifted wall."""
    known = _known(case_file.pk) or FileInHand(case_file.pk)
    return {agency for agency, _ in known.parts}


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
        known = _known(case_file.pk) or FileInHand(case_file.pk)
        standing = known.kept_in()
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
            known.sections.append(standing[key])
        joined = _parties_join(known, case_file, standing[SectionKey("r01")], list(parties), recorded_by, now)
        if fresh or joined:
            sharing_settle(case_file=case_file, now=now)
        return standing


def _parties_join(
    known: FileInHand,
    case_file: CaseFile,
    section: FileSection,
    parties: list[Joining],
    recorded_by: UUID,
    now: datetime,
) -> bool:
    if not parties:
        return False
    fresh = {
        (party.agency, party.kind.value): party
        for party in parties
        if (party.agency, party.kind.value) not in known.parts
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
    known.parts |= fresh.keys()
    return bool(fresh)


def section_for(*, case_file: CaseFile, key: SectionKey, viewer: Viewer, now: datetime) -> FileSection:
    """One section of a file, opened with its grants when it is not there yet."""
    return file_extend(case_file=case_file, recorded_by=viewer.person, now=now, sections=[key])[key]


def section_to_write(*, case_file: CaseFile, key: SectionKey, viewer: Viewer, now: datetime) -> FileSection:
    """A section the viewer's agency keeps. Raises `NotAllowed`, naming the rule, when it may not write there."""
    section = section_for(case_file=case_file, key=key, viewer=viewer, now=now)
    require_kept(section=section, viewer=viewer)
    return section


def require_kept(*, section: FileSection, viewer: Viewer) -> None:
    """Raises `NotAllowed`, naming the rule, unless the grants as settled let the viewer write in this section."""
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


def party_leave(*, party: CaseParty, now: datetime) -> None:
    """An agency stops taking part: what it saw through this fact closes at once. A part still to come never begins."""
    with acting_because(WHY):
        case_lock(party.case_file_id)
        party.until = max(now, party.since)
        party.save()
        sharing_settle(case_file=party.case_file, now=now)


@contextmanager
def settled_once(*, case_file: CaseFile, now: datetime, is_new: bool = False) -> Iterator[None]:
    """Facts of one file that are written together: its grants are settled once, after the last of them.

    Part of the caller's transaction, which an error takes back. Inside, nothing may lean on a grant that would come of
    these facts; sections and parties are added by `file_extend` alone and not taken back, so that what is known of the
    file stays right. `is_new` is a file of this transaction that has neither yet.
    """
    case_lock(case_file.pk)
    known = FileInHand(case_file.pk)
    if is_new:
        known.sections, known.parts = [], set()
    token = _in_hand.set(known)
    try:
        yield
    finally:
        _in_hand.reset(token)
    with acting_because(WHY):
        _settle(case_file, known, now)


def sharing_settle(*, case_file: CaseFile, now: datetime) -> None:
    """Adds, moves and removes grants until they are exactly the ones that the facts call for."""
    if _known(case_file.pk):
        return
    with acting_because(WHY):
        case_lock(case_file.pk)
        _settle(case_file, FileInHand(case_file.pk), now)


def _settle(case_file: CaseFile, known: FileInHand, now: datetime) -> None:
    due = grants_due(
        matrix=matrix_to_settle_by(case_file.county_id, now=now),
        facts=case_facts(case_file=case_file, now=now),
        sections=_section_facts(case_file, known.sections),
        now=now,
    )
    grants_agree(case_file=case_file, sections=known.sections, due=due)


def case_facts(*, case_file: CaseFile, now: datetime) -> rule_facts.CaseFacts:
    """Everything the disclosure rule asks about a case."""
    parties = (
        CaseParty.objects.unrestricted(because=WHY)
        .filter(case_file=case_file)
        .values_list("agency", "agency__role", "kind", "since", "until", named=True)
    )
    there = facts_on_file(case_file)
    seats = _seats(case_file) if SeatFact in there else []
    windows = team_windows(case_file=case_file, seats=seats, now=now)
    adult_at, said_adult = _grown(case_file)
    return rule_facts.CaseFacts(
        child_is_adult=said_adult or (adult_at is not None and adult_at <= now),
        turns_adult_at=adult_at,
        parties=tuple(
            rule_facts.PartyFact(p.agency, p.agency__role, p.kind, p.since, p.until)
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
        authorisations=paper_facts(
            case_file=case_file, kinds=[kind for kind in PAPER_MODELS if kind in there], now=now
        ),
        emergencies=_emergencies(case_file, now) if EmergencyLook in there else (),
        restriction=restriction_fact(case_file, now=now) if CaseRestriction in there else None,
    )


def _seats(case_file: CaseFile) -> list[SeatFact]:
    return list(
        SeatFact.objects.unrestricted(because=WHY).filter(case_file=case_file).select_related("agency")
    )


def _emergencies(case_file: CaseFile, now: datetime) -> tuple[rule_facts.EmergencyFact, ...]:
    rows = EmergencyLook.objects.unrestricted(because=WHY).filter(
        case_file=case_file, ended_at=None, until__gt=now, opened_at__lte=now
    )
    looks = rows.values_list("person", "agency__role", "reason", "opened_at", "until")
    return tuple(rule_facts.EmergencyFact(*look) for look in looks)


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
