"""One entry of the access log in words, as one reviewer may read it: who, what, why, and what stood open then."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from agencies.disclosure.categories import BASES, CATEGORY_NAMES
from agencies.disclosure.emergency import BASIS_EMERGENCY, BASIS_WORDS
from cseccase.audit.models import AccessEntry
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from referrals.selectors.seal import Hushed
from reporting import policies
from reporting.log_kinds import REFUSED, REVIEWED

KEPT_APART = frozenset({"r09", "r10", "r17", "r22", "r23"})
"""Even that such a record exists is protected (42 CFR Part 2; WIC 781; Evidence Code 954, 1014, 1038)."""

SUBJECTS = {
    "written_report": "data sheet of the written report",
    "log_case": "log of a case file",
    "log_person": "log of a person",
    "proposal": "a proposal of the sharing rules",
}
"""What the words of the act do not say by themselves."""


@dataclass(frozen=True, slots=True)
class LogLine:
    """One entry as a reviewer reads it; `case_number` is empty where the reviewer may not know it."""

    at: datetime
    who: str
    agency: str
    done: str
    what: str
    why: str
    case_number: str = ""
    case_id: UUID | None = None
    is_refused: bool = False
    open_then: tuple[str, ...] = ()


def line_of(
    entry: AccessEntry,
    viewer: Viewer,
    grounds: dict[tuple[UUID, UUID, str], set[str]],
    numbers: dict[UUID, str],
    known: frozenset[str] = frozenset(),
    hushed: Sequence[Hushed] = (),
) -> LogLine:
    """One entry for this reviewer: `numbers` are those of files they may read, `known` the categories that may be named."""
    is_refused = entry.verb in REFUSED.verbs
    number = numbers.get(entry.case_file, "") if entry.case_file else ""
    return LogLine(
        at=entry.at,
        who=entry.person_name or "The system",
        agency=entry.agency_name,
        done=_sentence(Verb(entry.verb).label if entry.verb in Verb.values else entry.verb),
        what=_what(entry, viewer),
        why="None. Nothing was shown." if is_refused else _why(entry, grounds),
        case_number=number,
        case_id=entry.case_file if number else None,
        is_refused=is_refused,
        open_then=() if is_refused else _open_then(entry, viewer, known, hushed),
    )


def _what(entry: AccessEntry, viewer: Viewer) -> str:
    """What it was about: the document, the page, the category of record, and the fields where they are named."""
    parts = [SUBJECTS.get(entry.subject_kind, ""), str(entry.facts.get("page", "")).replace("_", " ")]
    if entry.category in KEPT_APART and entry.agency != viewer.agency:
        parts.append("a part kept apart by law")
    elif entry.category:
        parts.append(_category_words(entry.category))
    if entry.facts.get("access") == "summary":
        parts.append("in summary")
    return _sentence(", ".join(part for part in parts if part))


def _open_then(
    entry: AccessEntry, viewer: Viewer, known: frozenset[str], hushed: Sequence[Hushed]
) -> tuple[str, ...]:
    """Which parts of the file stood open to the person at that look, as far as the reviewer may know of them."""
    found = [(of, "") for of in entry.facts.get("open", ())]
    found += [(of, " in summary") for of in entry.facts.get("open_summary", ())]
    mine = entry.agency == viewer.agency
    silent = {one.category for one in hushed if one.case_file == entry.case_file and entry.at <= one.until}
    return tuple(
        f"{_category_words(of)}{how}"
        for of, how in found
        if of not in silent
        if of in known or ((mine or policies.reviews_county(viewer)) and of not in KEPT_APART)
    )


def _category_words(category: str) -> str:
    return CATEGORY_NAMES.get(category, category).split(" (")[0]


def _why(entry: AccessEntry, grounds: dict[tuple[UUID, UUID, str], set[str]]) -> str:
    if entry.basis:
        return _sentence({**BASES, BASIS_EMERGENCY: BASIS_WORDS}.get(entry.basis, entry.basis))
    if entry.verb in REVIEWED.verbs:
        return "Their duty to review"
    if entry.case_file is None:
        return "Their own list" if entry.facts.get("ids") is not None else "Their duty in the agency"
    key = (entry.case_file, entry.agency or UUID(int=0))
    found = grounds.get((*key, entry.category))
    if not found:
        return "Nothing opens it to them now"
    if not entry.category:
        return "Takes part in the case"
    return _sentence(f"now: {'; '.join(sorted(BASES.get(basis, basis) for basis in found))}")


def _sentence(words: str) -> str:
    return words[:1].upper() + words[1:]
