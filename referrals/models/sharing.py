"""The facts that open sections: who takes part in a case and why, and who authorised what."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from cseccase.confidentiality.viewer import Viewer
from cseccase.confidentiality.walls import ONLY_BECAUSE, Wall
from cseccase.encryption.fields import EncryptedTextField
from referrals.choices import PARTY_READERS, PartyKind
from referrals.models.case_file import CaseFile, SectionedModel, section_wall

_SECTION = section_wall("section_id")
_READS_PARTIES = (
    "EXISTS (SELECT 1 FROM agencies_agency a WHERE a.group_id = ANY ((SELECT app_groups())::int[]) "  # noqa: S608  # constants only
    f"AND a.role IN ({', '.join(repr(str(role)) for role in sorted(PARTY_READERS))}))"
)


class CaseParty(SectionedModel):
    """An agency takes part in this child's case, for a reason, from a moment, until a moment.

    It stands in the index (r01), which many agencies read, and beyond that both walls ask for one of `PARTY_READERS`.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=PartyKind.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    evidence = EncryptedTextField(max_length=160, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    wall: ClassVar[Wall] = replace(
        _SECTION,
        read=f"{_READS_PARTIES} AND ({_SECTION.read})",
        write=f"{_READS_PARTIES} AND ({_SECTION.write})",
    )

    class Meta:
        verbose_name_plural = "case parties"
        constraints = [
            models.UniqueConstraint(
                fields=["case_file", "agency", "kind"],
                condition=Q(until__isnull=True),
                name="party_once_while_open",
            ),
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gte=F("since")), name="party_leaves_after_it_joins"
            ),
        ]
        indexes = [models.Index(fields=["case_file"], name="parties_of_a_file")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def visibility(cls, viewer: Viewer, *, summary: bool) -> Q:
        if viewer.role not in PARTY_READERS:
            return Q(pk__in=[])
        return super().visibility(viewer, summary=summary)


class SeatFact(SectionedModel):
    """An agency holds a seat at one team meeting about this child (WIC 18951, 830, 18961.7).

    Written by the meeting's services and kept here, because the sharing rule reads it, and nobody else: people read the
    seats of a meeting in its own section. `deemed_in_writing` is the written reason that makes a person beyond the
    statutory members a member for this case.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    meeting = models.UUIDField()
    deemed_in_writing = EncryptedTextField(max_length=300, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    wall: ClassVar[Wall] = replace(ONLY_BECAUSE, rights=("SELECT", "INSERT", "UPDATE"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "agency"], name="one_seat_an_agency_and_meeting")
        ]
        indexes = [models.Index(fields=["case_file"], name="seats_of_a_file")]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def visibility(cls, viewer: Viewer, *, summary: bool) -> Q:
        return Q(pk__in=[])
