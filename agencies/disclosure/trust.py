"""Which grants may still be believed while a new version of the agreement is being worked through the cases.

A grant rests on the cell it was made under. Until every case has been settled under the version in force, a grant may
be older than that version; it is believed only where this version would have made it too, or a wider one. So a change
that closes works on the next request, and one that opens works case by case as the grants are written.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from agencies.disclosure.categories import BASIS_MDT
from agencies.disclosure.matrix import Access, Cell

_STANDING = frozenset({Access.SEE, Access.SUMMARY})


def grants_hold(before: Cell, now: Cell) -> bool:
    """Whether every opening that a grant made under `before` still gives is one that `now` gives as well.

    Full and summary rest on the same facts; a full grant gives nothing once the category is agreed for summary only.
    A paper suffices by itself where the agreement asks for one, but not where it asks for a part in the case, so
    those two never stand for each other. Only a seat with written reasons (WIC 18951(d), 18964) is a seat as well.
    """
    if before.access is Access.NEVER or now.access is Access.NEVER:
        return True  # nothing was granted, or nothing is open
    if before.basis != now.basis:
        return False
    if before.access is now.access or {before.access, now.access} <= _STANDING:
        return True
    return now.basis == BASIS_MDT and before.access is Access.AUTHORISED


def categories_open(
    in_force: Mapping[str, Cell], *, older: Iterable[Mapping[str, Cell]] = ()
) -> tuple[frozenset[str], frozenset[str]]:
    """The categories one role sees in full, and at least in summary, by the version in force.

    `older` are the same role's cells in each version whose grants may still stand; a category is closed where one of
    them does not hold. Never more than the version in force alone would open.
    """
    full, summary = set(), set()
    versions = list(older)
    for category, cell in in_force.items():
        if cell.access is Access.NEVER:
            continue
        if not all(category in cells and grants_hold(cells[category], cell) for cells in versions):
            continue
        summary.add(category)
        if cell.access is not Access.SUMMARY:
            full.add(category)
    return frozenset(full), frozenset(summary)
