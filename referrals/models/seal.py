"""Parts of a case file that a court's order seals: treated as not existing."""

from __future__ import annotations

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from cseccase.encryption.fields import EncryptedTextField
from referrals.choices import SealLaw
from referrals.models.case_file import CaseFile, SectionedModel


class SectionSeal(SectionedModel):
    """A court's order seals one section (WIC 781, 786, 787, 827.95). It stands in that section, so it is hidden with it.

    It is never taken back but by another order, whose words are the `lifted_…` fields.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    law = models.CharField(max_length=8, choices=SealLaw.choices)
    court = EncryptedTextField(max_length=120)
    case_number = EncryptedTextField(max_length=40)
    ordered_on = models.DateField()
    evidence = EncryptedTextField(max_length=160)
    sealed_at = models.DateTimeField()
    sealed_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    lifted_at = models.DateTimeField(null=True)
    lifted_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    lifted_court = EncryptedTextField(max_length=120, blank=True)
    lifted_case_number = EncryptedTextField(max_length=40, blank=True)
    lifted_ordered_on = models.DateField(null=True)
    lifted_evidence = EncryptedTextField(max_length=160, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["section"], condition=Q(lifted_at__isnull=True), name="one_seal_a_section"
            ),
            models.CheckConstraint(
                condition=Q(law__in=["781", "786", "787", "827.95"]), name="seal_law_is_known"
            ),
            models.CheckConstraint(
                condition=Q(court__blank=False, case_number__blank=False, evidence__blank=False),
                name="seal_names_its_order",
            ),
            models.CheckConstraint(
                condition=Q(lifted_at__isnull=True, lifted_by__isnull=True)
                | Q(
                    lifted_at__gte=F("sealed_at"),
                    lifted_by__isnull=False,
                    lifted_ordered_on__isnull=False,
                    lifted_court__blank=False,
                    lifted_case_number__blank=False,
                    lifted_evidence__blank=False,
                ),
                name="seal_is_lifted_by_an_order",
            ),
        ]
        indexes = [models.Index(fields=["case_file"], name="seals_of_a_file")]

    def __str__(self) -> str:
        return str(self.pk)
