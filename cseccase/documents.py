"""Paper: tagged US-Letter PDFs made from templates, which can fetch nothing from anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.template.loader import render_to_string


class NothingMayBeFetched(RuntimeError):
    """A document asked for an address: everything it shows must be in it."""


def _fetch_nothing(url: str, *args: Any, **kwargs: Any) -> Any:
    """Pictures that are part of the page (`data:`) pass; every other address is refused."""
    from weasyprint.urls import URLFetcher

    if url.startswith("data:"):
        return URLFetcher(allowed_protocols=("data",), allow_redirects=False).fetch(url)
    raise NothingMayBeFetched(f"A printed document may not fetch {url.split(':')[0]} addresses.")


def pdf_of(template: str, context: Mapping[str, Any], *, title: str) -> bytes:
    """A PDF/UA-1 document from a template that extends `print.html`. `title` is neutral: it names no person.

    Raises `NothingMayBeFetched` when the template refers to anything outside itself.
    """
    from weasyprint import HTML

    html = render_to_string(template, {**context, "document_title": title})
    document = HTML(string=html, base_url="about:blank", url_fetcher=_fetch_nothing)
    return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))
