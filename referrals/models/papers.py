"""Each kind of paper that opens a section, with the elements that the law asks of it."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from agencies.disclosure import papers
from agencies.disclosure.papers.minors import MINOR_CONSENT
from agencies.disclosure.papers.own_word import TASKS
from agencies.disclosure.papers.releases import PRIVILEGES
from agencies.disclosure.papers.terms import Terms
from cseccase.encryption.fields import EncryptedTextField
from referrals.models.case_file import CaseFile, SectionedModel
from referrals.models.paper import Paper, SignedPaper

MINOR_SECTIONS = [(code, f"{care.words} ({care.law})") for code, care in MINOR_CONSENT.items()]
PARAGRAPHS = [
    ("E", "Counsel of a party who takes part in the case (E)"),
    ("K", "Member of a children’s team, to inspect only (K)"),
    ("V", "The young person’s attorney (V)"),
]


class CourtOrder(Paper):
    """A court lets one agency have one category of record (WIC 827(a)(1)(Q); for Part 2 records 42 CFR 2.61-2.67)."""

    court = EncryptedTextField(max_length=120)
    case_number = EncryptedTextField(max_length=40)
    judge = EncryptedTextField(max_length=128)
    ordered_on = models.DateField()
    terms_ordered = EncryptedTextField(max_length=400)
    part_2_findings = models.BooleanField(default=False)

    terms_type: ClassVar[type[Terms]] = papers.CourtOrderTerms

    class Meta(Paper.Meta):
        constraints = [
            *Paper.Meta.constraints,
            models.CheckConstraint(
                condition=~Q(category="r10") | Q(part_2_findings=True), name="part_2_order_has_its_findings"
            ),
        ]


class InformationRelease(SignedPaper):
    """A release of health records (HIPAA, CMIA) or school records (FERPA, Education Code 49075)."""

    what = EncryptedTextField(max_length=300)
    purpose = EncryptedTextField(max_length=300)
    minor_section = models.CharField(max_length=6, choices=MINOR_SECTIONS, blank=True)
    revocable = models.BooleanField(default=False)
    not_a_condition = models.BooleanField(default=False)
    may_travel_on = models.BooleanField(default=False)

    terms_type: ClassVar[type[Terms]] = papers.ReleaseTerms


class Part2Consent(SignedPaper):
    """The patient's written consent to disclose substance-use treatment records (42 CFR 2.31)."""

    patient_named = models.BooleanField(default=False)
    program = EncryptedTextField(max_length=128)
    what = EncryptedTextField(max_length=300)
    purpose = EncryptedTextField(max_length=300)
    revocable = models.BooleanField(default=False)
    consequences = models.BooleanField(default=False)
    ends_upon = EncryptedTextField(max_length=200, blank=True)

    terms_type: ClassVar[type[Terms]] = papers.Part2Terms

    class Meta(SignedPaper.Meta):
        constraints = [
            *SignedPaper.Meta.constraints,
            models.CheckConstraint(
                condition=Q(until__isnull=False) | Q(ends_upon__blank=False), name="part_2_consent_ends"
            ),
        ]


class TeamRelease(SignedPaper):
    """A participant's written release to the child and family team (WIC 832)."""

    participant = EncryptedTextField(max_length=128)
    no_adoption_records = models.BooleanField(default=False)

    terms_type: ClassVar[type[Terms]] = papers.TeamReleaseTerms


class YouthChoice(Paper):
    """Whom the child lets know about identity, or about care of their own consent; one recipient a choice."""

    allows = EncryptedTextField(max_length=300)
    signed = models.BooleanField(default=False)
    signed_on = models.DateField()
    minor_section = models.CharField(max_length=6, choices=MINOR_SECTIONS, blank=True)

    terms_type: ClassVar[type[Terms]] = papers.ChoiceTerms


class AdultConsent(Paper):
    """A nonminor dependent's explicit, written, informed consent (WIC 18964(c))."""

    explained = EncryptedTextField(max_length=300)
    purpose = EncryptedTextField(max_length=300)
    in_writing = models.BooleanField(default=False)
    signed_on = models.DateField()

    terms_type: ClassVar[type[Terms]] = papers.AdultConsentTerms


class CasaAppointment(Paper):
    """The court's order that appoints an advocate and lets the advocate read records (WIC 103, 107)."""

    court = EncryptedTextField(max_length=120)
    case_number = EncryptedTextField(max_length=40)
    ordered_on = models.DateField()
    advocate = EncryptedTextField(max_length=128)
    reads_records = models.BooleanField(default=False)

    terms_type: ClassVar[type[Terms]] = papers.CasaTerms


class Retainer(Paper):
    """An attorney or legal provider acts for the young person, appointed or retained."""

    attorney = EncryptedTextField(max_length=128)
    began_on = models.DateField()
    appointed = models.BooleanField(default=False)
    court = EncryptedTextField(max_length=120, blank=True)
    case_number = EncryptedTextField(max_length=40, blank=True)
    acts_for_youth = models.BooleanField(default=False)

    terms_type: ClassVar[type[Terms]] = papers.RetainerTerms


class NeedToKnow(Paper):
    """A task for which a recipient must know, with its end; in force once a supervisor of the keeping agency agreed."""

    task = models.CharField(max_length=16, choices=list(TASKS.items()))
    purpose = EncryptedTextField(max_length=300)
    approved_at = models.DateTimeField(null=True, blank=True)
    approved_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    terms_type: ClassVar[type[Terms]] = papers.NeedTerms

    class Meta(Paper.Meta):
        verbose_name_plural = "needs to know"
        constraints = [
            *Paper.Meta.constraints,
            models.CheckConstraint(condition=Q(until__isnull=False), name="need_to_know_has_an_end"),
        ]


class CourtFileStanding(Paper):
    """A recipient stands in the list of WIC 827(a)(1); a team member inspects and takes no copy (827(a)(5))."""

    paragraph = models.CharField(max_length=1, choices=PARAGRAPHS)
    capacity = EncryptedTextField(max_length=160)
    case_number = EncryptedTextField(max_length=40, blank=True)
    takes_part = models.BooleanField(default=False)

    terms_type: ClassVar[type[Terms]] = papers.CourtFileTerms


class PrivilegeWaiver(SignedPaper):
    """The holder of a privilege lets one agency have what was told in confidence (Evidence Code 912)."""

    privilege = models.CharField(max_length=8)
    what = EncryptedTextField(max_length=300)

    terms_type: ClassVar[type[Terms]] = papers.PrivilegeTerms

    class Meta(SignedPaper.Meta):
        constraints = [
            *SignedPaper.Meta.constraints,
            models.CheckConstraint(condition=Q(privilege__in=list(PRIVILEGES)), name="privilege_is_known"),
        ]


class SealedPurpose(Paper):
    """One of the few purposes for which a sealed record may be read (WIC 786, 787)."""

    authority = EncryptedTextField(max_length=120)
    purpose = EncryptedTextField(max_length=300)

    terms_type: ClassVar[type[Terms]] = papers.SealedTerms


class GoodCause(SectionedModel):
    """Why a team of two may share for more than 30 days after the report (WIC 18961.7(c)), in the meeting's minutes."""

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    meeting = models.UUIDField()
    until = models.DateTimeField()
    reason = EncryptedTextField(max_length=400)
    recorded_at = models.DateTimeField()
    recorded_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")

    class Meta:
        verbose_name_plural = "good causes"
        constraints = [
            models.CheckConstraint(condition=Q(reason__blank=False), name="good_cause_has_a_reason")
        ]
        indexes = [models.Index(fields=["case_file"], name="good_causes_of_a_file")]

    def __str__(self) -> str:
        return str(self.pk)


PAPER_MODELS: tuple[type[Paper], ...] = (
    CourtOrder,
    InformationRelease,
    Part2Consent,
    TeamRelease,
    YouthChoice,
    AdultConsent,
    CasaAppointment,
    Retainer,
    NeedToKnow,
    CourtFileStanding,
    PrivilegeWaiver,
    SealedPurpose,
)
MODEL_OF: dict[str, type[Paper]] = {model.terms_type.kind: model for model in PAPER_MODELS}
