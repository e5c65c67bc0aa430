"""Telling PostgreSQL who is looking, for exactly one transaction.

Row-level security reads six transaction-local settings. Unset means nobody, and nobody sees nothing. A seventh says
that only summary fields are being read; unset means whole rows, which summary access does not open.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import AbstractContextManager, contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any, TypeVar

from django.db import connection, transaction

from cseccase.confidentiality.viewer import Viewer


@dataclass(frozen=True, slots=True)
class Looking:
    """Who acts in this transaction, and the named reason if the walls are lifted."""

    viewer: Viewer | None = None
    because: str = ""


T = TypeVar("T")
NOBODY = Looking()
_looking: ContextVar[Looking] = ContextVar("looking", default=NOBODY)
_worked_out: ContextVar[dict[Hashable, Any] | None] = ContextVar("worked_out", default=None)


def looking() -> Looking:
    """Who acts now; `NOBODY` outside any `viewing_as`."""
    return _looking.get()


def worked_out_once(key: Hashable, work: Callable[[], T]) -> T:
    """What `work` gives, kept for as long as the outermost `viewing_as` lasts: one request, one task.

    For what depends on the key alone, who looks being part of it. Outside any `viewing_as` nothing is kept.
    """
    kept = _worked_out.get()
    if kept is None:
        return work()
    if key not in kept:
        kept[key] = work()
    found: T = kept[key]
    return found


def _tell_database(state: Looking, *, told: Looking) -> None:
    """What has changed since the database was told last: mostly the reason alone."""
    if state.viewer == told.viewer:
        with connection.cursor() as cursor:
            cursor.execute("SELECT set_config('app.because', %s, true)", [state.because])
        return
    viewer = state.viewer
    values = (
        str(viewer.person) if viewer else "",
        ",".join(map(str, viewer.groups)) if viewer else "",
        ",".join(sorted(viewer.full)) if viewer else "",
        ",".join(sorted(viewer.summary)) if viewer else "",
        state.because,
        "on" if viewer and viewer.sees_emergencies else "",
    )
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT set_config('app.viewer', %s, true), set_config('app.groups', %s, true), "
            "set_config('app.full', %s, true), set_config('app.summary', %s, true), "
            "set_config('app.because', %s, true), set_config('app.emergency', %s, true)",
            values,
        )


@contextmanager
def _looking_as(state: Looking) -> Iterator[None]:
    """Opens a transaction (or savepoint); an error rolls the settings back with it."""
    before = _looking.get()
    if before.because and state.because and before.viewer == state.viewer:
        yield from _renamed(state)  # the wall is lifted already: the database has nothing new to hear
        return
    with transaction.atomic():
        _tell_database(state, told=before)
        token = _looking.set(state)
        kept = _worked_out.get()
        outermost = _worked_out.set({} if kept is None else kept)
        try:
            yield
        finally:
            _worked_out.reset(outermost)
            _looking.reset(token)
        if not connection.needs_rollback:  # a rollback gives the settings back by itself
            _tell_database(before, told=state)


def _renamed(state: Looking) -> Iterator[None]:
    token = _looking.set(state)
    try:
        yield
    finally:
        _looking.reset(token)


def viewing_as(viewer: Viewer | None, *, because: str = "") -> AbstractContextManager[None]:
    """Everything inside is read and written as this viewer; nests, and gives back what was before."""
    return _looking_as(Looking(viewer=viewer, because=because))


def acting_because(reason: str) -> AbstractContextManager[None]:
    """Lifts the row-level wall for a named reason while the acting person stays who they are.

    For the few services that must see a whole case to keep it right (grants, deadlines, notices, counts).
    Raises ValueError without a reason.
    """
    if not reason.strip():
        raise ValueError("Say why the wall is lifted.")
    return _looking_as(Looking(viewer=_looking.get().viewer, because=reason))


@contextmanager
def reading_summaries() -> Iterator[None]:
    """Lets row-level security give the rows of which the viewer may see a summary, for one query of summary fields.

    Everywhere else the second wall keeps such rows back, so that a forgotten filter cannot turn a summary into a record.
    An error inside rolls the setting back with its transaction.
    """
    _tell_reading("summary")
    yield
    _tell_reading("")


def _tell_reading(what: str) -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('app.reading', %s, true)", [what])
