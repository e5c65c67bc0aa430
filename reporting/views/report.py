"""The committee's report: choose a period, have it counted, read it, take it away."""

from __future__ import annotations

from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_GET, require_POST

from agencies.step_up import step_up
from cseccase import clock
from cseccase.documents import pdf_of
from cseccase.errors import RuleBroken
from cseccase.requests import StaffRequest
from reporting.forms import PeriodForm
from reporting.masked_report import NOTICE, SMALL_NUMBERS, chart_of, csv_of, table_of
from reporting.selectors import report as reports
from reporting.services.report import report_order

STATE_WORDS = {
    "frozen": "frozen",
    "open": "not counted yet",
    "waiting": "being counted",
    "counting": "being counted",
    "failed": "not finished",
    "done": "frozen",
}


def _form(choices: list[reports.PeriodChoice], data: Any) -> PeriodForm:
    words = [
        (choice.period.key, f"{choice.period.short_label}: {choice.shut_by or STATE_WORDS[choice.state]}")
        for choice in choices
    ]
    return PeriodForm(data, choices=words, initial={"period": _first(choices)})


def _first(choices: list[reports.PeriodChoice]) -> str:
    """The newest frozen period, else the newest that can be counted."""
    frozen = [choice for choice in choices if choice.state == "frozen"]
    return (frozen or choices)[0].period.key


@require_GET
def committee(request: StaffRequest) -> HttpResponse:
    now = clock.now()
    choices = reports.report_choices(viewer=request.viewer, now=now)
    form = _form(choices, request.GET if "period" in request.GET else None)
    key = _first(choices)
    if form.is_bound:
        key = form.cleaned_data["period"] if form.is_valid() else ""
    if not key:
        return render(request, "reporting/committee.html", {"form": form}, status=400)
    form.initial["period"] = key
    period = reports.period_of(key)
    report = reports.report_frozen(viewer=request.viewer, period=period, now=now)
    context = {
        "form": form,
        "period": period,
        "choice": next(choice for choice in choices if choice.period == period),
        "order": reports.order_of(viewer=request.viewer, period=period),
        "now": now,
    }
    if report is not None:
        context |= _shown(report)
    return render(request, "reporting/committee.html", context)


def _shown(report: Any) -> dict[str, Any]:
    return {
        "report": report,
        "chart": chart_of(report),
        "tables": [
            (block, table_of(block))
            for block in report.blocks
            if block.key != "duties" and block not in report.by_agency
        ],
        "by_agency": [table_of(block) for block in report.by_agency],
        "duties": report.block("duties"),
        "small_numbers": SMALL_NUMBERS,
    }


@require_POST
def committee_count(request: StaffRequest) -> HttpResponse:
    now = clock.now()
    choices = reports.report_choices(viewer=request.viewer, now=now)
    form = _form(choices, request.POST)
    if not form.is_valid():
        return render(request, "reporting/committee.html", {"form": form}, status=400)
    period = reports.period_of(form.cleaned_data["period"])
    try:
        report_order(viewer=request.viewer, period=period, now=now)
    except RuleBroken as broken:
        form.add_error(broken.field, broken.message)
        return render(request, "reporting/committee.html", {"form": form}, status=409)
    messages.success(
        request, f"{period.label} is being counted. This page shows the report when it is ready."
    )
    return redirect(f"{reverse('reporting:committee')}?period={period.key}")


@require_GET
@step_up(file=True)
def committee_csv(request: StaffRequest, period: str) -> HttpResponse:
    report = reports.report_to_export(
        viewer=request.viewer, period_key=period, now=clock.now(), exported="csv"
    )
    return _download(csv_of(report).encode(), "text/csv; charset=utf-8", f"committee-report-{period}.csv")


@require_GET
@step_up(file=True)
def committee_pdf(request: StaffRequest, period: str) -> HttpResponse:
    now = clock.now()
    report = reports.report_to_export(viewer=request.viewer, period_key=period, now=now, exported="pdf")
    title = f"Committee report, {report.period.label}"
    context = {
        **_shown(report),
        "duties_table": table_of(report.block("duties")),
        "title": title,
        "redisclosure": NOTICE,
        "notice": f"{NOTICE.heading} {NOTICE.words}",
        "reference": report.period.label,
        "county_name": report.county,
        "printed_by": f"{request.viewer.name}, {request.viewer.agency_name}",
        "printed_at": now,
    }
    pdf = pdf_of("reporting/print/committee.html", context, title=title)
    return _download(pdf, "application/pdf", f"committee-report-{period}.pdf")


def _download(body: bytes, kind: str, name: str) -> HttpResponse:
    return HttpResponse(
        body, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
