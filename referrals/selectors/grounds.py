"""On what ground a viewer sees a case file, from the grants in force at this moment: asked for every entry of the log."""

from __future__ import annotations

from collections import Counter
from uuid import UUID

from django.db.models import Q

from agencies.disclosure.categories import BASIS_SEAL
from cseccase.audit.grounds import Ground
from cseccase.confidentiality.grants import GrantFacts, live
from cseccase.confidentiality.viewer import Viewer
from referrals.models import SectionGroupGrant, SectionUserGrant


def ground_of(viewer: Viewer, case_file: UUID, category: str) -> Ground:
    """The basis that opens the category, or of a whole file the one that opens most of it; one query.

    Of a whole file what a purpose opens is left out: a look at the file never says that a part of it is sealed.
    """
    facts = ("category", "may", "basis")
    open_now = live() & ~Q(may=GrantFacts.May.WRITE)
    of_groups = SectionGroupGrant.objects.filter(open_now, case_file=case_file, group__in=viewer.groups)
    of_person = SectionUserGrant.objects.filter(open_now, case_file=case_file, user=viewer.person)
    rows = set(of_groups.values_list(*facts).union(of_person.values_list(*facts)))
    if not category:
        rows = {row for row in rows if row[2] != BASIS_SEAL}
    seen = {row for row in rows if row[1] == GrantFacts.May.SEE and row[0] in viewer.full}
    reduced = {row for row in rows if row[1] == GrantFacts.May.SEE_SUMMARY and row[0] in viewer.summary}
    full = tuple(sorted({row[0] for row in seen}))
    return Ground(
        basis=_basis(seen, category) or _basis(reduced, category),
        full=full,
        summary=tuple(sorted({row[0] for row in reduced} - set(full))),
    )


def _basis(rows: set[tuple[str, str, str]], category: str) -> str:
    found = Counter(basis for of, _, basis in sorted(rows) if category in {"", of})
    return found.most_common(1)[0][0] if found else ""
