"""The API of the work on cases: what was done about a duty, a missing child, and the correction of an entry."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from drf_spectacular.utils import extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cseccase import clock
from cseccase.api.views import HouseApi
from cseccase.errors import NotVisible, RuleBroken
from referrals import policies
from referrals.api import serializers
from referrals.api.views.records import event_recorded
from referrals.choices import Answer
from referrals.deadlines import kinds
from referrals.selectors.case_file import access_case
from referrals.selectors.duty import access_duty, recipients_of, row_of
from referrals.selectors.records import entry_to_correct
from referrals.services.acknowledgement import duty_acknowledge
from referrals.services.duty import Evidence, duty_drop, duty_satisfy, duty_take
from referrals.services.entry import entry_correct
from referrals.services.missing import MissingSaid, child_locate, missing_record


class _DutyApi(HouseApi):
    """One duty, reached through its door."""

    def _shown(self, duty_id: UUID, now: datetime) -> Response:
        deadline = access_duty(viewer=self.viewer, duty_id=duty_id, now=now)
        return Response(serializers.DutyOut(row_of(deadline, viewer=self.viewer, now=now)).data)


class DutyEvidenceApi(_DutyApi):
    """Records what was done about a duty; a message left, or a report without its number, stops nothing."""

    actions = {"POST": "duty.satisfy"}

    @extend_schema(request=serializers.EvidenceIn, responses={201: serializers.RecordedOut})
    def post(self, request: Request, duty_id: UUID) -> Response:
        now = clock.now()
        deadline = access_duty(viewer=self.viewer, duty_id=duty_id, now=now)
        given = serializers.EvidenceIn(data=request.data)
        given.is_valid(raise_exception=True)
        evidence = Evidence(**given.validated_data)
        if evidence.mode == kinds.TELEPHONE and not evidence.outcome:
            raise RuleBroken("Say whether somebody took the call or a message was left.", field="outcome")
        if evidence.recipient is None and recipients_of(deadline):
            raise RuleBroken("Name the agency that was told.", field="recipient")
        done = duty_satisfy(viewer=self.viewer, deadline=deadline, evidence=evidence, now=now)
        duty = self._shown(duty_id, now).data
        return Response({"event": done.event.pk, "stopped": done.stopped, "duty": duty}, status=201)


class DutyTakeApi(_DutyApi):
    """Takes a duty on, or over from a colleague."""

    actions = {"POST": "duty.take"}

    @extend_schema(request=serializers.TakeIn, responses={200: serializers.DutyOut})
    def post(self, request: Request, duty_id: UUID) -> Response:
        now = clock.now()
        deadline = access_duty(viewer=self.viewer, duty_id=duty_id, now=now)
        given = serializers.TakeIn(data=request.data)
        given.is_valid(raise_exception=True)
        duty_take(viewer=self.viewer, deadline=deadline, now=now, **given.validated_data)
        return self._shown(duty_id, now)


class DutyAcknowledgeApi(_DutyApi):
    """Says that the caller sees to what this duty called for; nobody further up is called. The clock runs on."""

    actions = {"POST": "duty.acknowledge"}

    @extend_schema(request=None, responses={200: serializers.DutyOut})
    def post(self, request: Request, duty_id: UUID) -> Response:
        now = clock.now()
        deadline = access_duty(viewer=self.viewer, duty_id=duty_id, now=now)
        duty_acknowledge(viewer=self.viewer, deadline=deadline, now=now)
        return self._shown(duty_id, now)


class DutyDropApi(_DutyApi):
    """A supervisor says, with a reason, that a duty does not apply (rule R8)."""

    actions = {"POST": "duty.drop"}

    @extend_schema(request=serializers.DropIn, responses={200: serializers.DutyOut})
    def post(self, request: Request, duty_id: UUID) -> Response:
        now = clock.now()
        deadline = access_duty(viewer=self.viewer, duty_id=duty_id, now=now)
        given = serializers.DropIn(data=request.data)
        given.is_valid(raise_exception=True)
        duty_drop(viewer=self.viewer, deadline=deadline, now=now, **given.validated_data)
        return self._shown(duty_id, now)


class MissingApi(HouseApi):
    """The child is missing: police and the National Center must each be told, at once, by separate reports."""

    actions = {"POST": "missing.record"}

    @extend_schema(request=serializers.MissingIn, responses={201: serializers.EventOut})
    def post(self, request: Request, case_id: UUID) -> Response:
        now = clock.now()
        case_file = access_case(viewer=self.viewer, case_id=case_id, now=now, looked_at="api missing")
        given = serializers.MissingIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = given.validated_data
        said = MissingSaid(**{**data, "indian_child": Answer(data["indian_child"])})
        episode = missing_record(viewer=self.viewer, case_file=case_file, said=said, now=now)
        return event_recorded(episode.began)


class LocatedApi(HouseApi):
    """The child was located. Reports still owed stay owed."""

    actions = {"POST": "missing.located"}

    @extend_schema(request=serializers.LocatedIn, responses={201: serializers.EventOut})
    def post(self, request: Request, case_id: UUID) -> Response:
        now = clock.now()
        case_file = access_case(viewer=self.viewer, case_id=case_id, now=now, looked_at="api located")
        given = serializers.LocatedIn(data=request.data)
        given.is_valid(raise_exception=True)
        return event_recorded(
            child_locate(viewer=self.viewer, case_file=case_file, now=now, **given.validated_data)
        )


class CorrectionApi(HouseApi):
    """Mends an entry of the caller's own agency: the mistaken one stays readable, and the clocks follow."""

    actions = {"POST": "event.correct"}

    @extend_schema(request=serializers.CorrectionIn, responses={201: serializers.EventOut})
    def post(self, request: Request, case_id: UUID, event_id: UUID) -> Response:
        now = clock.now()
        case_file = access_case(viewer=self.viewer, case_id=case_id, now=now, looked_at="api correction")
        entry = entry_to_correct(viewer=self.viewer, case_file=case_file, event_id=event_id)
        if not policies.may_correct(self.viewer, entry.agency_id):
            raise NotVisible
        given = serializers.CorrectionIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        reference = data.pop("reference")
        facts = {"reference": reference} if reference else None
        return event_recorded(entry_correct(viewer=self.viewer, entry=entry, facts=facts, now=now, **data))
