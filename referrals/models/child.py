"""Who the child is, where the child may be, and who told us: three sections, because three sets of people may know."""

from __future__ import annotations

from datetime import date
from typing import Any, ClassVar

from django.db import models

from cseccase.encryption.fields import EncryptedDateField, EncryptedTextField
from referrals.choices import Answer, ServicesSituation
from referrals.models.case_file import CaseFile, SectionedModel
from referrals.models.name_token import ChildToken


class Child(SectionedModel):
    """The child, youth or nonminor dependent of one case file (section r01: identity and contact index).

    The name may be no more than "says she is Jay"; the age may be a guess. `born_on` wins over `age_said`.
    """

    case_file = models.OneToOneField(CaseFile, on_delete=models.PROTECT, related_name="+")
    given_name = EncryptedTextField(max_length=128, blank=True)
    family_name = EncryptedTextField(max_length=128, blank=True)
    other_names = EncryptedTextField(max_length=200, blank=True)
    born_on = EncryptedDateField(null=True, blank=True)
    age_said = models.PositiveSmallIntegerField(null=True, blank=True)
    age_said_on = models.DateField(null=True, blank=True)
    language = EncryptedTextField(max_length=40, blank=True)
    indian_child = models.CharField(max_length=12, choices=Answer.choices, default=Answer.NOT_KNOWN)
    tribe = EncryptedTextField(max_length=120, blank=True)
    services = models.CharField(
        max_length=8, choices=ServicesSituation.choices, default=ServicesSituation.NOT_KNOWN
    )
    state_number = EncryptedTextField(
        max_length=24, blank=True, help_text="The child's number in the State system."
    )
    lead_worker = models.ForeignKey(
        "agencies.Person", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = ("id", "case_file_id")
    INDEXED_FIELDS: ClassVar[frozenset[str]] = frozenset(
        {"given_name", "family_name", "other_names", "born_on", "section"}
    )

    class Meta:
        verbose_name_plural = "children"
        constraints = [
            models.CheckConstraint(
                condition=models.Q(age_said__isnull=True) | models.Q(age_said__lte=25),
                name="age_said_is_a_youths_age",
            ),
            models.CheckConstraint(
                condition=models.Q(services__in=ServicesSituation.values), name="services_situation_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.case_file_id)

    def save(self, *args: Any, **kwargs: Any) -> None:
        """The child is found under its new names as soon as they are saved."""
        is_new, named = self._state.adding, kwargs.get("update_fields")
        super().save(*args, **kwargs)
        if named is None or not self.INDEXED_FIELDS.isdisjoint(named):
            self.index_rewrite(is_new=is_new)

    def index_rewrite(self, *, is_new: bool = False) -> None:
        """Makes the blind index say what this row says."""
        ChildToken.rewrite(
            child=self.pk,
            section=self.section_id,
            county=self.case_file.county_id,
            names=[self.given_name, self.family_name, self.other_names],
            born_on=self.born_on,
            is_new=is_new,
        )

    @property
    def initials(self) -> str:
        """`J. A.`, or a dash for a name not known: what pages show until somebody asks for the full name."""
        letters = [
            name.strip()[0].upper() + "." for name in (self.given_name, self.family_name) if name.strip()
        ]
        return " ".join(letters) or "Name not known"

    @property
    def full_name(self) -> str:
        return " ".join(part for part in (self.given_name, self.family_name) if part) or "Name not known"

    def age_on(self, day: date) -> int | None:
        """Whole years on a day: by birth date, else as said at the time, which is not carried forward."""
        if self.born_on is None:
            return self.age_said
        before_birthday = (day.month, day.day) < (self.born_on.month, self.born_on.day)
        return day.year - self.born_on.year - before_birthday


class Reporter(SectionedModel):
    """Who told the county (section r04). Penal Code 11167(d) closes the list of those who may know."""

    referral = models.UUIDField(db_index=True)
    call_back = EncryptedTextField(max_length=60, blank=True)
    name_or_role = EncryptedTextField(max_length=160, blank=True)
    category = EncryptedTextField(
        max_length=80, blank=True, help_text="Mandated reporter category, Penal Code 11165.7."
    )

    def __str__(self) -> str:
        return str(self.referral)


class Whereabouts(SectionedModel):
    """Where the child was said to be at a moment (section r19: live location and placement address)."""

    place = EncryptedTextField(max_length=300)
    said_at = models.DateTimeField()
    confidential_placement = models.BooleanField(default=False)

    class Meta:
        ordering = ["-said_at"]
        verbose_name_plural = "whereabouts"

    def __str__(self) -> str:
        return str(self.pk)
