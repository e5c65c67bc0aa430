"""What the page tests of reports share: a signed-in browser, and the words of a page or a PDF."""

from __future__ import annotations

import io
import re
from html.parser import HTMLParser

from django.test import Client
from pypdf import PdfReader

from agencies.models import Person
from tests.pages import sign_in

MARKERS = ("Zyx", "Markerchild")
"""Parts of every child's name in these tests."""


def signed_in(person: Person) -> Client:
    client = Client()
    sign_in(client, person)
    return client


class _Tables(HTMLParser):
    def __init__(self) -> None:
        super().__init__()
        self.rows: list[list[str]] = []
        self.inside = False

    def handle_starttag(self, tag: str, attrs: object) -> None:
        if tag == "tr":
            self.rows.append([])
        self.inside = tag in {"td", "th"} or (self.inside and tag in {"span", "b", "a", "br", "del", "ins"})
        if tag in {"td", "th"}:
            self.rows[-1].append("")

    def handle_endtag(self, tag: str) -> None:
        if tag in {"td", "th"}:
            self.inside = False

    def handle_data(self, data: str) -> None:
        if self.inside:
            self.rows[-1][-1] += data


def table_rows(html: str) -> list[list[str]]:
    """Every row of every table of a page, as texts."""
    parser = _Tables()
    parser.feed(html)
    return parser.rows


def main_of(html: str) -> str:
    return html[html.index("<main") : html.index("</main>")]


def pdf_text(body: bytes) -> str:
    """The words of a PDF, spaces folded."""
    pages = PdfReader(io.BytesIO(body)).pages
    return re.sub(r"\s+", " ", " ".join(page.extract_text() for page in pages))


def pdf_is_tagged(body: bytes) -> bool:
    """Tagged, in English, titled, on US Letter."""
    reader = PdfReader(io.BytesIO(body))
    root = reader.trailer["/Root"]
    box = reader.pages[0].mediabox
    return (
        "/StructTreeRoot" in root
        and bool(root["/MarkInfo"]["/Marked"])
        and str(root["/Lang"]).startswith("en")
        and bool(reader.metadata and reader.metadata.title)
        and (round(float(box.width)), round(float(box.height))) == (612, 792)
    )
