"""Printed documents are tagged US Letter and open no file and no connection."""

from __future__ import annotations

import io
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from django.template import engines
from pypdf import PdfReader

from cseccase import documents
from cseccase.documents import NothingMayBeFetched, pdf_of

PIXEL = "data:image/svg+xml;base64,PHN2ZyB4bWxucz0iaHR0cDovL3d3dy53My5vcmcvMjAwMC9zdmciIHdpZHRoPSI4IiBoZWlnaHQ9IjgiLz4="
FRAME = {
    "printed_by": "Dana Reyes, Child Welfare",
    "printed_at": datetime(2026, 11, 18, 17, 0, tzinfo=UTC),
    "reference": "M-ABC-DEF",
    "county_name": "Valverde County",
    "title": "Team meeting summary",
}


@pytest.fixture
def printed(monkeypatch: pytest.MonkeyPatch) -> Any:
    """Prints a body inside the frame of every document."""

    def render(template: str, context: dict[str, Any]) -> str:
        source = (
            '{% extends "print.html" %}{% block title %}{{ title }}{% endblock %}'
            "{% block content %}" + template + "{% endblock %}"
        )
        return str(engines["django"].from_string(source).render(context))

    monkeypatch.setattr(documents, "render_to_string", render)
    return lambda body: pdf_of(body, FRAME, title=FRAME["title"])


def test_a_document_is_tagged_titled_in_english_and_on_us_letter(printed: Any) -> None:
    reader = PdfReader(io.BytesIO(printed("<h1>Heading</h1><p>Words</p>")))
    root = reader.trailer["/Root"]
    assert "/StructTreeRoot" in root
    assert root["/MarkInfo"]["/Marked"]
    assert str(root["/Lang"]).startswith("en")
    assert reader.metadata is not None
    assert reader.metadata.title == "Team meeting summary"
    assert (float(reader.pages[0].mediabox.width), float(reader.pages[0].mediabox.height)) == (612, 792)


def test_each_page_says_who_printed_it_and_which_page_it_is(printed: Any) -> None:
    reader = PdfReader(io.BytesIO(printed('<h1>One</h1><h2 class="page-break">Two</h2>')))
    assert len(reader.pages) == 2
    for number, page in enumerate(reader.pages, start=1):
        text = " ".join(page.extract_text().split())
        assert "Printed by Dana Reyes, Child Welfare" in text
        assert f"Page {number} of 2" in text


def test_a_picture_inside_the_document_is_printed(printed: Any) -> None:
    assert printed(f'<h1>Chart</h1><img alt="A chart" src="{PIXEL}">').startswith(b"%PDF")


@pytest.mark.parametrize(
    "body",
    [
        '<img alt="x" src="http://127.0.0.1:9/Markerchild.png">',
        '<img alt="x" src="FILE">',
        '<link rel="stylesheet" href="FILE">',
        '<style>@import url("http://127.0.0.1:9/x.css");</style>',
        '<div style="background: url(ftp://127.0.0.1/x)">x</div>',
    ],
)
def test_no_address_outside_the_document_is_opened(
    printed: Any, body: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    opened: list[str] = []
    monkeypatch.setattr(
        "urllib.request.OpenerDirector.open", lambda self, url, *rest: opened.append(str(url))
    )
    there = tmp_path / "there.svg"
    there.write_text('<svg xmlns="http://www.w3.org/2000/svg" width="8" height="8"/>', encoding="utf-8")
    with pytest.raises(NothingMayBeFetched) as refused:
        printed("<h1>Heading</h1>" + body.replace("FILE", there.as_uri()))
    assert opened == []
    assert "Markerchild" not in str(refused.value)
