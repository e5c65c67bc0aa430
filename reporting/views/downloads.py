"""A file to keep, named without a word about a child."""

from __future__ import annotations

from django.http import HttpResponse


def csv_download(body: bytes, name: str) -> HttpResponse:
    """A spreadsheet's file."""
    return HttpResponse(
        body,
        content_type="text/csv; charset=utf-8",
        headers={"Content-Disposition": f'attachment; filename="{name}"'},
    )
