"""What the API says of reports, of the access log and of what changed. No child's name is ever in it."""

from __future__ import annotations

from rest_framework import serializers

from reporting.log_kinds import KINDS


class PeriodOut(serializers.Serializer):
    """One period that may be reported, and how it stands: open, waiting, counting, failed or frozen."""

    period = serializers.CharField(source="period.key")
    state = serializers.CharField()
    shut_by = serializers.CharField(allow_blank=True)


class PeriodIn(serializers.Serializer):
    """Which quarter or year to count: "2026-q3", "2025"."""

    period = serializers.CharField(max_length=7)


class ReportOut(serializers.Serializer):
    """One frozen report, the masked object as it is everywhere else."""

    county = serializers.CharField()
    period = serializers.CharField()
    made_on = serializers.DateField()
    protocol = serializers.IntegerField()
    blocks = serializers.ListField(child=serializers.DictField())


class LogIn(serializers.Serializer):
    """Which entries: from a day to a day, of one kind of act, and the page."""

    from_on = serializers.DateField(required=False, allow_null=True, default=None)
    to_on = serializers.DateField(required=False, allow_null=True, default=None)
    kind = serializers.ChoiceField(
        [(kind.key, kind.label) for kind in KINDS], required=False, allow_blank=True, default=""
    )
    before = serializers.CharField(required=False, allow_blank=True, default="")

    def validate(self, attrs: dict[str, object]) -> dict[str, object]:
        first, last = attrs["from_on"], attrs["to_on"]
        if first and last and last < first:  # type: ignore[operator]
            raise serializers.ValidationError(
                {"to_on": "The last day is before the first. Choose a later one."}
            )
        return attrs


class LogLineOut(serializers.Serializer):
    """One entry: when, who, what they did, of what, and on which ground it is open to them."""

    at = serializers.DateTimeField()
    who = serializers.CharField()
    agency = serializers.CharField()
    done = serializers.CharField()
    what = serializers.CharField(allow_blank=True)
    why = serializers.CharField()
    case_number = serializers.CharField(allow_blank=True)
    is_refused = serializers.BooleanField()


class AgencyLooksOut(serializers.Serializer):
    """How often the people of one agency were there, in the whole stretch that was asked for."""

    agency = serializers.CharField()
    people = serializers.IntegerField()
    entries = serializers.IntegerField()


class CaseLogOut(serializers.Serializer):
    """Who looked at one case file, newest first. `own_agency_only`: the reviewer reads their own agency's looks."""

    case_file = serializers.UUIDField(source="case_id")
    number = serializers.CharField()
    own_agency_only = serializers.BooleanField()
    people = serializers.IntegerField(source="page.people")
    entries = serializers.IntegerField(source="page.entries")
    agencies = AgencyLooksOut(source="page.agencies", many=True)
    refused = LogLineOut(source="page.refused", many=True)
    results = LogLineOut(source="page.lines", many=True)
    next = serializers.CharField(source="page.before", allow_blank=True)


class PersonLogOut(serializers.Serializer):
    """What one person looked at, newest first."""

    person = serializers.UUIDField(source="person.id")
    name = serializers.CharField(source="person.full_name")
    entries = serializers.IntegerField(source="page.entries")
    results = LogLineOut(source="page.lines", many=True)
    next = serializers.CharField(source="page.before", allow_blank=True)


class ChangeOut(serializers.Serializer):
    """One field, before and after, in words."""

    field = serializers.CharField()
    before = serializers.CharField(allow_blank=True)
    after = serializers.CharField(allow_blank=True)


class VersionOut(serializers.Serializer):
    """One change of one record: what, when, by whom, field by field."""

    title = serializers.CharField()
    done = serializers.CharField()
    at = serializers.DateTimeField()
    who = serializers.CharField()
    agency = serializers.CharField()
    changes = ChangeOut(source="rows", many=True)


class HistoryOut(serializers.Serializer):
    """What changed in one case file as far as the caller may see it in full, newest first."""

    case_file = serializers.UUIDField(source="case_file.id")
    results = VersionOut(source="versions", many=True)
    next = serializers.CharField(source="before", allow_blank=True)
