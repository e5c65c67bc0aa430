"""The base of every confidential record."""

from __future__ import annotations

import uuid
from typing import Any, ClassVar

from django.db import models
from django.utils.functional import cached_property
from simple_history.manager import HistoryDescriptor
from simple_history.models import HistoricalRecords

from cseccase.confidentiality.context import looking
from cseccase.confidentiality.querysets import (
    GuardedHistoryQuerySet,
    GuardedManager,
    framework_internals,
)
from cseccase.confidentiality.viewer import Viewer
from cseccase.confidentiality.walls import Wall

GuardedHistoryManager = models.Manager.from_queryset(GuardedHistoryQuerySet)


class HistoryBase(models.Model):
    """What every history table shares: the guard of the record that it is the history of."""

    objects = GuardedHistoryManager()

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, viewer: Viewer, *, summary: bool) -> models.Q:
        """History is as visible as the section that each version stood in."""
        condition: models.Q = cls.instance_type.visibility(viewer, summary=summary)  # type: ignore[attr-defined]
        return condition


def acting_person(instance: models.Model, **kwargs: Any) -> uuid.UUID | None:
    """Who makes this version: the person of the running `viewing_as`, in a worker as in a request."""
    viewer = looking().viewer
    return viewer.person if viewer else None


class HistoryOnce(HistoryDescriptor):
    """simple_history's way to a record's history, which makes the manager's class once and not at every look."""

    @cached_property
    def manager_made(self) -> type[models.Manager[Any]]:
        made: type[models.Manager[Any]] = self.manager_class.from_queryset(self.queryset_class)
        return made

    def __get__(self, instance: models.Model | None, owner: type[models.Model]) -> Any:
        return self.manager_made(self.model, instance)  # type: ignore[call-arg]  # simple_history's own arguments


class WithReason(HistoricalRecords):
    """History that also keeps the named reason for which the wall was lifted, above all in workers, where nobody acts."""

    def finalize(self, sender: type[models.Model], **kwargs: Any) -> None:
        super().finalize(sender, **kwargs)
        made = vars(sender).get(self.manager_name)
        if isinstance(made, HistoryDescriptor):
            setattr(
                sender, self.manager_name, HistoryOnce(made.model, made.manager_class, made.queryset_class)
            )

    def get_change_reason_for_object(self, instance: Any, history_type: str, using: str) -> str | None:
        given: str | None = super().get_change_reason_for_object(instance, history_type, using)
        return given or looking().because[:100] or None


def _read_person(version: Any) -> uuid.UUID | None:
    return version.history_user_id  # type: ignore[no-any-return]


def _write_person(version: Any, person: uuid.UUID | None) -> None:
    version.history_user_id = person


class ConfidentialModel(models.Model):
    """A record that nobody reads without saying who is looking.

    Subclasses give `visibility(viewer)` (the first wall, in the query) and `wall` (the second, in PostgreSQL), and may
    give `SUMMARY_FIELDS`, the fields that a viewer with summary access gets.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)

    objects = GuardedManager()
    history = WithReason(
        inherit=True,
        bases=(HistoryBase,),
        historical_queryset=GuardedHistoryQuerySet,
        history_user_id_field=models.UUIDField(null=True, editable=False),
        history_user_getter=_read_person,
        history_user_setter=_write_person,
        get_user=acting_person,
    )

    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = ()
    wall: ClassVar[Wall]

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, viewer: Viewer, *, summary: bool) -> models.Q:
        """The condition under which this viewer sees a row in full (or in summary)."""
        raise NotImplementedError(f"{cls.__name__} does not say who may see it.")

    def save(self, *args: Any, **kwargs: Any) -> None:
        """A row that has moved out of sight is an error, never a second insert."""
        if not self._state.adding and not kwargs.get("update_fields"):
            kwargs["force_update"] = True
        super().save(*args, **kwargs)

    def validate_unique(self, exclude: Any = None) -> None:
        with framework_internals():
            super().validate_unique(exclude=exclude)

    def validate_constraints(self, exclude: Any = None) -> None:
        with framework_internals():
            super().validate_constraints(exclude=exclude)
