"""Paper: tagged US-Letter PDFs made from templates, which can fetch nothing from anywhere."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import Any

from django.template.loader import render_to_string


class NothingMayBeFetched(RuntimeError):
    """A document asked for an address: everything it shows must be in it."""


@cache
def _fetcher() -> Any:
    """Pictures that are part of the page (`data:`) pass; any other address stops the printing."""
    from weasyprint.urls import URLFetcher

    # Failing is what makes a forbidden address an error; by default the printer leaves the picture out and goes on.
    return URLFetcher(allowed_protocols=("data",), allow_redirects=False, fail_on_errors=True)


def pdf_of(template: str, context: Mapping[str, Any], *, title: str) -> bytes:
    """A PDF/UA-1 document from a template that extends `print.html`. `title` is neutral: it names no person.

    Raises `NothingMayBeFetched` when the template refers to anything outside itself.
    """
    from weasyprint import HTML
    from weasyprint.urls import FatalURLFetchingError

    html = render_to_string(template, {**context, "document_title": title})
    document = HTML(string=html, base_url="about:blank", url_fetcher=_fetcher())
    try:
        return bytes(document.write_pdf(pdf_variant="pdf/ua-1"))
    except FatalURLFetchingError:
        # The address may hold a name, so the answer does not repeat it.
        raise NothingMayBeFetched("A printed document may not fetch anything from outside itself.") from None
