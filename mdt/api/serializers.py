"""What the API says of a team meeting to those who hold a seat at it."""

from __future__ import annotations

from rest_framework import serializers


class MeetingOut(serializers.Serializer):
    """One meeting: when, how, in which tier, and how it stands. No child is named."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    case_file = serializers.UUIDField(source="case_file_id")
    tier = serializers.CharField()
    mode = serializers.CharField()
    state = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)


class SeatOut(serializers.Serializer):
    """One seat: which agency, who sits in it, and what they answered."""

    agency = serializers.UUIDField(source="agency_id")
    person = serializers.UUIDField(source="person_id", allow_null=True)
    asked_by_law = serializers.BooleanField()
    reply = serializers.CharField()
    attendance = serializers.CharField(allow_blank=True)
