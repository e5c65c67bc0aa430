"""The product's addresses, with an empty page behind each one that the frame of a page links to on other floors.

Used only while those floors have no pages of their own (see `conftest.py` beside this file).
"""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, URLResolver, include, path

from cseccase.urls import urlpatterns as product
from tests.reporting.views.conftest import FRAME

handler404 = "cseccase.problems.not_found"


def page(request: HttpRequest, **parts: object) -> HttpResponse:
    return HttpResponse("")


def pages(floor: str) -> URLResolver:
    entries: list[URLPattern] = [path(f"{floor}/{name}", page, name=name) for name in FRAME[floor]]
    if floor == "referrals":
        entries += [
            path("duties/<uuid:duty_id>", page, name="duty"),
            path("cases/<uuid:case_id>", page, name="case"),
        ]
    return path("", include((entries, floor)))


urlpatterns = [
    *(entry for entry in product if getattr(entry, "namespace", None) not in FRAME),
    *(pages(floor) for floor in FRAME),
]
