"""The access log: every look, list, export and refusal, as ids and field names, never values; and its seals."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from cseccase.confidentiality.walls import ONLY_BECAUSE, Wall


class AccessEntry(models.Model):
    """One person did one thing with one record (or was refused), at one moment.

    The names are copies made at the moment, so that the log outlives what it describes. `facts` holds ids, counts
    and field names. Rows are never changed or deleted: the table itself refuses. `position` is drawn by the table
    when the row is written, whatever the writer says; gaps are acts that were rolled back.
    """

    position = models.BigIntegerField(unique=True, editable=False)
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=40)
    person = models.UUIDField(null=True)
    person_name = models.CharField(max_length=150, blank=True)
    agency = models.UUIDField(null=True)
    agency_name = models.CharField(max_length=120, blank=True)
    subject_kind = models.CharField(max_length=40)
    subject = models.UUIDField(null=True)
    case_file = models.UUIDField(null=True)
    category = models.CharField(max_length=4, blank=True)
    basis = models.CharField(max_length=40, blank=True)
    facts = models.JSONField(default=dict)

    append_only: ClassVar[bool] = True
    wall: ClassVar[Wall] = Wall(
        read="{table}.person = (SELECT app_viewer())",
        write="{table}.person IS NOT DISTINCT FROM (SELECT app_viewer())",
        rights=("SELECT", "INSERT"),
    )

    class Meta:
        ordering = ["-at", "-id"]
        indexes = [
            models.Index(fields=["case_file", "-at", "-id"], name="access_by_case"),
            models.Index(fields=["person", "-at", "-id"], name="access_by_person"),
            GinIndex(fields=["facts"], name="access_by_fact", opclasses=["jsonb_path_ops"]),
        ]

    def __str__(self) -> str:
        return str(self.id)


class AccessSeal(models.Model):
    """The seal over the next stretch of the access log, chained to the seal before it and signed outside the database.

    It covers every position after the seal before it, up to `last_position`. `leaves` is one position (8 bytes) and one
    SHA-256 (32 bytes) for each entry, so that a broken log can say which entry. docs/decisions/0008-sealed-log.md.
    """

    number = models.BigIntegerField(primary_key=True)
    sealed_at = models.DateTimeField()
    form = models.PositiveSmallIntegerField()
    last_position = models.BigIntegerField(unique=True)
    entries = models.PositiveIntegerField()
    leaves = models.BinaryField()
    previous = models.BinaryField(max_length=32)
    chain = models.BinaryField(max_length=32)
    key = models.CharField(max_length=16)
    signature = models.BinaryField(max_length=32)

    append_only: ClassVar[bool] = True
    wall: ClassVar[Wall] = ONLY_BECAUSE

    class Meta:
        ordering = ["number"]

    def __str__(self) -> str:
        return str(self.number)
