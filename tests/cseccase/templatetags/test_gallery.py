"""What every page made of the components promises: looked at as text, and in a browser."""

import gzip
import re
from pathlib import Path

import pytest
from django.conf import settings

from tests.cseccase.templatetags import gallery

TEMPLATES = Path(settings.BASE_DIR) / "templates"
STATIC = Path(settings.BASE_DIR) / "static"
SCREENS = (*gallery.NAMES, *gallery.ERRORS)


@pytest.mark.parametrize("name", SCREENS)
def test_no_page_carries_styles_scripts_or_handlers_of_its_own(name: str) -> None:
    markup = gallery.page(name)
    assert not re.search(r"<style|\sstyle=|<script(?! src=)|\son[a-z]+=|javascript:", markup)


@pytest.mark.parametrize("name", SCREENS)
def test_ids_are_used_once_and_what_points_at_an_id_finds_it(name: str) -> None:
    markup = gallery.page(name)
    ids = re.findall(r'\sid="([^"]+)"', markup)
    assert len(ids) == len(set(ids))
    pointed = re.findall(r'\s(?:for|aria-labelledby|aria-describedby)="([^"]+)"', markup)
    assert {one for many in pointed for one in many.split()} <= set(ids)
    assert {link for link in re.findall(r'href="#(id_[^"]+)"', markup)} <= set(ids)


@pytest.mark.parametrize("name", SCREENS)
def test_every_page_has_one_title_one_heading_and_one_main(name: str) -> None:
    markup = gallery.page(name)
    assert markup.count("<h1") == 1
    assert markup.count("<main") == 1
    title = re.search(r"<title>(.*?)</title>", markup)
    assert title
    assert not re.search(r"exploit|csec|traffick|Dana|J\. A\.", title[1], re.IGNORECASE)


def test_a_page_with_something_to_mend_says_so_in_its_tab_and_first_in_the_page() -> None:
    markup = gallery.page("urgent-bad")
    assert "<title>Error: Urgent referral" in markup
    assert markup.index("Mend this") < markup.index("<h1")
    assert "<title>Urgent referral" in gallery.page("urgent")


@pytest.mark.parametrize("path", sorted(TEMPLATES.glob("components/*.html")), ids=lambda path: path.stem)
def test_every_component_begins_by_saying_what_it_takes(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.startswith("{% comment %}")
    assert "Context:" in text[: text.index("{% endcomment %}")]


def test_no_component_lies_about_unused() -> None:
    included = "".join(
        path.read_text(encoding="utf-8")
        for path in [*TEMPLATES.rglob("*.html"), *gallery.PAGES.glob("*.html")]
    )
    used = set(re.findall(r'include "components/(\w+)\.html"', included)) | {"mark"}
    assert {path.stem for path in TEMPLATES.glob("components/*.html")} <= used


def test_error_pages_render_with_nothing_but_themselves() -> None:
    from django.template.loader import render_to_string

    for name in gallery.ERRORS:
        assert "<h1>" in render_to_string(f"{name}.html")


def _weight(*parts: str) -> int:
    return sum(
        len(gzip.compress((STATIC / part).read_bytes()))
        if not part.endswith("woff2")
        else (STATIC / part).stat().st_size
        for part in parts
    )


def test_the_urgent_form_loads_in_sixty_kilobytes_and_every_page_in_a_hundred() -> None:
    sheets = ("css/uswds.css", "css/cseccase.css", "img/icon.svg", "img/usa-icons/unfold_more.svg")
    scripts = tuple(f"js/{name}.js" for name in ("hide", "timeout", "draft", "live"))
    faces = ("fonts/PublicSans-Regular-Latin.woff2", "fonts/PublicSans-Bold-Latin.woff2")
    shared = _weight(*sheets, *scripts)
    assert shared + len(gzip.compress(gallery.page("urgent").encode())) <= 60_000
    for name in SCREENS:
        assert shared + _weight(*faces) + len(gzip.compress(gallery.page(name).encode())) <= 100_000


def test_the_urgent_form_asks_for_no_typeface() -> None:
    assert 'class="system-type"' in gallery.page("urgent")
    uswds = (STATIC / "css/uswds.css").read_text(encoding="utf-8")
    assert "font-face" not in uswds
    assert "Public Sans" not in uswds


@pytest.mark.parametrize("path", sorted(STATIC.glob("css/*.css")), ids=lambda path: path.name)
def test_every_file_a_stylesheet_names_is_there(path: Path) -> None:
    text = path.read_text(encoding="utf-8")
    assert "sourceMappingURL" not in text
    for named in re.findall(r"url\(['\"]?([^'\")]+)", text):
        assert (path.parent / named).resolve().is_file(), named


@pytest.mark.parametrize(
    "name", sorted(str(path.relative_to(TEMPLATES)) for path in TEMPLATES.rglob("*.html")), ids=str
)
def test_every_template_of_the_shell_compiles(name: str) -> None:
    from django.template.loader import get_template

    assert get_template(name).origin.name == str(TEMPLATES / name)
