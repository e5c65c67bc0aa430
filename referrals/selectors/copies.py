"""What may only be looked at, and what notice a document carries: both follow from the grants the reader holds."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection
from uuid import UUID

from django.db.models import Q

from agencies.disclosure.categories import INSPECT_ONLY_BASES
from agencies.disclosure.redisclosure import Element, Notice, strictest
from cseccase.confidentiality.grants import GrantFacts, live
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, Refusal
from referrals.models import SectionGroupGrant, SectionUserGrant

INSPECT_ONLY_WORDS = "You may look at these records; you may not copy, print or export them (WIC 827(a)(5))."


def inspect_only(
    *, viewer: Viewer, sections: Collection[UUID] | None = None, case_file: UUID | None = None
) -> frozenset[UUID]:
    """The sections, of those given or of a case file, that the viewer may look at and take no copy of (WIC 827(a)(5)).

    A section that any other ground opens too is not among them.
    """
    grounds = _grounds(viewer, sections, case_file)
    return frozenset(
        section for section, held in grounds.items() if {basis for _, basis in held} <= INSPECT_ONLY_BASES
    )


def require_copy(*, viewer: Viewer, sections: Collection[UUID]) -> None:
    """Raises `NotAllowed` for a document with a part that the viewer may only look at."""
    if inspect_only(viewer=viewer, sections=sections):
        raise NotAllowed(
            Refusal(
                rule="Team members and schools inspect this part of a juvenile case file and take no copy (WIC 827(a)(5)).",
                opens="You can read it on its page. The juvenile court can allow a copy.",
                ask="Ask county counsel, or petition the juvenile court.",
            )
        )


def document_notice(*, viewer: Viewer, sections: Collection[UUID], also: Collection[str] = ()) -> Notice:
    """The redisclosure notice of a document made of these sections, and of categories whose words are `also` in it."""
    grounds = _grounds(viewer, sections, None)
    elements = [Element(category, basis) for held in grounds.values() for category, basis in held]
    return strictest([*elements, *(Element(category) for category in also)])


def _grounds(
    viewer: Viewer, sections: Collection[UUID] | None, case_file: UUID | None
) -> dict[UUID, set[tuple[str, str]]]:
    """For each section the categories and grounds of the viewer's live grants to see it."""
    opening = Q(may=GrantFacts.May.SEE, category__in=viewer.full) | Q(
        may=GrantFacts.May.SEE_SUMMARY, category__in=viewer.summary
    )
    where = live() & opening
    if sections is not None:
        where &= Q(content_object__in=sections)
    if case_file is not None:
        where &= Q(case_file=case_file)
    columns = ("content_object_id", "category", "basis")
    groups = SectionGroupGrant.objects.filter(where, group__in=viewer.groups).values_list(*columns)
    people = SectionUserGrant.objects.filter(where, user=viewer.person).values_list(*columns)
    found: dict[UUID, set[tuple[str, str]]] = defaultdict(set)
    for section, category, basis in groups.union(people):
        found[section].add((category, basis))
    return found
