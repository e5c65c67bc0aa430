"""The access log: every look, list, export and refusal, as ids and field names, never values."""

from __future__ import annotations

import uuid
from typing import ClassVar

from django.contrib.postgres.indexes import GinIndex
from django.db import models

from cseccase.audit.verbs import Verb
from cseccase.confidentiality.walls import Wall


class AccessEntry(models.Model):
    """One person did one thing with one record (or was refused), at one moment.

    The names are copies made at the moment, so that the log outlives what it describes. `facts` holds ids, counts
    and field names. Rows are never changed or deleted: the table itself refuses.
    """

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    at = models.DateTimeField()
    verb = models.CharField(max_length=40, choices=Verb.choices)
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
