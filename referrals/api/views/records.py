"""The API of referrals, case files and duties: parse, one call, one answer; the same doors as the pages."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from uuid import UUID

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from cseccase import clock
from cseccase.api.pages import PAGE_NUMBER, page_cut, page_of
from cseccase.api.views import HouseApi
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible, RuleBroken
from cseccase.paging import page_number
from referrals.api import serializers
from referrals.choices import Answer, Channel, Holder, ServicesSituation, Tier
from referrals.deadlines import kinds
from referrals.kinds import KINDS
from referrals.selectors import records
from referrals.selectors.case_file import access_case, case_list
from referrals.selectors.duty import access_duty, duties_of, duty_list, row_of
from referrals.services.entry import child_identify, note_record
from referrals.services.event import event_record
from referrals.services.referral import ChildSaid, ReferralSaid, referral_log
from referrals.services.response import LEAD_OF_ONE, response_decide

OWN_ADDRESS = {
    kinds.REFERRAL_RECEIVED: "/api/referrals",
    kinds.RESPONSE_DECIDED: "/api/referrals/{referral_id}/response",
    kinds.WENT_MISSING: "/api/cases/{case_id}/missing",
    kinds.CHILD_LOCATED: "/api/cases/{case_id}/located",
    kinds.MEETING_HELD: "/api/meetings/{meeting_id}/held",
    kinds.DUTY_DROPPED: "/api/duties/{duty_id}/drop",
    kinds.WITHDRAWN: "/api/cases/{case_id}/events/{event_id}/correction",
}
"""Entries that follow from an act with rules of its own, and where that act is done."""
RECORDED_HERE = frozenset(KINDS) - OWN_ADDRESS.keys()

AFTER = OpenApiParameter("after", str, description="The `next` of the page before.")
BEFORE = OpenApiParameter("before", str, description="The `next` of the page before.")


def referral_shown(seen: records.Seen) -> dict[str, Any]:
    """One referral by its audience: the whole of it, or that it exists."""
    if seen.access == records.FULL:
        return dict(serializers.ReferralOut(seen.row).data)
    return dict(serializers.ReferralSummaryOut(seen.fields | {"access": seen.access}).data)


def event_shown(seen: records.Seen) -> dict[str, Any]:
    """One entry of the chronology by its audience."""
    shown: dict[str, Any] = {
        "id": seen.fields["id"],
        "kind": seen.fields["kind"],
        "occurred_at": seen.fields["occurred_at"],
        "agency": seen.fields["agency_id"],
        "access": seen.access,
        "supersedes": seen.fields["supersedes_id"],
    }
    if seen.access == records.FULL:
        shown |= {
            "facts": _said(seen.row.facts),
            "note": seen.row.note,
            "corrected": seen.row.supersedes_id is not None,
        }
    return dict(serializers.EventOut(shown).data)


def _said(facts: dict[str, Any]) -> dict[str, Any]:
    """The facts of an entry without bare ids: each names a record that the reader may not know of."""
    return {key: fact for key, fact in facts.items() if not _is_id(fact)}


def _is_id(fact: Any) -> bool:
    try:
        return isinstance(fact, str) and bool(UUID(fact))
    except ValueError:
        return False


def event_recorded(event: Any) -> Response:
    """The entry that somebody has just made."""
    fields = {name: getattr(event, name) for name in event.SUMMARY_FIELDS}
    return Response(event_shown(records.Seen(records.FULL, fields, event)), status=201)


class ReferralsApi(HouseApi):
    """Referrals of the case files that the caller's agency has a part in; and logging a new one."""

    actions = {"GET": "referral.list", "POST": "referral.log"}

    @extend_schema(
        operation_id="referrals_list", parameters=[BEFORE], responses=page_of(serializers.ReferralOut)
    )
    def get(self, request: Request) -> Response:
        seen, following = records.referral_records(
            viewer=self.viewer, now=clock.now(), before=request.query_params.get("before", "")
        )
        return Response({"results": [referral_shown(one) for one in seen], "next": following})

    @extend_schema(request=serializers.ReferralIn, responses={201: serializers.ReferralOut(many=True)})
    def post(self, request: Request) -> Response:
        given = serializers.ReferralIn(data=request.data)
        given.is_valid(raise_exception=True)
        data = dict(given.validated_data)
        sending = data.pop("sending")
        children = [
            ChildSaid(**{**child, "services": ServicesSituation(child["services"])})
            for child in data.pop("children")
        ]
        said = ReferralSaid(
            **{
                **data,
                "immediate_danger": Answer(data["immediate_danger"]),
                "holder": Holder(data["holder"]),
                "channel": Channel(data["channel"]),
            }
        )
        logged = referral_log(
            viewer=self.viewer, said=said, children=children, incident=sending, now=clock.now()
        )
        return Response([dict(serializers.ReferralOut(row).data) for row in logged], status=201)


class ReferralApi(HouseApi):
    """One referral, in full or in summary."""

    actions = {"GET": "referral.view"}

    @extend_schema(responses=serializers.ReferralOut)
    def get(self, request: Request, referral_id: UUID) -> Response:
        seen = records.access_referral_record(
            viewer=self.viewer, referral_id=referral_id, now=clock.now(), takes_copy=True
        )
        return Response(referral_shown(seen))


class ResponseApi(HouseApi):
    """Deciding how fast the county answers."""

    actions = {"POST": "response.decide"}

    @extend_schema(request=serializers.ResponseIn, responses={201: serializers.EventOut})
    def post(self, request: Request, referral_id: UUID) -> Response:
        given = serializers.ResponseIn(data=request.data)
        given.is_valid(raise_exception=True)
        now = clock.now()
        seen = records.access_referral_record(viewer=self.viewer, referral_id=referral_id, now=now)
        if seen.access != records.FULL:
            raise NotVisible
        data = given.validated_data
        if data["lead"] and data["jurisdiction"] != Holder.DUAL:
            raise RuleBroken(LEAD_OF_ONE, field="lead")
        event = response_decide(
            viewer=self.viewer,
            referral=seen.row,
            tier=Tier(data["tier"]),
            jurisdiction=Holder(data["jurisdiction"]),
            lead=Holder(data["lead"]) if data["lead"] else None,
            reason=data["reason"],
            seen=data["seen"],
            now=now,
        )
        return event_recorded(event)


class CasesApi(HouseApi):
    """Case files that the caller's agency has a part in, newest referral first."""

    actions = {"GET": "case.list"}

    @extend_schema(operation_id="cases_list", parameters=[BEFORE], responses=page_of(serializers.CaseOut))
    def get(self, request: Request) -> Response:
        page = case_list(viewer=self.viewer, now=clock.now(), before=request.query_params.get("before", ""))
        return Response({"results": serializers.CaseOut(page.rows, many=True).data, "next": page.before})


class CaseEventsApi(HouseApi):
    """The chronology of one case file; and recording what happened."""

    actions = {"GET": "event.list", "POST": "event.record"}

    @extend_schema(
        operation_id="events_list", parameters=[PAGE_NUMBER], responses=page_of(serializers.EventOut)
    )
    def get(self, request: Request, case_id: UUID) -> Response:
        case_file = access_case(
            viewer=self.viewer, case_id=case_id, now=clock.now(), looked_at="api chronology"
        )
        seen = records.chronology(viewer=self.viewer, case_file=case_file, takes_copy=True)
        rows, following = page_cut(seen, page_number(request.query_params))
        return Response({"results": [event_shown(one) for one in rows], "next": following})

    @extend_schema(request=serializers.EventIn, responses={201: serializers.EventOut})
    def post(self, request: Request, case_id: UUID) -> Response:
        given = serializers.EventIn(data=request.data)
        given.is_valid(raise_exception=True)
        data, now = given.validated_data, clock.now()
        case_file = access_case(viewer=self.viewer, case_id=case_id, now=now, looked_at="api chronology")
        event = _entry(self.viewer, case_file, data, now)
        return event_recorded(event)


def _entry(viewer: Viewer, case_file: Any, data: dict[str, Any], now: datetime) -> Any:
    """The entry by the act that makes it; what has questions or rules of its own is asked for at its own address."""
    kind = data["kind"]
    if kind not in KINDS:
        raise RuleBroken(f"Unknown kind. Use one of: {', '.join(sorted(RECORDED_HERE))}.", field="kind")
    if kind in OWN_ADDRESS:
        raise RuleBroken(f"{KINDS[kind].title}: this is recorded under {OWN_ADDRESS[kind]}.", field="kind")
    if kind == kinds.NOTE:
        return note_record(
            viewer=viewer,
            case_file=case_file,
            occurred_at=data["occurred_at"],
            note=data["note"],
            now=now,
        )
    if kind == kinds.CHILD_IDENTIFIED:
        return child_identify(
            viewer=viewer,
            case_file=case_file,
            told_at=data["received_at"] or data["occurred_at"],
            note=data["note"],
            now=now,
        )
    return event_record(
        viewer=viewer,
        case_file=case_file,
        kind=kind,
        occurred_at=data["occurred_at"],
        received_at=data["received_at"],
        facts=data["facts"],
        note=data["note"],
        now=now,
    )


class CaseDutiesApi(HouseApi):
    """Every duty of one case file that the caller may see in full."""

    actions = {"GET": "duty.list"}

    @extend_schema(
        operation_id="case_duties_list", parameters=[PAGE_NUMBER], responses=page_of(serializers.DutyOut)
    )
    def get(self, request: Request, case_id: UUID) -> Response:
        now = clock.now()
        case_file = access_case(viewer=self.viewer, case_id=case_id, now=now, looked_at="api duties")
        duties = duties_of(viewer=self.viewer, case_file=case_file, now=now)
        rows, following = page_cut(duties, page_number(request.query_params))
        return Response({"results": serializers.DutyOut(rows, many=True).data, "next": following})


class DutiesApi(HouseApi):
    """What the caller's agency owes, soonest first."""

    actions = {"GET": "duty.list"}

    @extend_schema(operation_id="duties_list", parameters=[AFTER], responses=page_of(serializers.DutyOut))
    def get(self, request: Request) -> Response:
        page = duty_list(viewer=self.viewer, now=clock.now(), after=request.query_params.get("after", ""))
        return Response({"results": serializers.DutyOut(page.rows, many=True).data, "next": page.after})


class DutyApi(HouseApi):
    """One duty."""

    actions = {"GET": "duty.view"}

    @extend_schema(responses=serializers.DutyOut)
    def get(self, request: Request, duty_id: UUID) -> Response:
        now = clock.now()
        deadline = access_duty(viewer=self.viewer, duty_id=duty_id, now=now)
        return Response(serializers.DutyOut(row_of(deadline, viewer=self.viewer, now=now)).data)
