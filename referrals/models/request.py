"""Requests for access: somebody asks, by a case number, for records that the agreement opens on a paper."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, F, OuterRef, Q

from agencies.choices import Duty
from agencies.disclosure.categories import WRITERS
from agencies.disclosure.emergency import BASIS_EMERGENCY
from agencies.models import Agency
from cseccase.confidentiality.grants import live
from cseccase.confidentiality.models import ConfidentialModel
from cseccase.confidentiality.viewer import Viewer
from cseccase.confidentiality.walls import NOBODY, Wall
from cseccase.encryption.fields import EncryptedTextField
from referrals.models.case_file import _LIVE, CaseFile, SectionGroupGrant, SectionUserGrant
from referrals.models.emergency import file_kept

TAKES_PART = (
    "EXISTS (SELECT 1 FROM referrals_sectiongroupgrant g WHERE g.case_file_id = {table}.case_file_id "  # noqa: S608  # constants only
    f"AND g.group_id = ANY ((SELECT app_groups())::int[]) AND {_LIVE}) OR "
    "EXISTS (SELECT 1 FROM referrals_sectionusergrant g WHERE g.case_file_id = {table}.case_file_id "
    f"AND g.user_id = (SELECT app_viewer()) AND g.basis <> '{BASIS_EMERGENCY}' AND {_LIVE})"
)
"""SQL: the viewer's agency takes part in this row's case, or the viewer is named where it is restricted."""


class AccessRequest(ConfidentialModel):
    """One person asks for one category of one file, for their agency, with a reason and until when.

    `case_file` is empty where no file has that number. To the person who asks nothing is different: every no, and what
    nobody answers or can answer, is told at `lapses_at`. `paper` is the id of the paper on file that a yes rests on.
    """

    class Answer(models.TextChoices):
        APPROVED = "approved", "Approved"
        DENIED = "denied", "Denied"
        LAPSED = "lapsed", "Lapsed: nobody answered"

    number = models.CharField(max_length=12)
    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, null=True, related_name="+")
    asked_by = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=4)
    reason = EncryptedTextField(max_length=600)
    wanted_until = models.DateTimeField()
    asked_at = models.DateTimeField()
    due_at = models.DateTimeField()
    lapses_at = models.DateTimeField()
    answer = models.CharField(max_length=10, choices=Answer.choices, blank=True)
    answered_at = models.DateTimeField(null=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, related_name="+"
    )
    answer_words = EncryptedTextField(max_length=600, blank=True)
    paper = models.UUIDField(null=True)

    wall: ClassVar[Wall] = Wall(
        read=f"{{table}}.asked_by_id = (SELECT app_viewer()) OR {TAKES_PART}",
        write=NOBODY,
    )

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(wanted_until__gt=F("asked_at"))
                & Q(due_at__gt=F("asked_at"))
                & Q(lapses_at__gte=F("due_at")),
                name="access_request_moments_in_order",
            ),
            models.CheckConstraint(
                condition=Q(answer="", answered_at__isnull=True, answered_by__isnull=True)
                | (~Q(answer="") & Q(answered_at__isnull=False)),
                name="access_request_answer_is_whole",
            ),
            models.CheckConstraint(
                condition=~Q(answer="approved")
                | Q(paper__isnull=False, answered_by__isnull=False, case_file__isnull=False),
                name="access_request_approval_makes_a_paper",
            ),
            models.CheckConstraint(
                condition=Q(answered_by__isnull=True) | ~Q(answered_by=F("asked_by")),
                name="access_request_not_answered_by_oneself",
            ),
            models.CheckConstraint(condition=Q(reason__blank=False), name="access_request_says_why"),
            models.UniqueConstraint(
                fields=["asked_by", "number", "category"],
                condition=Q(answer=""),
                name="access_request_once_while_waiting",
            ),
        ]
        indexes = [
            models.Index(fields=["asked_by", "-asked_at"], name="access_requests_of_a_person"),
            models.Index(fields=["case_file"], name="access_requests_of_a_file"),
            models.Index(fields=["lapses_at"], condition=Q(answer=""), name="access_requests_waiting"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def visibility(cls, viewer: Viewer, *, summary: bool) -> Q:
        """One's own; and for supervisors of agencies that keep the file, or the records asked for, theirs to answer."""
        mine = Q(asked_by=viewer.person)
        if not viewer.groups or not viewer.has_duty(Duty.SUPERVISOR):
            return mine
        kept = [code for code, roles in WRITERS.items() if viewer.role in roles]
        case = live() & Q(case_file=OuterRef("case_file"))
        part = Q(Exists(SectionGroupGrant.objects.filter(case, group__in=viewer.groups))) | Q(
            Exists(SectionUserGrant.objects.filter(case & ~Q(basis=BASIS_EMERGENCY), user=viewer.person))
        )
        return mine | file_kept(viewer) | (Q(category__in=kept) & part)
