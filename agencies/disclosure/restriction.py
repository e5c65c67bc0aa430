"""What a restriction to named people leaves of a grant. Pure, as the rule that asks it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING

from agencies.disclosure.facts import RestrictionFact

if TYPE_CHECKING:
    from agencies.disclosure.rule import GrantDue


def narrowed(grant: GrantDue, restriction: RestrictionFact | None) -> Iterator[GrantDue]:
    """An agency's grant goes to the people named of it, one by one; a person's stays where the person is named."""
    if restriction is None:
        yield grant
    elif grant.agency is not None:
        for person in restriction.of(grant.agency):
            yield replace(grant, agency=None, person=person)
    elif grant.person is not None and restriction.names(grant.person):
        yield grant
