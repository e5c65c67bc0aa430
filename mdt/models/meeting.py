"""A team meeting about one child, and the seats at its table."""

from __future__ import annotations

from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import F, Q

from agencies.models import Agency
from cseccase.encryption.fields import EncryptedTextField
from mdt.choices import Attendance, Briefing, Kind, Mode, Participation, Reply, State, Wish
from mdt.tiers import STATUTORY_SEATS
from referrals.models.case_file import CaseFile, Numbered, SectionedModel


class Meeting(Numbered, SectionedModel):
    """One meeting of the team of one child, in the section of its own minutes (r24): only its members know of it.

    `place` is neutral and never the place where the child lives. `sequence` counts what calendars were told, so that a
    later invitation replaces an earlier one. What the child was told and wished stands here, not in a member's memory.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=12, choices=Kind.choices)
    mode = models.CharField(max_length=12, choices=Mode.choices)
    state = models.CharField(max_length=12, choices=State.choices, default=State.SCHEDULED)
    lead_agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    facilitator = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    starts_at = models.DateTimeField()
    ends_at = models.DateTimeField()
    place = EncryptedTextField(max_length=160, blank=True)
    reason = EncryptedTextField(max_length=300)
    not_in_person_reason = EncryptedTextField(max_length=300, blank=True)
    person_with_child = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    sequence = models.PositiveIntegerField(default=0)

    child_wish = models.CharField(max_length=12, choices=Wish.choices, blank=True)
    child_wish_note = EncryptedTextField(max_length=300, blank=True)
    child_part = models.CharField(max_length=12, choices=Participation.choices, blank=True)
    child_part_note = EncryptedTextField(max_length=300, blank=True)
    briefing = models.CharField(max_length=12, choices=Briefing.choices, blank=True)
    briefing_version = models.CharField(max_length=40, blank=True)
    briefing_language = EncryptedTextField(max_length=40, blank=True)
    briefing_note = EncryptedTextField(max_length=300, blank=True)
    briefed_at = models.DateTimeField(null=True, blank=True)
    briefed_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    held_at = models.DateTimeField(null=True, blank=True)
    held_recorded_at = models.DateTimeField(null=True, blank=True)
    next_meeting_on = models.DateField(null=True, blank=True)
    cancelled_at = models.DateTimeField(null=True, blank=True)
    cancel_reason = EncryptedTextField(max_length=300, blank=True)

    reference_prefix: ClassVar[str] = "M"

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(ends_at__gt=F("starts_at")), name="meeting_ends_after_it_starts"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.HELD) | Q(held_at__isnull=False), name="meeting_held_has_a_moment"
            ),
            models.CheckConstraint(
                condition=~Q(state=State.HELD) | Q(mode=Mode.IN_PERSON) | Q(person_with_child__isnull=False),
                name="meeting_held_from_afar_has_somebody_with_the_child",
            ),
            models.CheckConstraint(
                condition=~Q(state=State.CANCELLED) | Q(cancelled_at__isnull=False),
                name="meeting_cancelled_has_a_moment",
            ),
            models.CheckConstraint(condition=Q(kind__in=Kind.values), name="meeting_kind_is_known"),
            models.CheckConstraint(condition=Q(mode__in=Mode.values), name="meeting_mode_is_known"),
            models.CheckConstraint(condition=Q(state__in=State.values), name="meeting_state_is_known"),
        ]
        indexes = [
            models.Index(fields=["starts_at", "id"], name="meetings_by_day"),
            models.Index(fields=["case_file", "-starts_at"], name="meetings_of_a_file"),
        ]

    def __str__(self) -> str:
        return self.number

    @property
    def tier(self) -> str:
        return Kind(self.kind).tier

    @property
    def is_open(self) -> bool:
        """Whether the meeting may still be planned, moved, held or cancelled."""
        return self.state == State.SCHEDULED


class Seat(SectionedModel):
    """One agency's place at one meeting, and the person who fills it.

    `deemed_reason` is the written reason that makes somebody beyond the statutory members a member for this case
    (WIC 18951(d), 18964). A seat given up keeps its row and its answer; `removed_at` says since when it is none.
    """

    meeting = models.ForeignKey(Meeting, on_delete=models.PROTECT, related_name="+")
    agency = models.ForeignKey(Agency, on_delete=models.PROTECT, related_name="+")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    deemed_reason = EncryptedTextField(max_length=300, blank=True)
    invited_at = models.DateTimeField()
    removed_at = models.DateTimeField(null=True, blank=True)
    reply = models.CharField(max_length=8, choices=Reply.choices, default=Reply.NONE)
    reply_note = EncryptedTextField(max_length=200, blank=True)
    replied_at = models.DateTimeField(null=True, blank=True)
    replied_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    attendance = models.CharField(max_length=8, choices=Attendance.choices, blank=True)
    left_early = models.BooleanField(default=False)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["meeting", "agency"], name="one_seat_an_agency"),
            models.CheckConstraint(
                condition=~Q(attendance__in=[Attendance.HERE, Attendance.PHONE]) | Q(person__isnull=False),
                name="nobody_nameless_attends",
            ),
            models.CheckConstraint(condition=Q(reply__in=Reply.values), name="seat_reply_is_known"),
            models.CheckConstraint(
                condition=Q(attendance__in=Attendance.values), name="seat_attendance_is_known"
            ),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @property
    def asked_by_law(self) -> bool:
        """Whether the law asks for this agency on every team (WIC 16524.7(d)(2)(B))."""
        return self.agency.role in STATUTORY_SEATS

    @property
    def attended(self) -> bool:
        return self.attendance in {Attendance.HERE, Attendance.PHONE}
