from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone

from tests.cseccase.templatetags import gallery

NOW = datetime(2026, 11, 18, 0, 12, tzinfo=UTC)


@pytest.fixture(autouse=True)
def _in_the_county() -> Iterator[None]:
    with timezone.override(ZoneInfo("America/Los_Angeles")):
        yield


def said(source: str, **context: object) -> str:
    return Template("{% load shell %}" + source).render(Context(context))


@pytest.mark.parametrize(
    ("source", "words"),
    [
        ("{{ at|day }}", "Tue, Nov 17"),
        ("{{ at|day:later }}", "Tue, Nov 17, 2026"),
        ("{{ at|long_day }}", "Tuesday, November 17, 2026"),
        ("{{ at|year }}", "2026"),
        ("{{ at|time }}", "4:12 p.m."),
        ("{{ at|day_time }}", "Tue, Nov 17, 4:12 p.m."),
        ("{{ due|time_left:at }}", "4 h 18 min left"),
        ("{% time_left_by at due 'practice' %}", "4 h 18 min past the county’s target"),
        ("{{ born|day }}", "Sun, May 9"),
        ("{{ nothing|day }}{{ nothing|time }}{{ nothing|day_time }}{{ nothing|time_left:at }}", ""),
        ("{{ 1|counted:'duty,duties' }}, {{ 3|counted:'duty,duties' }}", "1 duty, 3 duties"),
        ("{{ duties|listed }}", "Hotline, Supervisor"),
        ("{{ 'Where?'|lead_in }} {{ 'Name'|lead_in }}", "Where? Name:"),
    ],
)
def test_days_and_times_are_said_in_the_active_zone(source: str, words: str) -> None:
    context = {
        "at": NOW,
        "due": NOW + timedelta(hours=4, minutes=18),
        "later": datetime(2027, 6, 1, tzinfo=UTC),
        "born": date(2010, 5, 9),
        "nothing": None,
        "duties": ["Hotline", "Supervisor"],
    }
    assert said(source, **context) == words


def test_a_mark_is_a_shape_that_readers_of_the_screen_skip() -> None:
    markup = said("{% mark 'overdue' 22 %}")
    assert 'width="22"' in markup
    assert 'aria-hidden="true"' in markup


def test_every_state_has_a_shape_of_its_own_and_later_is_open() -> None:
    shapes = {state: said("{% mark state %}", state=state) for state in gallery.STATES}
    assert shapes["later"] == shapes["open"]
    assert len(set(shapes.values())) == len(gallery.STATES) - 1


def test_a_chart_for_paper_is_complete_in_itself() -> None:
    address = said("{% chart_image chart %}", chart=gallery.chart())
    assert address.startswith("data:image/svg+xml;base64,")


def test_what_a_cell_hides_is_in_no_drawing_and_no_table() -> None:
    markup = gallery.page("report") + gallery.page("paper")
    assert markup.count("<span>not shown</span>") == 4
    assert "107" not in markup
    assert "178" not in markup
