"""What a reviewer would look for in every change, looked for here."""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGES = ("cseccase", "agencies", "referrals", "mdt", "reporting")
SOURCES = [
    path
    for package in PACKAGES
    for path in sorted(Path(package).rglob("*.py"))
    if "migrations" not in path.parts and "embedded" not in path.parts
]
TEMPLATES = sorted(Path("templates").rglob("*.html"))
BANNED_WORDS = re.compile(
    r"child prostitut|juvenile prostitut|\bhooker|\bpromiscuous|\bprostitute", re.IGNORECASE
)


def calls(path: Path) -> Iterator[ast.Call]:
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Call):
            yield node


@pytest.mark.parametrize(
    "path", [p for p in SOURCES if "services" in p.parts and p.name != "__init__.py"], ids=str
)
def test_a_service_takes_keywords_only(path: Path) -> None:
    for node in ast.parse(path.read_text(encoding="utf-8")).body:
        if isinstance(node, ast.FunctionDef) and not node.name.startswith("_") and len(node.args.args) > 2:
            pytest.fail(f"{path}: {node.name} takes more than two positional arguments")


@pytest.mark.parametrize("path", [*SOURCES, *TEMPLATES], ids=str)
def test_words_put_the_child_first(path: Path) -> None:
    assert not BANNED_WORDS.search(path.read_text(encoding="utf-8"))


@pytest.mark.parametrize("path", TEMPLATES, ids=str)
def test_a_page_holds_no_inline_script_style_or_handler(path: Path) -> None:
    if path.name == "print.html" or "pdf" in path.stem:
        return  # printed documents carry their own style and are never served as pages
    text = re.sub(r"{%\s*comment.*?endcomment\s*%}", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
    assert not re.search(r"\sstyle\s*=", text), "a style attribute"
    assert not re.search(r"\son[a-z]+\s*=\s*[\"']", text), "an inline handler"
    assert not re.search(r"<style[\s>]", text)
    assert not re.search(r"<script(?![^>]*(\ssrc=|application/json))", text), "an inline script"


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_modules_stay_small_enough_to_read(path: Path) -> None:
    assert len(path.read_text(encoding="utf-8").splitlines()) <= 430, "split it by noun"


def test_no_drawer_for_everything() -> None:
    names = {path.stem for path in SOURCES}
    assert names.isdisjoint({"utils", "helpers", "common", "misc"})
