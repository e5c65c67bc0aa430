"""What the API takes and gives, field by field; one serializer an audience, nothing by default."""

from __future__ import annotations

from rest_framework import serializers

from referrals.choices import Answer, Channel, Holder, ServicesSituation, Tier


class ChildIn(serializers.Serializer):
    """What was said of one child. Leave out what is not known; `case_file` names a file found before."""

    given_name = serializers.CharField(max_length=128, required=False, allow_blank=True, default="")
    family_name = serializers.CharField(max_length=128, required=False, allow_blank=True, default="")
    other_names = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    born_on = serializers.DateField(required=False, allow_null=True, default=None)
    age_said = serializers.IntegerField(
        min_value=0, max_value=25, required=False, allow_null=True, default=None
    )
    language = serializers.CharField(max_length=40, required=False, allow_blank=True, default="")
    services = serializers.ChoiceField(ServicesSituation.choices, default=ServicesSituation.NOT_KNOWN.value)
    case_file = serializers.UUIDField(required=False, allow_null=True, default=None)


class ReferralIn(serializers.Serializer):
    """A referral as it was told. `received_at` is when your agency was told, not when you send this."""

    urgent = serializers.BooleanField()
    received_at = serializers.DateTimeField()
    call_back = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    reporter = serializers.CharField(max_length=160, required=False, allow_blank=True, default="")
    reporter_category = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    place = serializers.CharField(max_length=300, required=False, allow_blank=True, default="")
    immediate_danger = serializers.ChoiceField(Answer.choices, default=Answer.NOT_KNOWN.value)
    narrative = serializers.CharField(required=False, allow_blank=True, default="")
    holder = serializers.ChoiceField(Holder.choices, default=Holder.NOT_KNOWN.value)
    channel = serializers.ChoiceField(Channel.choices, default=Channel.PHONE.value)
    children = serializers.ListField(child=ChildIn(), min_length=1, max_length=12)


class ReferralSummaryOut(serializers.Serializer):
    """That a referral exists, for those who may know no more."""

    id = serializers.UUIDField()
    number = serializers.CharField()
    case_file = serializers.UUIDField(source="case_file_id")
    received_at = serializers.DateTimeField()
    access = serializers.CharField(default="summary")


class ReferralOut(ReferralSummaryOut):
    """A referral for those who may read it. The reporter is never part of it."""

    urgent = serializers.BooleanField()
    entered_at = serializers.DateTimeField()
    immediate_danger = serializers.CharField()
    holder = serializers.CharField()
    channel = serializers.CharField()
    narrative = serializers.CharField()
    access = serializers.CharField(default="full")


class ResponseIn(serializers.Serializer):
    """How fast the county answers, and under whose jurisdiction."""

    tier = serializers.ChoiceField(Tier.choices)
    jurisdiction = serializers.ChoiceField(Holder.choices)
    lead = serializers.ChoiceField(
        [(Holder.CHILD_WELFARE.value, "Child Welfare"), (Holder.PROBATION.value, "Probation")],
        required=False,
        allow_null=True,
        default=None,
    )
    reason = serializers.CharField(required=False, allow_blank=True, default="")


class CaseOut(serializers.Serializer):
    """One case file of a list. `child` is null for those who may not know who the child is."""

    id = serializers.UUIDField(source="case_file.id")
    number = serializers.CharField(source="case_file.number")
    initials = serializers.SerializerMethodField()
    last_referral_at = serializers.DateTimeField()

    def get_initials(self, row: object) -> str | None:
        child = row.child  # type: ignore[attr-defined]
        return child.initials if child else None


class EventIn(serializers.Serializer):
    """Something that happened, with its evidence (mode, recipient, reference…) under `facts`."""

    kind = serializers.CharField(max_length=40)
    occurred_at = serializers.DateTimeField()
    received_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    facts = serializers.DictField(child=serializers.JSONField(allow_null=True), required=False, default=dict)
    note = serializers.CharField(required=False, allow_blank=True, default="")


class EventOut(serializers.Serializer):
    """One entry of the chronology. Those with summary access get the kind and the time, nothing else."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    occurred_at = serializers.DateTimeField()
    agency = serializers.UUIDField()
    access = serializers.CharField()
    facts = serializers.DictField(required=False)
    note = serializers.CharField(required=False)
    corrected = serializers.BooleanField(required=False)


class DutyOut(serializers.Serializer):
    """One duty: what, whose, to whom, by when, and how it stands."""

    id = serializers.UUIDField(source="deadline.id")
    case_file = serializers.UUIDField(source="deadline.case_file_id")
    rule = serializers.CharField(source="rule.id")
    title = serializers.CharField(source="rule.title")
    force = serializers.CharField(source="deadline.force")
    citation = serializers.CharField(source="rule.citation")
    owed_by = serializers.UUIDField(source="deadline.owed_by_id")
    owed_to = serializers.CharField(source="deadline.owed_to")
    started_at = serializers.DateTimeField(source="deadline.started_at")
    due_at = serializers.DateTimeField(source="deadline.due_at")
    at_once = serializers.BooleanField(source="deadline.at_once")
    met_at = serializers.DateTimeField(source="deadline.met_at", allow_null=True)
    dropped = serializers.SerializerMethodField()
    group = serializers.CharField()

    def get_dropped(self, row: object) -> bool:
        return row.deadline.dropped_by is not None  # type: ignore[attr-defined]
