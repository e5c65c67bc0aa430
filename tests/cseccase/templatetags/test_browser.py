"""The shell in a real browser: readable for everybody at every width, and its four scripts at work."""

import json
from pathlib import Path
from urllib.parse import urlparse

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import Browser, Page, Request, Route

from tests.cseccase.templatetags import gallery

STATIC = Path(settings.BASE_DIR) / "static"
TYPES = {".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
POLICY = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'"


class County:
    """Answers a browser as the product would: gallery pages under the product's own content policy, and what is posted."""

    def __init__(self) -> None:
        self.posted: list[Request] = []
        self.status = 200
        self.refused: list[str] = []
        self.markup: dict[str, str] = {"live": gallery.page("duties")}

    def answer(self, route: Route) -> None:
        path = urlparse(route.request.url).path
        file = STATIC / path.removeprefix("/static/")
        if path.startswith("/static/") and file.is_file():
            route.fulfill(body=file.read_bytes(), content_type=TYPES[file.suffix])
        elif route.request.method == "POST":
            self.posted.append(route.request)
            body = json.dumps({"saved_at": "2026-11-18T00:12:00+00:00"})
            route.fulfill(status=self.status, body=body, content_type="application/json")
        else:
            name = path.strip("/")
            markup = self.markup.get(name) or gallery.page(name)
            route.fulfill(body=markup, content_type="text/html", headers={"Content-Security-Policy": POLICY})

    def paths(self) -> list[str]:
        return [urlparse(request.url).path for request in self.posted]


def opened(browser: Browser, county: County, name: str, *, width: int = 1280, dark: bool = False) -> Page:
    context = browser.new_context(
        viewport={"width": width, "height": 900},
        color_scheme="dark" if dark else "light",
        timezone_id="America/Los_Angeles",
    )
    page = context.new_page()
    page.on(
        "console", lambda message: county.refused.append(message.text) if message.type == "error" else None
    )
    page.on("pageerror", lambda error: county.refused.append(str(error)))
    page.route("**/*", county.answer)
    page.clock.install(time="2026-11-18T00:12:00Z")
    page.goto(f"http://county.test/{name}")
    return page


CASES = [
    (1280, False, gallery.NAMES),
    (1280, True, ("duties", "urgent-bad", "case", "report")),
    (390, False, (*gallery.NAMES, "errors/403")),
    (320, False, ("urgent", "case")),
]


@pytest.mark.parametrize(
    ("width", "dark", "names"), CASES, ids=["desk", "desk at night", "phone", "small phone"]
)
def test_every_page_is_readable_for_everybody(
    browser: Browser, width: int, dark: bool, names: tuple[str, ...]
) -> None:
    for name in names:
        county = County()
        page = opened(browser, county, name, width=width, dark=dark)
        found = Axe().run(page).response["violations"]
        assert not found, (name, [(one["id"], [node["html"] for node in one["nodes"]]) for one in found])
        assert county.refused == [], name
        page.context.close()


@pytest.mark.parametrize("width", [1280, 700, 320])
def test_no_page_scrolls_sideways(browser: Browser, width: int) -> None:
    for name in (*gallery.NAMES, "errors/403"):
        page = opened(browser, County(), name, width=width)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, name
        page.context.close()


def test_everything_to_press_is_at_least_forty_four_pixels_high(browser: Browser) -> None:
    for name in gallery.NAMES:
        page = opened(browser, County(), name, width=390)
        small = page.evaluate(
            """() => [...document.querySelectorAll("button, .usa-button, .opt, .nk label, summary, .usa-input, .usa-select")]
                 .filter((each) => each.offsetParent && each.getBoundingClientRect().height < 43.5)
                 .map((each) => each.outerHTML.slice(0, 120))"""
        )
        assert small == [], name
        page.context.close()


def test_the_menu_opens_without_scripts_on_a_phone(browser: Browser) -> None:
    context = browser.new_context(viewport={"width": 390, "height": 900}, java_script_enabled=False)
    page = context.new_page()
    page.route("**/*", County().answer)
    page.goto("http://county.test/duties")
    assert not page.get_by_role("link", name="Case files").is_visible()
    page.get_by_text("Menu", exact=True).click()
    assert page.get_by_role("link", name="Case files").is_visible()
    context.close()


def test_the_warning_comes_two_minutes_before_the_end_and_one_button_prolongs(browser: Browser) -> None:
    county = County()
    page = opened(browser, county, "marks")
    box = page.locator("#timeout")
    page.clock.run_for((900 - 125) * 1000)
    assert not box.is_visible()
    page.clock.run_for(10_000)
    assert box.is_visible()
    assert "In 2 minutes" in page.locator("#timeout-words").inner_text()
    page.clock.run_for(90_000)
    assert "In 30 seconds" in page.locator("#timeout-words").inner_text()
    page.keyboard.press("Enter")
    box.wait_for(state="hidden")
    assert county.paths() == ["/extend"]
    page.context.close()


def test_a_server_out_of_reach_is_said_and_what_was_typed_stays(browser: Browser) -> None:
    county = County()
    page = opened(browser, county, "urgent")
    page.locator("#id_note").fill("Blue door")
    page.clock.run_for(4_000)
    page.get_by_text("Draft saved").wait_for()
    page.route("**/extend", lambda route: route.abort())
    page.clock.run_for((900 - 100) * 1000)
    page.get_by_role("button", name="Stay signed in").click()
    page.wait_for_function(
        "document.getElementById('timeout-words').textContent.includes('cannot be reached')"
    )
    assert page.locator("#id_note").input_value() == "Blue door"
    page.context.close()


def test_when_nobody_answers_the_page_is_blank_and_asks_the_server_again(browser: Browser) -> None:
    county = County()
    page = opened(browser, county, "marks")
    with page.expect_navigation():
        page.clock.run_for(901_000)
    assert county.paths() == []
    page.context.close()


@pytest.mark.parametrize("how", ["button", "keys"])
def test_hiding_the_screen_blanks_at_once_and_then_locks_the_session(browser: Browser, how: str) -> None:
    county = County()
    page = opened(browser, county, "duties")
    page.evaluate(
        "document.querySelector('form.hidef').addEventListener('submit', (event) => event.preventDefault())"
    )
    if how == "button":
        page.get_by_role("button", name="Hide screen").click()
    else:
        for _ in range(3):
            page.keyboard.press("Shift")
    assert not page.locator("main").is_visible()
    assert page.title() == "Screen hidden"
    page.context.close()
    page = opened(browser, county, "duties")
    with page.expect_response("**/hide"):
        page.get_by_role("button", name="Hide screen").click()
    page.wait_for_load_state()
    page.unroute_all(behavior="ignoreErrors")
    page.context.close()


def test_shift_in_ordinary_writing_hides_nothing(browser: Browser) -> None:
    county = County()
    page = opened(browser, county, "urgent")
    page.locator("#id_note").focus()
    for key in ("Shift+A", "Shift+B", "Shift+C", "Shift+D"):
        page.keyboard.press(key)
    assert page.locator("main").is_visible()
    assert county.paths() == []
    page.context.close()


def test_a_draft_is_saved_soon_after_the_last_key_and_says_when(browser: Browser) -> None:
    county = County()
    page = opened(browser, county, "urgent")
    page.locator("#id_note").press_sequentially("Blue door")
    assert "/draft" not in county.paths()
    with page.expect_request("**/draft") as sent:
        page.clock.run_for(10_000)
    assert "Blue door" in (sent.value.post_data or "")
    assert 'name="paper"' not in (sent.value.post_data or "")
    status = page.locator("[data-draft-status]")
    status.get_by_text("Draft saved").wait_for()
    assert status.inner_text().strip() == "Draft saved 4:12 p.m."
    page.context.close()


def test_a_draft_that_could_not_be_saved_is_said_and_tried_again(browser: Browser) -> None:
    county = County()
    county.status = 503
    page = opened(browser, county, "urgent")
    page.locator("#id_note").press_sequentially("Blue door")
    page.clock.run_for(4_000)
    page.get_by_text("The draft is not saved yet").wait_for()
    county.status = 200
    page.clock.run_for(11_000)
    page.get_by_text("Draft saved").wait_for()
    assert county.paths() == ["/draft", "/draft"]
    page.context.close()


def test_a_draft_changed_elsewhere_is_never_overwritten(browser: Browser) -> None:
    county = County()
    county.status = 409
    page = opened(browser, county, "urgent")
    page.locator("#id_note").press_sequentially("Blue")
    page.clock.run_for(4_000)
    page.get_by_text("changed in another window").wait_for()
    page.locator("#id_note").press_sequentially(" door")
    page.clock.run_for(30_000)
    assert county.paths() == ["/draft"]
    page.context.close()


def test_a_region_is_kept_fresh_but_never_while_somebody_is_in_it(browser: Browser) -> None:
    county = County()
    county.markup["live"] = '<div id="live-duties"><p>Fresh from the county <a href="#">link</a></p></div>'
    page = opened(browser, county, "duties")
    page.locator("#live-duties a").first.focus()
    page.clock.run_for(12_000)
    assert page.get_by_text("Fresh from the county").count() == 0
    page.locator("body").evaluate("() => document.activeElement.blur()")
    with page.expect_request("**/live") as asked:
        page.clock.run_for(6_000)
    assert asked.value.headers["x-background"] == "1"
    page.get_by_text("Fresh from the county").wait_for()
    page.context.close()
