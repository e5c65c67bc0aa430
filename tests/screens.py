"""What a page must be for everybody: read by axe in a real browser, at the width of a desk and of a small phone."""

from __future__ import annotations

import mimetypes
import os
import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from axe_playwright_python.sync_playwright import Axe
from django.contrib.staticfiles import finders
from django.test import Client
from playwright.sync_api import Browser, Page, Route

SITE = "http://localhost"
DESK, PHONE = {"width": 1280, "height": 900}, {"width": 320, "height": 700}
TAGS = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
RUN = "options => axe.run(document, options).then(found => found.violations.map(one => [one.id, one.nodes[0].html.slice(0, 160)]))"
FACTS = """() => ({
    title: document.title,
    headings: [...document.querySelectorAll("h1")].filter(one => one.offsetParent).length,
    stops: document.body.innerText.match(/.{0,40}m\\.\\./g) || [],
    doubled: [...document.querySelectorAll("[id]")].map(one => one.id).filter((one, at, all) => all.indexOf(one) !== at),
})"""
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


@dataclass
class Screen:
    """One browser window, answered by the product within the test's own transaction; nothing else is reachable."""

    browser: Browser
    client: Client = field(default_factory=Client)
    problems: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.said: list[str] = []
        self.shown: dict[str, Any] = {}
        self.page: Page = self.browser.new_context(viewport=DESK, reduced_motion="reduce").new_page()
        self.page.add_init_script(Axe().axe_script)
        self.page.route("**/*", self._answer)
        self.page.on("console", lambda said: self.said.append(said.text) if said.type == "error" else None)
        self.page.on("pageerror", lambda error: self.said.append(str(error)))

    def _answer(self, route: Route) -> None:
        path = urlsplit(route.request.url).path
        if path in self.shown:
            answer = self.shown[path]
            headers = {name: value for name, value in answer.items() if name != "Set-Cookie"}
            route.fulfill(status=200, headers=headers, body=answer.content)
        elif path.startswith("/static/") and (file := finders.find(path.removeprefix("/static/"))):
            kind = mimetypes.guess_type(path)[0] or "font/woff2"
            route.fulfill(body=Path(str(file)).read_bytes(), content_type=kind)
        else:
            route.fulfill(status=204)

    def check(self, name: str, answer: Any, *, never: tuple[str, ...] = ()) -> None:
        """Holds an answer of the product to the house's promises; what is broken is added to `problems`.

        `never` are words that no title may carry.
        """
        self.said.clear()
        self.shown = {"/shown": answer}
        self.page.set_viewport_size(DESK)
        self.page.goto(f"{SITE}/shown")
        facts = self.page.evaluate(FACTS)
        found = [f"{count} h1" for count in [facts["headings"]] if count != 1]
        found += [f"id {one} twice" for one in facts["doubled"]]
        found += [f"two full stops: {one}" for one in facts["stops"]]
        if not re.search(r"\w", facts["title"]) or any(word in facts["title"] for word in never):
            found.append(f"title {facts['title']!r}")
        for size in (DESK, PHONE):
            self.page.set_viewport_size(size)
            if (wide := self.page.evaluate(SIDEWAYS)) > 0:
                found.append(f"scrolls sideways by {wide} at {size['width']}")
            broken = self.page.evaluate(RUN, {"runOnly": TAGS, "resultTypes": ["violations"]})
            found += [f"{rule} at {size['width']}: {node}" for rule, node in broken]
            self._picture(f"{name} {size['width']}")
        self.problems += [f"{name}: {one}" for one in [*found, *self.said]]

    def _picture(self, name: str) -> None:
        if folder := os.environ.get("SCREEN_PICTURES"):
            file = Path(folder) / f"{re.sub(r'[^a-z0-9]+', '-', name.lower())}.png"
            self.page.screenshot(path=str(file), full_page=True)
