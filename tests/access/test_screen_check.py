"""The check that every page is held to sees what it is there to see."""

from __future__ import annotations

import pytest
from django.http import HttpResponse
from playwright.sync_api import Browser

from tests.screens import Screen

POLICY = "default-src 'none'; style-src 'self' 'unsafe-inline'"
GOOD = "<main><h1>Duties</h1><p>Words</p></main>"


@pytest.mark.parametrize(
    ("body", "title", "seen"),
    [
        (GOOD, "Duties", ""),
        ("<main><h1>Duties</h1><img src='/static/img/icon.svg'></main>", "Duties", "image-alt"),
        (GOOD + "<h1>Twice</h1>", "Duties", "2 h1"),
        (GOOD, "Rowan", "title"),
        (GOOD, "", "title"),
        (GOOD.replace("<p", "<p style='width: 400px'"), "Duties", "scrolls sideways"),
        (GOOD + "<script>1</script>", "Duties", "Content Security Policy"),
        (GOOD.replace("<p", "<i id='a'></i><i id='a'></i><p"), "Duties", "id a twice"),
        (GOOD.replace("<p", "<p style='color: #ccc; background: #fff'"), "Duties", "color-contrast at 320"),
    ],
)
def test_a_page_that_breaks_a_promise_is_named(browser: Browser, body: str, title: str, seen: str) -> None:
    screen = Screen(browser)
    markup = f"<!doctype html><html lang=en><title>{title}</title><meta name=viewport content='width=device-width'>{body}"
    screen.check("page", HttpResponse(markup, headers={"Content-Security-Policy": POLICY}), never=("Rowan",))
    assert seen in " | ".join(screen.problems) if seen else screen.problems == []
