"""What a seat at a team meeting opens, what no meeting opens, and by which law: read from the county's agreement.

Pure. The answer is worked out for each meeting from who sits there; it says what the rule of
`agencies.disclosure.rule` does with a seat, in words, and a test holds the two together.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from types import MappingProxyType
from typing import Final

from agencies.disclosure import Access, Matrix
from agencies.disclosure.categories import BASIS_MDT, MATRIX_CATEGORIES

SMALLEST_TEAM: Final = 2
FULL_TEAM: Final = 3
INVESTIGATION_TEAM: Final = timedelta(days=30)
"""How long a team of two may share after a report, unless good cause is written down (WIC 18961.7(c))."""

PLAIN_NAMES: Final[Mapping[str, str]] = MappingProxyType(
    {
        "r01": "who the child is and who works with them",
        "r02": "status in the State system",
        "r03": "what was reported",
        "r04": "who made the report",
        "r05": "screening result",
        "r06": "what the child said in the screening",
        "r07": "assessment of needs",
        "r08": "mental health treatment",
        "r09": "therapy notes",
        "r10": "substance use treatment",
        "r11": "general medical facts",
        "r12": "care the child may consent to alone",
        "r13": "forensic examination",
        "r14": "school records",
        "r15": "dependency court file",
        "r16": "probation records",
        "r18": "facts about the investigation",
        "r19": "where the child stays",
        "r20": "times the child was missing",
        "r21": "identity and pronouns",
        "r22": "talks with an advocate or mentor",
        "r23": "talks with an attorney",
        "r24": "minutes of this meeting",
        "r25": "safety plan",
        "r26": "service plan and who does what",
        "r27": "immigration papers",
    }
)
"""Sealed records and counts have no name here: nobody may guess from a page that something is sealed."""

WHAT_IT_NEEDS: Final[Mapping[str, str]] = MappingProxyType(
    {
        "r04": "a closed list in law (Penal Code 11167(d))",
        "r09": "privileged (Evidence Code 1014)",
        "r10": "the child’s own written consent (42 CFR Part 2)",
        "r12": "the child’s own signed choice (Family Code 6924 to 6930)",
        "r21": "the child’s own choice, for each person told",
        "r22": "privileged (Evidence Code 1035.4, 1038)",
        "r23": "privileged (Evidence Code 954)",
        "r27": "a logged need, only to get the child relief",
    }
)


@dataclass(frozen=True, slots=True)
class Seated:
    """A role at the table; `deemed` where the reasons for a member beyond the law's stand in writing."""

    role: str
    name: str
    deemed: bool = False


@dataclass(frozen=True, slots=True)
class Opened:
    """What one member's seat lets the agency see in full and in summary, as plain words."""

    name: str
    sees: tuple[str, ...]
    summary: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Closed:
    """A kind of record that no meeting opens, and what would."""

    name: str
    needs: str


@dataclass(frozen=True, slots=True)
class Opening:
    """The box "What may be shared" of one meeting. Days are the county's; `None` means no end of its own."""

    now_words: str
    now_law: str
    now_ends_on: date | None
    team_words: str
    team_law: str
    team_ends_on: date | None
    members: tuple[Opened, ...]
    closed: tuple[Closed, ...]


def opening(
    *,
    matrix: Matrix,
    seated: Iterable[Seated],
    members_named: int,
    reported_on: date | None = None,
    adult_on: date | None = None,
) -> Opening:
    """What may be shared with these seats. `members_named` counts the trained people named for them.

    `reported_on` is the day of the last report, `adult_on` the child's eighteenth birthday, where the reader may know
    them.
    """
    found = tuple(seated)
    return Opening(
        now_words=_now_words(members_named),
        now_law="WIC 18961.7",
        now_ends_on=reported_on + INVESTIGATION_TEAM if reported_on else None,
        team_words="Members may share what prevents, finds or treats harm to this child.",
        team_law="WIC 830, 18951, 18964",
        team_ends_on=adult_on,
        members=tuple(_opened(matrix, seat) for seat in found),
        closed=tuple(
            Closed(PLAIN_NAMES[category], WHAT_IT_NEEDS[category])
            for category in WHAT_IT_NEEDS
            if not any(seat_opens(matrix, category, seat) for seat in found)
        ),
    )


def seat_opens(matrix: Matrix, category: str, seat: Seated) -> Access | None:
    """How far a seat by itself opens a category to its agency; `None` for not at all (WIC 18951(d), 830, 18964)."""
    cell = matrix.cell(category, seat.role)
    if cell.basis != BASIS_MDT or cell.access is Access.NEVER:
        return None
    if cell.access is Access.AUTHORISED:
        return Access.SEE if seat.deemed else None
    return cell.access


def team_words(members: int, *, held: bool) -> str:
    """The sentence above the agenda: what so many members may do together; before the end, of those who are named.

    Nobody knows who is in the room until it is recorded, so a meeting that is not over never says that it is a team.
    """
    if held and members >= FULL_TEAM:
        return (
            f"{_number(members)} members were here, so they could share what prevents, finds or treats harm."
        )
    if held:
        return f"{_number(members)} members were here, so they could share only what the investigation needs."
    if members >= FULL_TEAM:
        return (
            f"{_number(members)} members are named. With three or more of them here, they may share what prevents, "
            "finds or treats harm."
        )
    if members == SMALLEST_TEAM:
        return "Two members are named. Two may share only what is needed to investigate the report."
    return "A team is at least two trained members. Until a second one is here, this meeting opens nothing."


def here_law(members: int) -> str:
    """The law behind `team_words`."""
    if members >= FULL_TEAM:
        return "WIC 830, 18951"
    return "WIC 18961.7: 30 days from the report, longer with good cause in writing"


def _now_words(members_named: int) -> str:
    if members_named < SMALLEST_TEAM:
        return "Nothing yet through this meeting: a team is at least two trained members."
    return "Between two trained members, only what is needed to investigate the report."


def _opened(matrix: Matrix, seat: Seated) -> Opened:
    levels = {
        category: seat_opens(matrix, category, seat)
        for category in MATRIX_CATEGORIES
        if category in PLAIN_NAMES
    }
    return Opened(
        name=seat.name,
        sees=tuple(PLAIN_NAMES[category] for category, level in levels.items() if level is Access.SEE),
        summary=tuple(PLAIN_NAMES[category] for category, level in levels.items() if level is Access.SUMMARY),
    )


def _number(count: int) -> str:
    names = ("No", "One", "Two", "Three", "Four", "Five", "Six", "Seven", "Eight", "Nine")
    return names[count] if count < len(names) else str(count)
