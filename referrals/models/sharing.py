"""The facts that open sections: who takes part in a case and why, and who authorised what."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from cseccase.encryption.fields import EncryptedTextField
from referrals.choices import PartyKind
from referrals.models.case_file import CaseFile, SectionedModel


class CaseParty(SectionedModel):
    """An agency takes part in this child's case, for a reason, from a moment, until a moment."""

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=PartyKind.choices)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    evidence = EncryptedTextField(max_length=160, blank=True)
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

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


class SeatFact(SectionedModel):
    """An agency holds a seat at one team meeting about this child (WIC 18951, 830, 18961.7).

    Written by the meeting's services and kept here, because the sharing rule reads it. `deemed_in_writing` is the
    written reason that makes a person beyond the statutory members a member for this case.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    meeting = models.UUIDField()
    deemed_in_writing = EncryptedTextField(max_length=300, blank=True)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "agency"], name="one_seat_an_agency_and_meeting")
        ]
        indexes = [models.Index(fields=["case_file"], name="seats_of_a_file")]

    def __str__(self) -> str:
        return str(self.pk)
