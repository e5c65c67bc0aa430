"""Papers on file that open one category of record to one recipient: the fields every kind has."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.disclosure.papers.releases import SignedTerms
from agencies.disclosure.papers.terms import SIGNERS, Terms
from agencies.models import Agency
from cseccase.encryption.fields import EncryptedTextField
from referrals.models.case_file import CaseFile, SectionedModel


class Paper(SectionedModel):
    """A paper on file: to whom it opens which category, from when, until when, where it lies, and when it was revoked.

    It stands in the section that it opens, so whoever reads the record reads on which paper. `person` is set where
    it names one person of the agency; `discloser` where it opens only what that agency holds.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    discloser = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    category = models.CharField(max_length=4)
    since = models.DateTimeField()
    until = models.DateTimeField(null=True, blank=True)
    evidence = EncryptedTextField(max_length=160)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    revoked_at = models.DateTimeField(null=True, blank=True)
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    revoked_why = EncryptedTextField(max_length=200, blank=True)

    terms_type: ClassVar[type[Terms]]
    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = ("id", "category", "since", "until", "revoked_at")

    class Meta:
        abstract = True
        constraints = [
            models.CheckConstraint(
                condition=Q(until__isnull=True) | Q(until__gt=F("since")), name="%(class)s_ends_after_start"
            ),
            models.CheckConstraint(condition=Q(evidence__blank=False), name="%(class)s_has_evidence"),
            models.CheckConstraint(
                condition=Q(revoked_at__isnull=True) | Q(revoked_why__blank=False),
                name="%(class)s_revoked_with_reason",
            ),
        ]
        indexes = [models.Index(fields=["case_file"], name="%(class)s_by_file")]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def terms(self) -> Terms:
        """What the paper says, for the rules."""
        values = {
            field.name: getattr(self, TERM_COLUMNS.get(field.name, field.name))
            for field in fields(self.terms_type)
        }
        return self.terms_type(**values)

    @classmethod
    def said_columns(cls, terms: Terms) -> dict[str, Any]:
        """The columns that hold these terms."""
        return {TERM_COLUMNS.get(f.name, f.name): getattr(terms, f.name) for f in fields(terms)}


TERM_COLUMNS: Mapping[str, str] = {
    "agency": "agency_id",
    "person": "person_id",
    "discloser": "discloser_id",
}


class SignedPaper(Paper):
    """A paper that somebody signed."""

    signer = EncryptedTextField(max_length=128)
    capacity = models.CharField(max_length=12, choices=list(SIGNERS.items()))
    signed_on = models.DateField()

    terms_type: ClassVar[type[Terms]] = SignedTerms

    class Meta(Paper.Meta):
        abstract = True
