"""Addresses of the API of team meetings, their actions and safety plans."""

from __future__ import annotations

from django.urls import path

from mdt.api.views import follow_up, meetings, session

urlpatterns = [
    path("meetings", meetings.MeetingsApi.as_view(), name="api_meetings"),
    path("meetings/<uuid:meeting_id>", meetings.MeetingApi.as_view(), name="api_meeting"),
    path("meetings/<uuid:meeting_id>/answer", meetings.AnswerApi.as_view(), name="api_meeting_answer"),
    path("meetings/<uuid:meeting_id>/cancel", meetings.MeetingCancelApi.as_view(), name="api_meeting_cancel"),
    path("meetings/<uuid:meeting_id>/child", meetings.ChildSideApi.as_view(), name="api_meeting_child"),
    path(
        "meetings/<uuid:meeting_id>/seats/<uuid:agency_id>",
        meetings.SeatApi.as_view(),
        name="api_meeting_seat",
    ),
    path(
        "meetings/<uuid:meeting_id>/items/<uuid:item_id>",
        session.MinutesApi.as_view(),
        name="api_meeting_minutes",
    ),
    path(
        "meetings/<uuid:meeting_id>/items/<uuid:item_id>/decisions",
        session.DecisionsApi.as_view(),
        name="api_meeting_decisions",
    ),
    path("meetings/<uuid:meeting_id>/held", session.HeldApi.as_view(), name="api_meeting_held"),
    path("actions", follow_up.ActionsApi.as_view(), name="api_actions"),
    path("actions/<uuid:action_id>", follow_up.ActionApi.as_view(), name="api_action"),
    path("actions/<uuid:action_id>/done", follow_up.ActionDoneApi.as_view(), name="api_action_done"),
    path("cases/<uuid:case_id>/meetings", meetings.CaseMeetingsApi.as_view(), name="api_case_meetings"),
    path(
        "cases/<uuid:case_id>/meetings/candidates",
        meetings.CandidatesApi.as_view(),
        name="api_meeting_candidates",
    ),
    path("cases/<uuid:case_id>/safety-plan", follow_up.SafetyPlanApi.as_view(), name="api_safety_plan"),
]
