"""Template words of the shell: days and times in the active zone, marks, and pictures for paper."""

import re
from base64 import b64encode
from collections.abc import Iterable
from datetime import date, datetime
from functools import lru_cache
from pathlib import Path

from django import template
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.html import conditional_escape
from django.utils.safestring import SafeString, mark_safe

from cseccase import wording
from cseccase.pictures import BarChart, svg_data_uri

register = template.Library()

STATIC = Path(__file__).resolve().parents[2] / "static"
_PHONE = re.compile(r"\(\d{3}\) \d{3}-\d{4}")
FACES = ((400, "PublicSans-Regular-Latin.woff2"), (700, "PublicSans-Bold-Latin.woff2"))


def _local_day(value: date | datetime) -> date:
    return timezone.localtime(value).date() if isinstance(value, datetime) else value


@register.filter
def day(value: date | datetime | None, now: date | datetime | None = None) -> str:
    """`{{ due_at|day }}` "Wed, Nov 18"; `{{ due_at|day:now }}` adds the year when it is not this one."""
    if value is None:
        return ""
    return wording.day_words(_local_day(value), year_now=_local_day(now).year if now else None)


@register.filter
def long_day(value: date | datetime | None) -> str:
    """`{{ today|long_day }}` "Tuesday, November 17, 2026"."""
    return "" if value is None else wording.long_day_words(_local_day(value))


@register.filter
def year(value: date | datetime | None) -> str:
    """`{{ printed_at|year }}` "2026"."""
    return "" if value is None else str(_local_day(value).year)


@register.filter
def time(value: datetime | None) -> str:
    """`{{ due_at|time }}` "4:12 p.m."."""
    return "" if value is None else wording.time_words(value, timezone.get_current_timezone())


@register.filter
def day_time(value: datetime | None, now: date | datetime | None = None) -> str:
    """`{{ due_at|day_time }}` "Wed, Nov 18, 9:40 a.m."; `{{ due_at|day_time:now }}` adds another year."""
    return "" if value is None else f"{day(value, now)}, {time(value)}"


@register.filter
def time_left(due_at: datetime | None, now: datetime) -> str:
    """`{{ due_at|time_left:now }}` "4 h 18 min left", "2 h 2 min overdue"."""
    return "" if due_at is None else wording.time_left_words(due_at, now)


@register.simple_tag
def time_left_by(due_at: datetime, now: datetime, force: str) -> str:
    """`{% time_left_by due_at now force %}` "2 h 2 min overdue by law", "… past the county’s target"."""
    return wording.time_left_words(due_at, now, force=force)


@register.filter
def listed(value: str | Iterable[str]) -> str:
    """`{{ shell.duty_names|listed }}` one string or a list, as one line."""
    return wording.listed_words(value)


@register.filter
def counted(value: int, nouns: str) -> str:
    """`{{ 3|counted:"duty,duties" }}` "3 duties"."""
    one, many = nouns.split(",")
    return wording.counted_words(value, one, many)


@register.filter
def lead_in(value: object) -> str:
    """`{{ field.label|lead_in }}` a question as it stands before its error: "Where?" or "Name:"."""
    words = str(value)
    return words if words.endswith(("?", ".", ":")) else f"{words}:"


@register.filter
def phones(words: str) -> SafeString:
    """Words in which every telephone number, like (555) 010-0142, can be tapped and is never broken."""
    return mark_safe(_PHONE.sub(_tapped, conditional_escape(words or "")))  # noqa: S308  # escaped here


def _tapped(found: re.Match[str]) -> str:
    number = found.group()
    return f'<a class="nowrap" href="tel:{number.replace(" ", "")}">{number}</a>'


@register.filter
def add_px(value: float, more: float) -> float:
    """A place in a drawing, a little further on."""
    return value + more


@register.inclusion_tag("components/mark.html")
def mark(state: str, size: int = 20) -> dict[str, object]:
    """`{% mark "overdue" 22 %}` the shape of a state; its words stand beside it."""
    return {"state": state, "size": size}


@register.simple_tag
def chart_image(chart: BarChart) -> str:
    """`<img alt="…" src="{% chart_image chart %}">` a bar chart for paper, complete in itself."""
    return svg_data_uri(
        render_to_string("components/bar_chart_wide.html", {"chart": chart, "on_paper": True}).strip()
    )


@register.simple_tag
def print_styles() -> SafeString:
    """The styles of printed documents, typeface included, for a <style> in print.html."""
    return _print_styles()


@lru_cache(maxsize=1)
def _print_styles() -> SafeString:
    faces = [
        f'@font-face{{font-family:"Public Sans Web";font-weight:{weight};'
        f"src:url(data:font/woff2;base64,{b64encode((STATIC / 'fonts' / name).read_bytes()).decode('ascii')})}}"
        for weight, name in FACES
    ]
    # Both are files of this repository, never anybody's input.
    return mark_safe("\n".join([*faces, (STATIC / "css" / "print.css").read_text(encoding="utf-8")]))  # noqa: S308
