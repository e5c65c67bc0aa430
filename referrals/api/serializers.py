"""What the API takes and gives, field by field; one serializer an audience, nothing by default."""

from __future__ import annotations

from rest_framework import serializers

from referrals.choices import Answer, Channel, Holder, Mode, PartyKind, ServicesSituation, Tier
from referrals.deadlines import kinds
from referrals.forms.papers import FORM_OF
from referrals.selectors.records import FULL, SUMMARY
from referrals.services.duty import ANSWERED

OUTCOMES = [(ANSWERED, "Somebody took it"), (kinds.VOICEMAIL, "A message was left")]


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
    """A referral as it was told. `received_at` is when your agency was told, not when you send this.

    `sending` is a UUID of the caller's: sent twice, the referral is logged once.
    """

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
    sending = serializers.UUIDField(required=False, allow_null=True, default=None)


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
    """How fast the county answers, and under whose jurisdiction.

    `seen` is the id of the decision that the caller had before them (empty for none): another one in between refuses.
    """

    tier = serializers.ChoiceField(Tier.choices)
    jurisdiction = serializers.ChoiceField(Holder.choices)
    lead = serializers.ChoiceField(
        [(Holder.CHILD_WELFARE.value, "Child Welfare"), (Holder.PROBATION.value, "Probation")],
        required=False,
        allow_null=True,
        default=None,
    )
    reason = serializers.CharField(required=False, allow_blank=True, default="")
    seen = serializers.CharField(required=False, allow_null=True, allow_blank=True, default=None)


class CaseOut(serializers.Serializer):
    """One case file of a list. `initials` is null for those who may not know who the child is, `last_referral_at` for those
    who may not know of reports.
    """

    id = serializers.UUIDField(source="case_file.id")
    number = serializers.CharField(source="case_file.number")
    initials = serializers.SerializerMethodField()
    last_referral_at = serializers.DateTimeField(allow_null=True)

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
    """One entry of the chronology. Those with summary access get the kind, the time and what it mends."""

    id = serializers.UUIDField()
    kind = serializers.CharField()
    occurred_at = serializers.DateTimeField()
    agency = serializers.UUIDField()
    access = serializers.CharField()
    supersedes = serializers.UUIDField(allow_null=True)
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


class EvidenceIn(serializers.Serializer):
    """What was done about a duty. `outcome` is asked of telephone calls, `recipient` where an agency was told."""

    occurred_at = serializers.DateTimeField()
    mode = serializers.ChoiceField(Mode.choices, required=False, allow_blank=True, default="")
    outcome = serializers.ChoiceField(OUTCOMES, required=False, allow_blank=True, default="")
    spoke_to = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    reference = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")
    recipient = serializers.UUIDField(required=False, allow_null=True, default=None)
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class RecordedOut(serializers.Serializer):
    """The entry that was made, whether it stopped the clock, and the duty as it stands now."""

    event = serializers.UUIDField()
    stopped = serializers.BooleanField()
    duty = DutyOut()


class TakeIn(serializers.Serializer):
    """`take_over` says that a colleague has the duty, and that this is meant."""

    take_over = serializers.BooleanField(default=False)


class DropIn(serializers.Serializer):
    """Why a duty does not apply."""

    reason = serializers.CharField(max_length=200)


class MissingIn(serializers.Serializer):
    """A missing child. What is not known stays empty: the reports are due at once with what there is."""

    told_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    last_seen_place = serializers.CharField(max_length=200, required=False, allow_blank=True, default="")
    description = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    endangerment = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")
    indian_child = serializers.ChoiceField(Answer.choices, default=Answer.NOT_KNOWN.value)
    tribe = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class LocatedIn(serializers.Serializer):
    """When and how the child was found."""

    located_at = serializers.DateTimeField()
    note = serializers.CharField(max_length=4000, required=False, allow_blank=True, default="")


class CorrectionIn(serializers.Serializer):
    """What was wrong. A time that is left out stays as it was; `withdraw` says that it never happened."""

    reason = serializers.CharField(max_length=400)
    withdraw = serializers.BooleanField(default=False)
    occurred_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    received_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    reference = serializers.CharField(max_length=60, required=False, allow_blank=True, default="")


class StatusChoiceOut(serializers.Serializer):
    """One of the State's six fields, as it may be chosen."""

    code = serializers.CharField()
    label = serializers.CharField()  # type: ignore[assignment]  # a question of ours, not the serializer's
    meaning = serializers.CharField()
    counts_toward = serializers.CharField()
    is_victim = serializers.BooleanField()
    needs_end = serializers.BooleanField()


class StatusRowOut(serializers.Serializer):
    """One row of a child's status; those with summary access get the field and its days, nothing else."""

    id = serializers.UUIDField()
    code = serializers.CharField(source="status.code")
    label = serializers.CharField(source="status.label")  # type: ignore[assignment]
    started_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    access = serializers.SerializerMethodField()
    started_estimated = serializers.BooleanField(source="row.started_estimated", required=False)
    reported_to_police = serializers.CharField(source="row.reported_to_police", required=False)
    set_at = serializers.DateTimeField(source="row.set_at", required=False)
    set_by_agency = serializers.UUIDField(source="row.set_by.agency_id", required=False)

    def get_access(self, line: object) -> str:
        return FULL if line.row is not None else SUMMARY  # type: ignore[attr-defined]


class ProjectCodeOut(serializers.Serializer):
    """The special project code of one referral; `referral` is null for those who may not see that referral."""

    id = serializers.UUIDField(source="pk")
    code = serializers.CharField()
    started_on = serializers.DateField()
    ended_on = serializers.DateField(allow_null=True)
    referral = serializers.UUIDField(allow_null=True)


class StatusOut(serializers.Serializer):
    """A child's status as the caller may read it, and what may be chosen by those who keep it."""

    may_write = serializers.BooleanField()
    identified_at = serializers.DateTimeField(allow_null=True)
    rows = StatusRowOut(source="lines", many=True)
    project_codes = ProjectCodeOut(source="codes", many=True)
    choices = StatusChoiceOut(many=True)


class StatusIn(serializers.Serializer):
    """One row of the State's grid. What looks odd is answered with 409 and its `doubts`; `sure` says that it is right."""

    code = serializers.CharField(max_length=4)
    started_on = serializers.DateField()
    started_estimated = serializers.BooleanField(required=False, default=False)
    ended_on = serializers.DateField(required=False, allow_null=True, default=None)
    reported_to_police = serializers.ChoiceField(Answer.choices, default=Answer.NOT_KNOWN.value)
    identified_at = serializers.DateTimeField(required=False, allow_null=True, default=None)
    ends_at_risk = serializers.BooleanField(required=False, default=False)
    sure = serializers.BooleanField(required=False, default=False)


class EndIn(serializers.Serializer):
    """The last day of something that held until then."""

    ended_on = serializers.DateField()


class SuggestIn(serializers.Serializer):
    """Answers to the State's decision table; "then" is the day of the exploitation."""

    victim = serializers.ChoiceField(Answer.choices, default=Answer.NOT_KNOWN.value)
    at_risk = serializers.ChoiceField(Answer.choices, default=Answer.NOT_KNOWN.value)
    in_care_then = serializers.ChoiceField(Answer.choices, default=Answer.NOT_KNOWN.value)
    absent_then = serializers.ChoiceField(Answer.choices, default=Answer.NOT_KNOWN.value)
    in_care_now = serializers.ChoiceField(Answer.choices, default=Answer.NOT_KNOWN.value)
    case_is_open = serializers.ChoiceField(Answer.choices, default=Answer.NOT_KNOWN.value)
    receives_ilp = serializers.ChoiceField(Answer.choices, default=Answer.NOT_KNOWN.value)


class SuggestionOut(serializers.Serializer):
    """The field the answers point to. A null `code` with a reason: no field fits; both null: not enough is known."""

    code = serializers.CharField(allow_null=True)
    reason = serializers.CharField(allow_null=True)


class PartyOut(serializers.Serializer):
    """One agency's part in a case, why, and until when."""

    id = serializers.UUIDField()
    agency = serializers.UUIDField(source="agency_id")
    kind = serializers.CharField()
    since = serializers.DateTimeField()
    until = serializers.DateTimeField(allow_null=True)
    evidence = serializers.CharField(allow_blank=True)


class PaperOut(serializers.Serializer):
    """A paper on file that opens one category of record to one recipient, and how it stands."""

    id = serializers.UUIDField(source="paper.pk")
    agency = serializers.UUIDField(source="paper.agency_id")
    person = serializers.UUIDField(source="paper.person_id", allow_null=True)
    kind = serializers.CharField(source="paper.terms.kind")
    category = serializers.CharField(source="paper.category")
    since = serializers.DateTimeField(source="paper.since")
    until = serializers.DateTimeField(source="paper.until", allow_null=True)
    revoked_at = serializers.DateTimeField(source="paper.revoked_at", allow_null=True)
    evidence = serializers.CharField(source="paper.evidence", allow_blank=True)
    state = serializers.CharField()


class MaySeeOut(serializers.Serializer):
    """One agency's sight of one category: how far, on which ground, until when."""

    agency = serializers.CharField()
    how = serializers.CharField()
    ground = serializers.CharField()
    ends_at = serializers.DateTimeField(allow_null=True)


class OpenToOut(serializers.Serializer):
    """One category of record with everybody who may see it."""

    record = serializers.CharField()
    open_to = MaySeeOut(many=True)


class SharingOut(serializers.Serializer):
    """Who takes part, what is open to whom and why, and the papers on file, for those who keep the file."""

    may_change = serializers.BooleanField()
    parties = PartyOut(many=True)
    papers = PaperOut(many=True)
    records = OpenToOut(many=True)


class PartyIn(serializers.Serializer):
    """An agency that joins the case, and what shows why."""

    agency = serializers.UUIDField()
    kind = serializers.ChoiceField(PartyKind.choices)
    evidence = serializers.CharField(max_length=160)


class PaperIn(serializers.Serializer):
    """A paper on file: its kind, and the answers to every question that its form asks of that kind."""

    kind = serializers.ChoiceField(sorted(FORM_OF))
    answers = serializers.DictField(child=serializers.CharField(allow_blank=True))


class RevokeIn(serializers.Serializer):
    """Who revoked the paper, and how it is known."""

    why = serializers.CharField(max_length=200)
