"""The written report within 36 hours: check what the file holds, then print a data sheet."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from agencies.shell import Shell, shell
from agencies.step_up import step_up
from cseccase import clock
from cseccase.documents import pdf_of
from cseccase.requests import StaffRequest
from cseccase.wording import counted_words
from reporting.selectors.written_report import (
    NOT_RECORDED,
    NOTICE,
    DataSheet,
    data_sheet,
    data_sheet_to_print,
)

TITLE = "Written report, data sheet"


@require_GET
def written_report(request: StaffRequest, case_id: Any, referral_id: Any) -> HttpResponse:
    sheet = data_sheet(viewer=request.viewer, case_id=case_id, referral_id=referral_id, now=clock.now())
    context = {
        "sheet": sheet,
        "finding": _finding(sheet),
        "parts": _parts(sheet),
        "notice": NOTICE,
        "bar": _bar(sheet),
    }
    return render(request, "reporting/written_report.html", context)


def _finding(sheet: DataSheet) -> str:
    if not sheet.missing:
        return "The file holds every answer that the sheet asks of it"
    return f"{counted_words(sheet.missing, 'answer is', 'answers are')} missing of {sheet.asked}"


def _bar(sheet: DataSheet) -> dict[str, Any]:
    facts = [{"term": "Referral", "words": sheet.referral_number}]
    return {"label": f"Case file {sheet.case_number}", "name": sheet.case_number, "facts": facts}


def _parts(sheet: DataSheet) -> list[dict[str, Any]]:
    """Each part with what is filled or missing, and apart from it what is always written by hand."""
    return [
        {
            "title": f"{part.letter}. {part.title}",
            "rows": [
                {"term": a.term, "words": a.words or NOT_RECORDED} for a in part.answers if not a.by_hand
            ],
            "by_hand": [a.term for a in part.answers if a.by_hand],
        }
        for part in sheet.parts
    ]


@require_GET
@step_up(file=True)
def written_report_pdf(request: StaffRequest, case_id: Any, referral_id: Any) -> HttpResponse:
    now = clock.now()
    sheet = data_sheet_to_print(viewer=request.viewer, case_id=case_id, referral_id=referral_id, now=now)
    frame: Shell = shell(request)["shell"]
    context = {
        "sheet": sheet,
        "title": TITLE,
        "redisclosure": sheet.redisclosure,
        "notice": NOTICE,
        "reference": f"{sheet.case_number}, {sheet.referral_number}",
        "county_name": frame.county_name,
        "product_name": frame.product_name,
        "printed_by": f"{request.viewer.name}, {request.viewer.agency_name}",
        "printed_at": now,
    }
    pdf = pdf_of("reporting/print/written_report.html", context, title=TITLE)
    headers = {"Content-Disposition": f'attachment; filename="data-sheet-{sheet.referral_number}.pdf"'}
    return HttpResponse(pdf, content_type="application/pdf", headers=headers)
