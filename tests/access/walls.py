"""Taking one of the two walls down, to see whether the other stands alone."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any
from unittest.mock import patch

from django.db import models

from cseccase.confidentiality import context
from cseccase.confidentiality.querysets import GuardedQuerySet
from referrals.selectors import case_file


@contextmanager
def query_wall_down() -> Iterator[None]:
    """`visible_to`, `summarised_to` and the raw walk of the case list let every row through."""

    def everything(self: Any, viewer: object) -> Any:
        return self._decide(models.Q())

    unfiltered = case_file.WALK.replace("g.group_id = mine.id AND", "").replace(
        "g.user_id = %(person)s AND", ""
    )
    assert unfiltered != case_file.WALK
    with (
        patch.object(GuardedQuerySet, "visible_to", everything),
        patch.object(GuardedQuerySet, "summarised_to", everything),
        patch.object(case_file, "WALK", unfiltered),
    ):
        yield


@contextmanager
def database_wall_down() -> Iterator[None]:
    """Every policy of row-level security answers yes, as if a reason to lift it were given in every transaction."""
    tell = context._tell_database

    def lifted(state: context.Looking, *, told: context.Looking) -> None:
        tell(context.Looking(viewer=state.viewer, because=state.because or "the wall is down"), told=told)

    with patch.object(context, "_tell_database", lifted):
        yield
