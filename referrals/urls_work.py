"""Addresses of the work on cases: duties, case files, entries, missing children, sharing."""

from __future__ import annotations

from django.urls import path

from referrals.views import (
    access,
    case,
    duty,
    emergency,
    event,
    missing,
    note,
    papers,
    preview,
    restriction,
    seal,
    sharing,
)

urlpatterns = [
    path("duties/", duty.duties, name="duties"),
    path("duties/<uuid:duty_id>", duty.duty, name="duty"),
    path("duties/<uuid:duty_id>/take", duty.take, name="duty_take"),
    path("duties/<uuid:duty_id>/drop", duty.drop, name="duty_drop"),
    path("cases/", case.cases, name="cases"),
    path("cases/<uuid:case_id>", case.case, name="case"),
    path("cases/<uuid:case_id>/name", case.show_name, name="case_name"),
    path("cases/<uuid:case_id>/timeline", case.timeline, name="case_timeline"),
    path("cases/<uuid:case_id>/reports", case.reports, name="case_reports"),
    path("cases/<uuid:case_id>/record", event.record, name="event_record"),
    path("cases/<uuid:case_id>/entries/<uuid:event_id>", event.correct, name="event_correct"),
    path("cases/<uuid:case_id>/missing", missing.missing, name="missing"),
    path("cases/<uuid:case_id>/located", missing.located, name="located"),
    path("cases/<uuid:case_id>/my-notes", note.notes, name="my_notes"),
    path("cases/<uuid:case_id>/my-notes/<uuid:note_id>", note.one, name="my_note"),
    path("cases/<uuid:case_id>/sharing", sharing.sharing, name="case_sharing"),
    path("cases/<uuid:case_id>/restriction", restriction.restriction, name="restriction"),
    path("cases/<uuid:case_id>/restriction/end", restriction.end, name="restriction_end"),
    path("cases/<uuid:case_id>/seal", seal.seal, name="seal"),
    path("cases/<uuid:case_id>/seal/purpose", seal.purpose, name="seal_purpose"),
    path("cases/<uuid:case_id>/seal/<uuid:seal_id>/lift", seal.lift, name="seal_lift"),
    path("cases/<uuid:case_id>/parties/<uuid:party_id>/end", sharing.party_end, name="party_end"),
    path("cases/<uuid:case_id>/papers/new/<slug:kind>", papers.paper_new, name="paper_new"),
    path("cases/<uuid:case_id>/papers/<uuid:paper_id>", papers.paper, name="paper"),
    path("cases/<uuid:case_id>/papers/<uuid:paper_id>/agree", papers.need_approve, name="need_approve"),
    path("cases/<uuid:case_id>/papers/<uuid:paper_id>/paper.pdf", papers.paper_pdf, name="paper_pdf"),
    path("cases/<uuid:case_id>/teams/<uuid:meeting_id>/good-cause", papers.good_cause, name="good_cause"),
    path("access-requests/", access.requests, name="access_requests"),
    path("access-requests/new", access.ask, name="access_ask"),
    path("access-requests/<uuid:request_id>", access.one, name="access_request"),
    path("emergency/", emergency.looks, name="emergencies"),
    path("emergency/open", emergency.open_file, name="emergency_open"),
    path("emergency/<uuid:look_id>", emergency.look, name="emergency"),
    path("emergency/<uuid:look_id>/end", emergency.end, name="emergency_end"),
    path("sharing-rules/preview", preview.preview, name="preview"),
]
