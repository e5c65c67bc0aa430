"""What the API takes and says of team meetings, field by field; what it says goes to those who hold a seat at them."""

from __future__ import annotations

from rest_framework import serializers

from mdt.choices import Attendance, Briefing, Kind, Mode, Participation, Reply, Wish
from mdt.selectors.candidates import Table
from mdt.tiers import STATUTORY_SEATS


def _words(length: int) -> serializers.CharField:
    return serializers.CharField(max_length=length, required=False, allow_blank=True, default="")


class MeetingOut(serializers.Serializer):
    """One meeting: when, how, in which tier, and how it stands. No child is named."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    case_file = serializers.UUIDField(source="case_file_id")
    kind = serializers.CharField()
    tier = serializers.CharField()
    mode = serializers.CharField()
    state = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)
    place = serializers.CharField()
    reason = serializers.CharField()
    lead_agency = serializers.UUIDField(source="lead_agency_id")
    held_at = serializers.DateTimeField(allow_null=True)
    next_meeting_on = serializers.DateField(allow_null=True)


class SeatOut(serializers.Serializer):
    """One seat: which agency, who sits in it, and what they answered."""

    agency = serializers.UUIDField(source="agency_id")
    person = serializers.UUIDField(source="person_id", allow_null=True)
    asked_by_law = serializers.BooleanField()
    deemed_reason = serializers.CharField(allow_blank=True)
    reply = serializers.CharField()
    reply_note = serializers.CharField(allow_blank=True)
    attendance = serializers.CharField(allow_blank=True)
    left_early = serializers.BooleanField()


class DecisionOut(serializers.Serializer):
    """Something the team agreed on."""

    id = serializers.UUIDField()
    words = serializers.CharField()
    decided_at = serializers.DateTimeField()


class ItemOut(serializers.Serializer):
    """One item of the agenda with its minutes. `written_at` goes back as `based_on` with newer minutes."""

    id = serializers.UUIDField(source="item.id")
    position = serializers.IntegerField(source="item.position")
    title = serializers.CharField(source="item.title")
    minutes = serializers.CharField(source="item.minutes", allow_blank=True)
    done_at = serializers.DateTimeField(source="item.done_at", allow_null=True)
    written_at = serializers.DateTimeField(source="item.written_at", allow_null=True)
    decisions = DecisionOut(many=True)


class ActionOut(serializers.Serializer):
    """What one agency does because the team decided it. It names neither meeting nor decision: its agency may have had no seat."""

    id = serializers.UUIDField()
    case_file = serializers.UUIDField(source="case_file_id")
    words = serializers.CharField()
    agency = serializers.UUIDField(source="agency_id")
    owner = serializers.UUIDField(source="owner_id", allow_null=True)
    due_on = serializers.DateField()
    done_at = serializers.DateTimeField(allow_null=True)
    done_note = serializers.CharField(allow_blank=True)


class MeetingActionOut(ActionOut):
    """An action as those with a seat at its meeting read it: with the decision that it follows from."""

    decision = serializers.UUIDField()


class ChildSideOut(serializers.Serializer):
    """What the child was told, asked and answered about one meeting."""

    wish = serializers.CharField(source="child_wish")
    wish_note = serializers.CharField(source="child_wish_note")
    part = serializers.CharField(source="child_part")
    part_note = serializers.CharField(source="child_part_note")
    briefing = serializers.CharField()
    briefing_version = serializers.CharField()
    briefing_language = serializers.CharField()
    briefing_note = serializers.CharField()
    briefed_at = serializers.DateTimeField(allow_null=True)
    person_with_child = serializers.UUIDField(source="person_with_child_id", allow_null=True)


class MeetingWithSeatsOut(serializers.Serializer):
    """One meeting as those with a seat read it: seats, agenda, decisions, actions, and what keeps it from being held."""

    meeting = MeetingOut()
    seats = SeatOut(many=True)
    child = ChildSideOut()
    agenda = ItemOut(many=True)
    actions = MeetingActionOut(many=True)
    gaps = serializers.ListField(child=serializers.CharField())


class CandidateOut(serializers.Serializer):
    """Somebody who works for an agency; `obstacle` says why they cannot take a seat, and is empty when they can."""

    person = serializers.UUIDField()
    name = serializers.CharField()
    obstacle = serializers.CharField(allow_blank=True)


class TableOut(serializers.Serializer):
    """An agency that may be given a seat. `needs_reason`: it is a member only with a reason in writing."""

    agency = serializers.UUIDField(source="agency.id")
    role = serializers.CharField(source="agency.role")
    name = serializers.CharField(source="agency.name")
    asked_by_law = serializers.SerializerMethodField()
    needs_reason = serializers.BooleanField(source="deemed")
    people = CandidateOut(many=True)

    def get_asked_by_law(self, table: Table) -> bool:
        return table.agency.role in STATUTORY_SEATS


class SeatIn(serializers.Serializer):
    """Who comes for one agency: a person, or nobody yet; with the written reason for a member beyond the law's."""

    person = serializers.UUIDField(required=False, allow_null=True, default=None)
    reason = _words(300)


class SeatOfAgencyIn(SeatIn):
    """One agency to invite."""

    agency = serializers.UUIDField()


class WhenIn(serializers.Serializer):
    """When, how and why a team meets. `place` is neutral: never where the child lives."""

    kind = serializers.ChoiceField(Kind.choices)
    mode = serializers.ChoiceField(Mode.choices)
    starts_at = serializers.DateTimeField()
    minutes = serializers.IntegerField(default=60)
    reason = serializers.CharField(max_length=300)
    place = _words(160)
    not_in_person_reason = _words(300)


class MeetingIn(WhenIn):
    """A meeting to plan. `sending` is a UUID of the caller's: sent twice, the meeting is planned once."""

    seats = SeatOfAgencyIn(many=True)
    sending = serializers.UUIDField(required=False, allow_null=True, default=None)


class CancelIn(serializers.Serializer):
    """Why a meeting does not take place. Members read this."""

    reason = serializers.CharField(max_length=300)


class AnswerIn(serializers.Serializer):
    """A member's answer to the invitation; it may name who comes."""

    reply = serializers.ChoiceField([choice for choice in Reply.choices if choice[0] != Reply.NONE])
    person = serializers.UUIDField(required=False, allow_null=True, default=None)
    note = _words(200)


class ChildSideIn(serializers.Serializer):
    """The child's side of one meeting, as far as it is known; the whole of it is sent each time."""

    wish = serializers.ChoiceField(Wish.choices, default=Wish.NOT_ASKED.value)
    wish_note = _words(300)
    part = serializers.ChoiceField(Participation.choices, default=Participation.NOT_RECORDED.value)
    part_note = _words(300)
    briefing = serializers.ChoiceField(Briefing.choices, default=Briefing.NOT_RECORDED.value)
    briefing_version = _words(40)
    briefing_language = _words(40)
    briefing_note = _words(300)
    briefed_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    person_with_child = serializers.UUIDField(required=False, allow_null=True, default=None)


class AttendanceIn(serializers.Serializer):
    """Whether the member of one agency took part."""

    agency = serializers.UUIDField()
    attendance = serializers.ChoiceField([choice for choice in Attendance.choices if choice[0]])
    left_early = serializers.BooleanField(default=False)


class HeldIn(serializers.Serializer):
    """What is recorded when a meeting is over: one line for each seat, and when the team meets again."""

    held_at = serializers.DateTimeField()
    attendance = AttendanceIn(many=True)
    next_meeting_on = serializers.DateField(required=False, allow_null=True, default=None)


class MinutesIn(serializers.Serializer):
    """The minutes of one item. `based_on` is the `written_at` that the writer had before them."""

    words = serializers.CharField(max_length=20_000, allow_blank=True)
    done = serializers.BooleanField(default=False)
    based_on = serializers.DateTimeField(required=False, allow_null=True, default=None)


class ActionIn(serializers.Serializer):
    """What one agency does: no more words than that agency needs."""

    words = serializers.CharField(max_length=300)
    agency = serializers.UUIDField()
    owner = serializers.UUIDField(required=False, allow_null=True, default=None)
    due_on = serializers.DateField()


class DecisionIn(serializers.Serializer):
    """Something the team agreed on, with the action that follows from it; sent twice with one `sending`, added once."""

    words = serializers.CharField(max_length=500)
    action = ActionIn(required=False, allow_null=True, default=None)
    sending = serializers.UUIDField(required=False, allow_null=True, default=None)


class DoneIn(serializers.Serializer):
    """What was done, in a few words for the team."""

    note = serializers.CharField(max_length=300)


class SafetyPlanIn(serializers.Serializer):
    """The six parts, all of them each time. `based_on` is the `written_at` that the writer had before them."""

    dangers = _words(10_000)
    triggers = _words(10_000)
    calming = _words(10_000)
    prevention = _words(10_000)
    safe_adults = _words(10_000)
    if_unsafe = _words(10_000)
    reviewed = serializers.BooleanField(default=False)
    based_on = serializers.DateTimeField(required=False, allow_null=True, default=None)
    meeting = serializers.UUIDField(required=False, allow_null=True, default=None)


class SafetyPlanOut(serializers.Serializer):
    """The plan in full, or in summary that it stands and since when; every field null: none is written yet."""

    access = serializers.CharField()
    written_at = serializers.DateTimeField(allow_null=True)
    reviewed_at = serializers.DateTimeField(allow_null=True)
    dangers = serializers.CharField(required=False, allow_blank=True)
    triggers = serializers.CharField(required=False, allow_blank=True)
    calming = serializers.CharField(required=False, allow_blank=True)
    prevention = serializers.CharField(required=False, allow_blank=True)
    safe_adults = serializers.CharField(required=False, allow_blank=True)
    if_unsafe = serializers.CharField(required=False, allow_blank=True)
