"""Addresses of team meetings, their actions and safety plans."""

from __future__ import annotations

from django.urls import path

from mdt.views import answer, files, follow_up, lists, plan, session

app_name = "mdt"
urlpatterns = [
    path("meetings/", lists.meetings, name="meetings"),
    path("meetings/<uuid:meeting_id>", plan.meeting, name="meeting"),
    path("meetings/<uuid:meeting_id>/answer", answer.rsvp, name="rsvp"),
    path("meetings/<uuid:meeting_id>/invite.ics", files.calendar, name="calendar"),
    path("meetings/<uuid:meeting_id>/summary.pdf", files.summary, name="summary"),
    path("meetings/<uuid:meeting_id>/change", plan.change, name="change"),
    path("meetings/<uuid:meeting_id>/cancel", plan.cancel, name="cancel"),
    path("meetings/<uuid:meeting_id>/child", plan.child, name="child"),
    path("meetings/<uuid:meeting_id>/seats/<uuid:agency_id>", plan.seat, name="seat"),
    path("meetings/<uuid:meeting_id>/seats/<uuid:agency_id>/remove", plan.seat_end, name="seat_remove"),
    path("meetings/<uuid:meeting_id>/session", session.session, name="session"),
    path("meetings/<uuid:meeting_id>/items/<uuid:item_id>", session.minutes, name="minutes"),
    path("meetings/<uuid:meeting_id>/items/<uuid:item_id>/decide", session.decision, name="decision"),
    path("meetings/<uuid:meeting_id>/hold", session.hold, name="hold"),
    path("actions/", follow_up.actions, name="actions"),
    path("actions/<uuid:action_id>", follow_up.action, name="action"),
    path("cases/<uuid:case_id>/safety-plan", follow_up.safety_plan, name="safety_plan"),
    path("cases/<uuid:case_id>/meetings", lists.case_meetings, name="case_meetings"),
    path("cases/<uuid:case_id>/meetings/new", plan.schedule, name="schedule"),
]
