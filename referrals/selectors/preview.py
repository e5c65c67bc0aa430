"""What an agency would see in a case under the rules in force and under a proposal: categories and grounds, no record.

Both answers come from the one disclosure rule (`agencies.disclosure.rule.grants_due`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID, uuid5

from agencies.disclosure.categories import BASES, CATEGORY_NAMES, OWN_DUTIES, SECTION_CATEGORIES
from agencies.disclosure.facts import AuthorisationFact, CaseFacts, PartyFact, SeatFact, SectionFact
from agencies.disclosure.matrix import Matrix
from agencies.disclosure.rule import GrantDue, grants_due
from agencies.policies import may_see_matrix
from agencies.selectors.matrix import NO_DUTY
from agencies.selectors.protocol import matrix_in_force
from agencies.selectors.rules import proposal_matrix
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible
from referrals import policies
from referrals.models import CaseFile, FileSection
from referrals.selectors.case_file import access_case
from referrals.services.sharing import case_facts, section_fact

WHY = "what an agency would see, for those who decide the sharing rules"
_SPACE: Final = UUID("6a1b5c52-6a55-4a1f-9a53-6a9d7cf2a7e1")
_AGENCY, _MEETING = uuid5(_SPACE, "agency"), uuid5(_SPACE, "meeting")
_SINCE: Final = timedelta(days=1)
_RANK: Final = {"see": 2, "see_summary": 1}
_WORDS: Final = {"see": "In full", "see_summary": "Summary"}


@dataclass(frozen=True, slots=True)
class Supposed:
    """The facts of a case that somebody supposes for one agency."""

    role: str
    party: str = ""
    has_seat: bool = False
    deemed: bool = False
    papers: frozenset[str] = frozenset()
    is_adult: bool = False


@dataclass(frozen=True, slots=True)
class Sight:
    """How far one category is open, and on which ground."""

    level: str
    ground: str


@dataclass(frozen=True, slots=True)
class PreviewRow:
    """One category under the rules in force and under the proposal."""

    category: str
    record: str
    now: Sight
    then: Sight

    @property
    def differs(self) -> bool:
        return self.now != self.then


def preview_supposed(
    *, viewer: Viewer, said: Supposed, proposal_id: UUID | None, now: datetime
) -> list[PreviewRow]:
    """An agency in a case with these facts: what it would see of each category. Raises NotAllowed, NotVisible."""
    since = now - _SINCE
    facts = CaseFacts(
        child_is_adult=said.is_adult,
        parties=(PartyFact(_AGENCY, said.role, said.party, since),) if said.party else (),
        seats=(SeatFact(_AGENCY, said.role, _MEETING, said.deemed, since),) if said.has_seat else (),
        authorisations=tuple(
            AuthorisationFact(
                kind,
                _AGENCY,
                said.role,
                frozenset(SECTION_CATEGORIES),
                since,
                until=now + timedelta(days=365),
            )
            for kind in sorted(said.papers)
        ),
    )
    sections = [
        SectionFact(uuid5(_SPACE, code), code, meeting=_MEETING if code == "r24" else None)
        for code in SECTION_CATEGORIES
        if code != OWN_DUTIES
    ]
    sections += [
        SectionFact(uuid5(_SPACE, f"own {section.category}"), section.category, custodian=_AGENCY)
        for section in sections
    ]
    return _rows(_matrices(viewer, proposal_id, now), facts, sections, {_AGENCY}, now)


def preview_case(
    *, viewer: Viewer, number: str, role: str, proposal_id: UUID | None, now: datetime
) -> list[PreviewRow]:
    """The agencies of one role in a real case, in the categories that the viewer sees in full; the look is recorded.

    Those who do not know who takes part are told only of the records that their own agency keeps.

    Raises `NotVisible` for a case that the viewer may not open, as for one that is not there.
    """
    matrices = _matrices(viewer, proposal_id, now)
    found = CaseFile.objects.visible_to(viewer).filter(number=number.strip().upper()).first()
    if found is None or not policies.may_see_sharing(viewer):
        raise NotVisible
    case_file = access_case(viewer=viewer, case_id=found.pk, now=now, looked_at="preview")
    visible = FileSection.objects.visible_to(viewer).filter(case_file=case_file).exclude(category=OWN_DUTIES)
    if not policies.may_see_parties(
        viewer
    ):  # whether a record is open to an agency tells whether it takes part
        visible = visible.filter(category__in=policies.categories_kept(viewer))
    sections = [section_fact(section) for section in visible]
    with acting_because(WHY):
        facts = case_facts(case_file=case_file, now=now)
    taking_part: list[PartyFact | SeatFact | AuthorisationFact] = [
        *facts.parties,
        *facts.seats,
        *facts.authorisations,
    ]
    holders = {fact.agency for fact in taking_part if fact.role == role}
    return _rows(matrices, facts, sections, holders, now)


def _matrices(viewer: Viewer, proposal_id: UUID | None, now: datetime) -> tuple[Matrix, Matrix]:
    if not may_see_matrix(viewer):
        raise NotAllowed(NO_DUTY)
    in_force = matrix_in_force(viewer.county, now=now)
    if proposal_id is None:
        return in_force, in_force
    return in_force, proposal_matrix(viewer=viewer, proposal_id=proposal_id)


def _rows(
    matrices: tuple[Matrix, Matrix],
    facts: CaseFacts,
    sections: list[SectionFact],
    holders: set[UUID],
    now: datetime,
) -> list[PreviewRow]:
    of = {section.id: section for section in sections}
    before, after = (
        _best(
            (g for g in grants_due(matrix=m, facts=facts, sections=sections, now=now) if g.agency in holders),
            of,
        )
        for m in matrices
    )
    closed = Sight("Closed", "")
    return [
        PreviewRow(code, CATEGORY_NAMES[code], before.get(code, closed), after.get(code, closed))
        for code in sorted({section.category for section in sections})
    ]


def _best(grants: Iterable[GrantDue], of: dict[UUID, SectionFact]) -> dict[str, Sight]:
    """The widest opening of each category; one of the agency's own copy only where the common record is closed."""
    best: dict[str, tuple[tuple[int, int, str], Sight]] = {}
    for grant in grants:
        if grant.permission not in _WORDS:
            continue
        section = of[grant.section]
        own = section.custodian is not None
        rank = (0 if own else 1, _RANK[grant.permission], grant.basis)
        words = _WORDS[grant.permission] + (", its own copy" if own else "")
        if section.category not in best or rank > best[section.category][0]:
            best[section.category] = (rank, Sight(words, BASES.get(grant.basis, grant.basis)))
    return {category: sight for category, (_, sight) in best.items()}
