"""Case files that are restricted to named people, because somebody among the staff knows the child or is a suspect."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q

from cseccase.confidentiality.models import ConfidentialModel
from cseccase.confidentiality.viewer import Viewer
from cseccase.confidentiality.walls import Wall
from cseccase.encryption.fields import EncryptedTextField
from referrals.models.case_file import CaseFile

_NAMED = "(SELECT app_viewer()) = ANY ({table}.people)"


class CaseRestriction(ConfidentialModel):
    """While it lasts, what a file opens to an agency it opens only to the `people` named here; to others it is absent.

    A change of names ends one and begins the next. Only those it names read it, also when it is over: its reason may be
    about a colleague.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    people = ArrayField(models.UUIDField())
    reason = EncryptedTextField(max_length=600)
    began_at = models.DateTimeField()
    began_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)
    ended_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    ended_why = EncryptedTextField(max_length=600, blank=True)

    wall: ClassVar[Wall] = Wall(read=_NAMED, write=_NAMED)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["case_file"], condition=Q(ended_at__isnull=True), name="one_restriction_at_a_time"
            ),
            models.CheckConstraint(condition=Q(reason__blank=False), name="restriction_has_a_reason"),
            models.CheckConstraint(condition=Q(people__len__gte=1), name="restriction_names_somebody"),
            models.CheckConstraint(
                condition=Q(ended_at__isnull=True, ended_by__isnull=True)
                | Q(ended_at__gte=F("began_at"), ended_by__isnull=False, ended_why__blank=False),
                name="restriction_end_is_whole",
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def visibility(cls, viewer: Viewer, *, summary: bool) -> Q:
        return Q(people__contains=[viewer.person])
