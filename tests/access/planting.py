"""Planting records full of markers: words that stand nowhere else, one in every free-text field of every kind of record.

A new kind of record is planted by itself: every field without a default gets a plausible value, every free text a
marker. Only a kind with rules of its own needs a line in `SHAPES`.
"""

from __future__ import annotations

import itertools
import re
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID, uuid4

from django.apps import apps
from django.db import models

from referrals.models import MODEL_OF, SectionedModel
from tests.referrals.papers import elements_of

MARK = re.compile(r"MK[0-9A-Z]{8}KM")
LETTERS = "0123456789ABCDEFGHJKLMNPQRSTUVWX"
ROOM = 14
"""A field shorter than this holds a code, not words."""

SHAPES: dict[str, dict[str, Any]] = {
    "StatusField": {"code": "6867"},
    "Deadline": {"rule": "response-2h", "rulebook": "proof", "owed_to": "", "due_at": timedelta(hours=2)},
    "Meeting": {"ends_at": timedelta(hours=1), "state": "scheduled", "number": ""},
    "Seat": {"attendance": "", "reply": "none"},
    "SpecialProjectCode": {"code": "S-CSEC Referral"},
    "NeedToKnow": {"until": timedelta(days=1)},
    "PrivilegeWaiver": {"privilege": "1038"},
    "Referral": {"number": ""},
    "BreachReason": {"verdict": "", "review_words": ""},
}
"""Values that a kind of record insists on; a timedelta is counted from the moment of planting."""

CODED = frozenset(
    {"kind", "rule", "rulebook", "code", "category", "owed_to", "briefing_language", "number", "stage"}
)
"""Short text that holds a code or a reference."""


@dataclass(frozen=True, slots=True)
class Planted:
    """Where a marker stands. Nothing marked is ever part of a summary: summaries hold codes, days and references."""

    case: UUID
    section: UUID
    kind: str
    field: str
    record: UUID


@dataclass(slots=True)
class Bed:
    """Everything planted, by marker, and the ids of the records, by table."""

    marks: dict[str, Planted] = field(default_factory=dict)
    records: dict[UUID, Planted] = field(default_factory=dict)
    _count: Any = field(default_factory=lambda: itertools.count(1))

    def mark(self, planted: Planted) -> str:
        number, letters = next(self._count), ""
        for _ in range(8):
            number, rest = divmod(number, len(LETTERS))
            letters = LETTERS[rest] + letters
        word = f"MK{letters}KM"
        self.marks[word] = planted
        return word


def sectioned_models() -> list[type[models.Model]]:
    """Every kind of record that stands in a section."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, SectionedModel) and not hasattr(model, "instance_type")
    ]


def plant(
    bed: Bed, model: type[Any], *, section: Any, links: dict[str, Any], now: datetime, **known: Any
) -> Any:
    """One record of a kind in a section, saved. `links` gives a row for each kind of record it may point to."""
    row = model(section=section, **({"id": known.pop("id")} if "id" in known else {}))
    shape = {**SHAPES.get(model.__name__, {}), **known}
    for column in model._meta.concrete_fields:
        if column.name in {"id", "section"}:
            continue
        if column.name in shape:
            value = shape[column.name]
            setattr(row, column.name, now + value if isinstance(value, timedelta) else value)
            continue
        place = Planted(section.case_file_id, section.pk, model.__name__, column.name, row.pk)
        if column.is_relation and column.related_model.__name__ in links and not column.null:
            setattr(row, column.name, links[column.related_model.__name__])
            continue
        _fill(bed, row, column, place, now)
    row.save()
    bed.records[row.pk] = Planted(section.case_file_id, section.pk, model.__name__, "id", row.pk)
    return row


def paper_plant(bed: Bed, ground: str, **about: Any) -> Any:
    """A whole paper of the kind that answers a ground of the policy, its words markers; agreed to where it needs that."""
    kind, elements = elements_of(ground)
    said = {name: value for name, value in elements.items() if not isinstance(value, str) or name in CODES}
    if kind == "need":
        said["approved_at"] = about["since"]
    return plant(bed, MODEL_OF[kind], **{**said, **about})


CODES = frozenset({"paragraph", "privilege", "task"})
"""Elements of a paper that are chosen from a list."""


def _fill(bed: Bed, row: Any, column: Any, place: Planted, now: datetime) -> None:
    if column.is_relation:
        if not column.null:
            raise AssertionError(f"tests/access/planting.py: say what {place.kind}.{column.name} points to.")
    elif isinstance(column, models.JSONField):
        setattr(row, column.name, {"reference": bed.mark(place), "where": bed.mark(place)})
    elif column.choices:
        if not column.has_default():
            setattr(row, column.name, next(value for value, _ in column.flatchoices if value))
    elif isinstance(column, models.CharField | models.TextField):
        if column.name not in CODED and (column.max_length or 99) >= ROOM:
            setattr(row, column.name, bed.mark(place))
        elif not column.blank and not column.has_default():
            setattr(row, column.name, "note")
    elif not column.null and not column.has_default():
        setattr(row, column.name, _plain(column, now))


def _plain(column: Any, now: datetime) -> Any:
    if isinstance(column, models.DateTimeField):
        return now
    if isinstance(column, models.DateField):
        return now.date()
    if isinstance(column, models.UUIDField):
        return uuid4()
    if isinstance(column, models.BooleanField):
        return False
    if isinstance(column, models.IntegerField):
        return 1
    raise AssertionError(f"tests/access/planting.py: say what a {type(column).__name__} holds.")
