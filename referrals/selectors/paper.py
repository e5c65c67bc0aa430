"""Reading papers on file: the door from an id to a paper, and all that a viewer may see."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agencies.choices import Role
from agencies.disclosure.categories import BASIS_MDT, CATEGORY_NAMES
from agencies.disclosure.matrix import Access, Cell
from agencies.disclosure.papers import KINDS, Terms, answers
from agencies.disclosure.papers.own_word import ADULT_CONSENT
from agencies.disclosure.redisclosure import Notice
from agencies.models import Agency, Person
from agencies.selectors.protocol import matrix_in_force
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from referrals import policies
from referrals.models import PAPER_MODELS, CaseFile, NeedToKnow, Paper
from referrals.selectors.copies import document_notice, require_copy

IN_FORCE, WAITING, REVOKED, ENDED, UNWHOLE = "in force", "waiting", "revoked", "ended", "not whole"


@dataclass(frozen=True, slots=True)
class PaperSeen:
    """One paper on file in words: which, about which record, and how it stands at this moment."""

    paper: Paper
    name: str
    law: str
    record: str
    state: str

    @property
    def is_open(self) -> bool:
        return self.state in {IN_FORCE, WAITING, UNWHOLE}

    @property
    def is_need(self) -> bool:
        return isinstance(self.paper, NeedToKnow)

    @property
    def waits(self) -> bool:
        """Whether a supervisor has still to agree."""
        return self.state == WAITING

    @property
    def agreed_at(self) -> datetime | None:
        """When a supervisor agreed to a need to know."""
        return self.paper.approved_at if isinstance(self.paper, NeedToKnow) else None


def paper_in_force(
    *,
    viewer: Viewer,
    case_file: CaseFile,
    category: str,
    recipient: tuple[UUID, UUID],
    grounds: Collection[str],
    now: datetime,
) -> UUID | None:
    """A paper on file that opens this category at this moment to an agency, or to this person of it; None if none does."""
    agency, person = recipient
    for model in PAPER_MODELS:
        for paper in model.objects.visible_to(viewer).filter(
            case_file=case_file, category=category, agency=agency
        ):
            opened = paper.terms.opens_at(now)
            if opened and paper.terms.ground() in grounds and opened.person in {None, person}:
                return UUID(str(paper.pk))
    return None


def paper_found(*, viewer: Viewer, case_file: CaseFile, paper_id: UUID) -> Paper:
    """One paper of a case by its id. Hidden, absent and of another case look the same: `NotVisible`."""
    for model in PAPER_MODELS:
        rows = model.objects.visible_to(viewer).filter(case_file=case_file, pk=paper_id)
        paper = rows.select_related(
            "agency", "person", "discloser", "recorded_by", "recorded_by__agency", "revoked_by"
        ).first()
        if paper is not None:
            return paper
    raise NotVisible


def paper_to_print(
    *, viewer: Viewer, case_file: CaseFile, paper_id: UUID, now: datetime
) -> tuple[PaperSeen, Notice]:
    """A paper and the notice its print carries; making the document is recorded.

    Raises `NotVisible`, and `NotAllowed` where the viewer may only look at the section.
    """
    paper = paper_found(viewer=viewer, case_file=case_file, paper_id=paper_id)
    require_copy(viewer=viewer, sections=[paper.section_id])
    notice = document_notice(viewer=viewer, sections=[paper.section_id], also=[paper.category])
    record(
        Verb.DOCUMENT_PRINTED,
        viewer=viewer,
        at=now,
        subject_kind="paper",
        subject=paper.pk,
        case_file=case_file.pk,
        category=paper.category,
        basis=paper.terms.ground(),
        facts={"document": "paper on file", "notice": notice.key},
    )
    return paper_seen(paper, now=now), notice


def papers_seen(
    *, viewer: Viewer, case_file: CaseFile, now: datetime, categories: Collection[str]
) -> list[PaperSeen]:
    """Every paper on file that opens one of these categories and that the viewer may see, newest first."""
    found: list[Paper] = []
    for model in PAPER_MODELS:
        rows = model.objects.visible_to(viewer).filter(case_file=case_file, category__in=categories)
        found += list(rows.select_related("agency", "person"))
    found.sort(key=lambda paper: (paper.since, str(paper.pk)), reverse=True)
    return [paper_seen(paper, now=now) for paper in found]


def paper_seen(paper: Paper, *, now: datetime) -> PaperSeen:
    """A paper in words, as it stands at this moment."""
    return PaperSeen(
        paper=paper,
        name=paper.terms_type.name,
        law=paper.terms_type.law,
        record=CATEGORY_NAMES[paper.category],
        state=state_of(paper, now=now),
    )


def state_of(paper: Paper, *, now: datetime) -> str:
    """In force, waiting for a supervisor, revoked, ended, or short of an element the law asks for."""
    terms = paper.terms
    if terms.revoked_at is not None and terms.revoked_at <= now:
        return REVOKED
    if terms.until is not None and terms.until <= now:
        return ENDED
    if not terms.is_whole:
        return UNWHOLE
    if isinstance(paper, NeedToKnow) and paper.approved_at is None:
        return WAITING
    return IN_FORCE


@dataclass(frozen=True, slots=True)
class PaperChoices:
    """What a paper of one kind can open when this viewer's agency records it: categories and recipients."""

    terms_type: type[Terms]
    categories: list[tuple[str, str]]
    agencies: list[tuple[str, str]]

    @property
    def kind(self) -> str:
        return self.terms_type.kind

    @property
    def name(self) -> str:
        return self.terms_type.name

    @property
    def law(self) -> str:
        return self.terms_type.law


def paper_choices(*, viewer: Viewer, now: datetime) -> list[PaperChoices]:
    """The kinds of paper the agreement asks for somewhere among the records that the viewer's agency keeps."""
    kept = sorted(c for c in policies.categories_kept(viewer) if policies.may_authorise(viewer, c))
    matrix = matrix_in_force(viewer.county, now=now)
    rows = Agency.objects.filter(county=viewer.county, is_active=True).exclude(role=Role.STEERING_COMMITTEE)
    agencies = list(rows.order_by("name"))
    found = []
    for terms_type in KINDS:
        cells = [
            (category, agency)
            for category in kept
            for agency in agencies
            if _asks_for(matrix.cell(category, agency.role), terms_type)
        ]
        if cells:
            opens = {category for category, _ in cells}
            receive = {agency.pk for _, agency in cells}
            found.append(
                PaperChoices(
                    terms_type,
                    [(category, CATEGORY_NAMES[category]) for category in kept if category in opens],
                    [(str(agency.pk), agency.name) for agency in agencies if agency.pk in receive],
                )
            )
    return found


def _asks_for(cell: Cell, terms_type: type[Terms]) -> bool:
    if cell.access is Access.NEVER:
        return False
    if cell.basis == BASIS_MDT:
        return terms_type.kind == ADULT_CONSENT
    grounds = {ground[:3] if ground.startswith("827") else ground for ground in answers(cell.basis)}
    if "P2CO" in grounds:
        grounds.add("CO")
    return cell.access is Access.AUTHORISED and terms_type.kind in grounds


def person_named(*, agency: UUID, email: str) -> UUID | None:
    """The person of an agency with this work e-mail; `None` where the paper names nobody.

    Raises `RuleBroken` for an address that belongs to nobody there.
    """
    if not email:
        return None
    person = Person.objects.filter(agency=agency, email__iexact=email, is_active=True).first()
    if person is None:
        raise RuleBroken("Nobody at this agency has this work e-mail.", field="person")
    return person.pk
