"""Reading the sharing rules in words: for every kind of record and every agency role, how much, and on what ground."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from agencies.choices import Role
from agencies.disclosure.categories import BASES, CATEGORY_NAMES, MATRIX_CATEGORIES, ROLE_NAMES
from agencies.disclosure.matrix import Access, Cell, Matrix
from agencies.models import DisclosureCell, ProtocolVersion
from agencies.policies import may_see_matrix
from agencies.selectors.protocol import matrix_of
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, Refusal

WORDS: Mapping[Access, str] = MappingProxyType(
    {Access.SEE: "See", Access.SUMMARY: "Summary", Access.AUTHORISED: "After", Access.NEVER: "No"}
)
LOOKS: Mapping[Access, str] = MappingProxyType(
    {Access.SEE: "see", Access.SUMMARY: "sum", Access.AUTHORISED: "ask", Access.NEVER: "no"}
)
SAID: Mapping[Access, str] = MappingProxyType(
    {
        Access.SEE: "Sees the record",
        Access.SUMMARY: "Sees a summary: the fact, no story",
        Access.AUTHORISED: "Sees it after the named paper is on file",
        Access.NEVER: "Does not see it",
    }
)
SHORT: Mapping[str, str] = MappingProxyType(
    {
        "own": "own record",
        "custodian": "took it down",
        "author": "its writer",
        "lead": "leads the case",
        "MDT": "team seat",
        "youth": "youth’s choice",
        "CASA": "CASA order",
        "own-client": "own client",
        "need": "stated need",
        "324.5": "WIC 324.5",
        "49076": "Ed. Code 49076",
        "56.103": "Civ. Code 56.103",
        "5328.04": "WIC 5328.04",
        "11167d": "PC 11167(d)",
        "CANRA": "PC 11166",
        "LE-case": "own case",
        "j2": "PC 11166(j)(2)",
        "j3": "PC 11166(j)(3)",
        "notice": "missing notice",
        "report": "court report",
        "care": "treatment",
        "safety": "safety facts",
        "CFT": "team release",
        "ROI": "signed release",
        "P2": "Part 2 consent",
        "CO": "court order",
        "priv": "privilege",
        "seal": "sealed",
        "inadm": "not for court",
        "MOU": "by agreement",
        "agg": "counts only",
        "none": "",
        "18961.5": "WIC 18961.5",
        "827.9": "WIC 827.9",
    }
)
NO_DUTY = Refusal(
    rule="The sharing rules are read by people who are designated for a duty.",
    opens="A designation signed by your agency’s director.",
    ask="Your agency’s security officer.",
)


@dataclass(frozen=True, slots=True)
class CellWords:
    """One cell, as a page says it. `look` is its class in the style sheet; `changed` against the version before."""

    word: str
    look: str
    basis: str
    meaning: str
    said: str
    reason: str
    changed: bool


@dataclass(frozen=True, slots=True)
class MatrixRow:
    """One kind of record across the roles shown."""

    name: str
    detail: str
    cells: list[CellWords]


@dataclass(frozen=True, slots=True)
class Ground:
    """A ground's few words in the grid, and what it means."""

    short: str
    meaning: str


@dataclass(frozen=True, slots=True)
class MatrixPage:
    """The sharing rules of one version, for all roles or for one. `state` is "future", "in force" or "past"."""

    version: int
    state: str
    effective_at: datetime
    approved_by: str
    roles: list[str]
    rows: list[MatrixRow]
    grounds: list[Ground]
    has_changes: bool


def role_choices() -> list[tuple[str, str]]:
    return [(code, name) for code, name in ROLE_NAMES.items()]


def matrix_page(
    *, viewer: Viewer, now: datetime, role: str = "", number: int | None = None
) -> MatrixPage | None:
    """The rules in words, of the version in force or of one by its number; None while none is in force.

    Looking is written down. Raises `NotAllowed`, and `NotVisible` for a number that no version has.
    """
    if not may_see_matrix(viewer):
        raise NotAllowed(NO_DUTY)
    record(
        Verb.MATRIX_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="matrix",
        facts={"role": role} if role in Role.values else {},
    )
    signed = ProtocolVersion.objects.filter(county=viewer.county)
    in_force = signed.filter(effective_at__lte=now).order_by("-effective_at", "-number").first()
    version = in_force if number is None else signed.filter(number=number).first()
    if version is None:
        if number is not None:
            raise NotVisible
        return None
    matrix = matrix_of(version.pk)
    began = "in force" if version == in_force else "past"
    roles = [role] if role in Role.values else list(ROLE_NAMES)
    rows = _rows(version, matrix, roles)
    return MatrixPage(
        version=version.number,
        state="future" if version.effective_at > now else began,
        effective_at=version.effective_at,
        approved_by=version.approved_by,
        roles=[ROLE_NAMES[code] for code in roles],
        rows=rows,
        grounds=_grounds(matrix, roles),
        has_changes=any(cell.changed for row in rows for cell in row.cells),
    )


def basis_short(basis: str) -> str:
    """The few words for a ground; a section of WIC 827 is said by its letter."""
    if basis in SHORT:
        return SHORT[basis]
    return f"WIC 827 ({basis.removeprefix('827')})" if basis.startswith("827") else basis


def _rows(version: ProtocolVersion, matrix: Matrix, roles: list[str]) -> list[MatrixRow]:
    earlier = ProtocolVersion.objects.filter(county=version.county_id, number__lt=version.number)
    before = earlier.order_by("-number").values_list("pk", flat=True).first()
    old = matrix if before is None else matrix_of(before)
    reasons = {
        (category, role): reason
        for category, role, reason in DisclosureCell.objects.filter(
            version=version, role__in=roles
        ).values_list("category", "role", "reason")
    }
    rows = []
    for category in MATRIX_CATEGORIES:
        name, _, detail = CATEGORY_NAMES[category].partition(" (")
        cells = [
            _words(matrix.cell(category, role), old.cell(category, role), reasons.get((category, role), ""))
            for role in roles
        ]
        rows.append(MatrixRow(name=name, detail=detail.removesuffix(")"), cells=cells))
    return rows


def _words(cell: Cell, before: Cell, reason: str) -> CellWords:
    return CellWords(
        word=WORDS[cell.access],
        look=LOOKS[cell.access],
        basis=basis_short(cell.basis),
        meaning=BASES.get(cell.basis, ""),
        said=SAID[cell.access],
        reason=reason,
        changed=cell != before,
    )


def _grounds(matrix: Matrix, roles: list[str]) -> list[Ground]:
    used = {matrix.cell(category, role).basis for category in MATRIX_CATEGORIES for role in roles}
    return [
        Ground(basis_short(basis), meaning)
        for basis, meaning in BASES.items()
        if basis in used and basis_short(basis)
    ]
