"""Querysets that refuse to run until someone has said who is looking."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any, Self, TypeVar

from django.db import models
from simple_history.manager import HistoricalQuerySet

from cseccase.confidentiality.context import reading_summaries
from cseccase.confidentiality.viewer import Viewer

M = TypeVar("M", bound=models.Model, covariant=True)

_internals: ContextVar[bool] = ContextVar("framework_internals", default=False)


class VisibilityUndecided(RuntimeError):
    """A confidential table was about to be read without `.visible_to(viewer)` or `.unrestricted(because=…)`."""


@contextmanager
def framework_internals() -> Iterator[None]:
    """Lets Django's own machinery (validation, bulk history) touch a guarded manager. Row-level security stays."""
    token = _internals.set(True)
    try:
        yield
    finally:
        _internals.reset(token)


class GuardedQuerySet(models.QuerySet[M]):
    """Refuses to be read, counted, changed or deleted until its visibility is decided in the query itself."""

    _decided = False

    def visible_to(self, viewer: Viewer) -> Self:
        """The rows this viewer may see in full."""
        return self._decide(self._rules().visibility(viewer, summary=False))

    def summarised_to(self, viewer: Viewer) -> Self:
        """The rows of which this viewer may see at least the summary fields; read them through `summaries()`."""
        return self._decide(self._rules().visibility(viewer, summary=True))

    def summaries(self) -> list[dict[str, Any]]:
        """The rows reduced to the model's `SUMMARY_FIELDS`: a fact or a status, no narrative. No such fields, no rows."""
        fields = self._rules().SUMMARY_FIELDS
        if not fields:
            return []
        with reading_summaries():
            return list(self.values(*fields))

    def _rules(self) -> Any:
        """The model, as the one that says who may see its rows."""
        return self.model

    def unrestricted(self, *, because: str) -> Self:
        """Every row that row-level security lets through, for a named reason (jobs, counts, grants)."""
        if not because.strip():
            raise ValueError("Say why nobody in particular is looking.")
        return self._decide(models.Q())

    def _decide(self, condition: models.Q) -> Self:
        decided: Self = self._clone()
        decided._decided = True
        return decided.filter(condition) if condition else decided

    def _require_decision(self) -> None:
        if not (self._decided or _internals.get() or self.query.is_empty()):
            raise VisibilityUndecided(
                f"Say who is looking at {self.model.__name__}: .visible_to(viewer) or .unrestricted(because=…)."
            )

    def _clone(self) -> Self:
        clone: Self = super()._clone()  # type: ignore[misc]  # private in the stubs, the documented place to carry state
        clone._decided = self._decided
        return clone

    def _weaker(self, result: Any, other: Any) -> Any:
        result._decided = self._decided and getattr(other, "_decided", True)
        return result

    def __or__(self, other: Any) -> Any:
        return self._weaker(super().__or__(other), other)

    def __and__(self, other: Any) -> Any:
        return self._weaker(super().__and__(other), other)

    def _combinator_query(self, combinator: str, *others: Any, all: bool = False) -> Any:
        result = super()._combinator_query(combinator, *others, all=all)  # type: ignore[misc]
        result._decided = self._decided and all_decided(others)
        return result

    def _fetch_all(self) -> None:
        if self._result_cache is None:  # type: ignore[has-type]
            self._require_decision()
        super()._fetch_all()  # type: ignore[misc]

    def iterator(self, *args: Any, **kwargs: Any) -> Any:
        self._require_decision()
        return super().iterator(*args, **kwargs)

    def count(self) -> int:
        self._require_decision()
        return super().count()

    def exists(self) -> bool:
        self._require_decision()
        return super().exists()

    def aggregate(self, *args: Any, **kwargs: Any) -> dict[str, Any]:
        self._require_decision()
        return super().aggregate(*args, **kwargs)

    def explain(self, *args: Any, **kwargs: Any) -> str:
        self._require_decision()
        return super().explain(*args, **kwargs)

    def delete(self) -> tuple[int, dict[str, int]]:
        self._require_decision()
        return super().delete()

    def raw(self, *args: Any, **kwargs: Any) -> Any:
        raise VisibilityUndecided(
            "Raw SQL on a confidential model goes through a selector with its own cursor."
        )

    def update(self, **kwargs: Any) -> int:
        self._refuse_without_history("update")
        return super().update(**kwargs)

    def bulk_create(self, *args: Any, **kwargs: Any) -> list[Any]:
        self._refuse_without_history("bulk_create")
        return super().bulk_create(*args, **kwargs)

    def bulk_update(self, *args: Any, **kwargs: Any) -> int:
        self._refuse_without_history("bulk_update")
        return super().bulk_update(*args, **kwargs)

    def _refuse_without_history(self, verb: str) -> None:
        if not _internals.get():
            raise VisibilityUndecided(
                f"{self.model.__name__}: {verb}() would leave no history; save each row."
            )


def all_decided(querysets: tuple[Any, ...]) -> bool:
    """Whether every one of these querysets has its visibility decided."""
    return all(getattr(queryset, "_decided", False) for queryset in querysets)


GuardedManager = models.Manager.from_queryset(GuardedQuerySet)


class GuardedHistoryQuerySet(GuardedQuerySet[M], HistoricalQuerySet):
    """History obeys the walls of the record it is the history of."""
