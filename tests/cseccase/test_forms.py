from collections.abc import Iterator
from datetime import UTC, date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from cseccase.forms import (
    NOT_KNOWN,
    DayTimeField,
    HalfMissing,
    HourSkipped,
    HourTwice,
    NotKnownCharField,
    NotKnownIntegerField,
    UswdsFormMixin,
    clock_time_read,
    day_read,
    moment_in_zone,
)
from cseccase.wording import hour_comes_twice

LA = ZoneInfo("America/Los_Angeles")


@pytest.fixture(autouse=True)
def _in_the_county() -> Iterator[None]:
    with timezone.override(LA):
        yield


class Call(UswdsFormMixin, forms.Form):
    told_at = DayTimeField(label="When were you told?", help_text="Clocks run from this time.")
    where = NotKnownCharField(label="Where is the child?", max_length=50, help_text="A place.")
    age = NotKnownIntegerField(label="How old?", min_value=0, max_value=25)
    danger = forms.ChoiceField(
        label="In danger?",
        choices=[("yes", "Yes"), ("no", "No"), ("unknown", "Not known")],
        widget=forms.RadioSelect,
    )
    more = forms.CharField(label="More", required=False)


ANSWERS = {
    "told_at_day": "2026-11-17",
    "told_at_time": "4:12 p.m.",
    "where": "Mercy Hospital",
    "age": "14",
    "danger": "yes",
}


def call(**changed: str) -> Call:
    return Call({**ANSWERS, **changed})


@pytest.mark.parametrize(
    ("text", "read"),
    [
        ("4:12 p.m.", time(16, 12)),
        ("4:12pm", time(16, 12)),
        ("412 PM", time(16, 12)),
        ("4.12 pm", time(16, 12)),
        ("4 p", time(16)),
        ("12 a.m.", time(0)),
        ("12:30 p.m.", time(12, 30)),
        ("16:12", time(16, 12)),
        ("1612", time(16, 12)),
        ("08:30", time(8, 30)),
        ("00:05", time(0, 5)),
        ("noon", time(12)),
        ("Midnight", time(0)),
    ],
)
def test_a_time_is_read_in_every_way_people_write_it(text: str, read: time) -> None:
    assert clock_time_read(text) == read


@pytest.mark.parametrize("text", ["4:12", "11:05", "12:30", "4"])
def test_a_time_that_may_be_morning_or_afternoon_is_not_guessed(text: str) -> None:
    with pytest.raises(HalfMissing):
        clock_time_read(text)


@pytest.mark.parametrize("text", ["", "later", "25:00", "4:75 p.m.", "13 p.m.", "16", "0 a.m."])
def test_what_is_no_time_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match=r".+"):
        clock_time_read(text)


@given(at=st.times().map(lambda t: t.replace(second=0, microsecond=0, tzinfo=None)))
def test_every_time_is_read_back_as_it_is_said(at: time) -> None:
    from cseccase.wording import time_words

    assert clock_time_read(time_words(datetime.combine(date(2026, 6, 1), at, tzinfo=UTC), UTC)) == at


@pytest.mark.parametrize(
    "text", ["2026-11-17", "11/17/2026", "11/17/26", "Nov 17, 2026", "November  17, 2026"]
)
def test_a_day_is_read_in_every_way_people_write_it(text: str) -> None:
    assert day_read(text) == date(2026, 11, 17)


def test_the_hour_the_clocks_jump_over_never_was() -> None:
    night = date(2027, 3, 14)
    assert moment_in_zone(night, time(1, 59), LA) == datetime(2027, 3, 14, 9, 59, tzinfo=UTC)
    assert moment_in_zone(night, time(3, 0), LA) == datetime(2027, 3, 14, 10, 0, tzinfo=UTC)
    with pytest.raises(HourSkipped):
        moment_in_zone(night, time(2, 30), LA)


def test_the_hour_that_comes_twice_must_be_chosen() -> None:
    night = date(2026, 11, 1)
    with pytest.raises(HourTwice):
        moment_in_zone(night, time(1, 30), LA)
    assert moment_in_zone(night, time(1, 30), LA, second=False) == datetime(2026, 11, 1, 8, 30, tzinfo=UTC)
    assert moment_in_zone(night, time(1, 30), LA, second=True) == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


@given(minutes=st.integers(min_value=0, max_value=2 * 365 * 24 * 60))
def test_every_moment_survives_being_written_down_and_read_again(minutes: int) -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    local = moment.astimezone(LA)
    second = bool(local.fold) if hour_comes_twice(local) else None
    assert moment_in_zone(local.date(), local.time().replace(fold=0), LA, second=second) == moment


def test_a_call_with_every_answer_is_read() -> None:
    form = call()
    assert form.is_valid(), form.errors
    assert form.cleaned_data["told_at"] == datetime(2026, 11, 18, 0, 12, tzinfo=UTC)
    assert (form.cleaned_data["where"], form.cleaned_data["age"]) == ("Mercy Hospital", 14)


def test_not_known_is_a_full_answer_and_reads_as_none() -> None:
    form = call(where="", where_nk="on", age="", age_nk="on", danger="unknown")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["where"] is None
    assert form.cleaned_data["age"] is None


def test_an_answer_beside_the_tick_is_kept() -> None:
    form = call(where_nk="on")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["where"] == "Mercy Hospital"


def test_no_answer_and_no_tick_is_asked_for_again() -> None:
    form = call(where="")
    assert form.errors["where"] == ["Write an answer, or tick “Not known”."]


@pytest.mark.parametrize(
    ("changed", "words"),
    [
        ({"told_at_day": "", "told_at_time": ""}, "Choose the day and write the time."),
        ({"told_at_day": "soon"}, "Write the day like 11/17/2026."),
        ({"told_at_time": "soon"}, "Write the time like 4:12 p.m."),
        ({"told_at_time": "4:12"}, "Say whether the time is a.m. or p.m., like 4:12 p.m."),
        ({"told_at_day": "2027-03-14", "told_at_time": "2:30 a.m."}, "Clocks went forward on Sun, Mar 14"),
        ({"told_at_day": "2026-11-01", "told_at_time": "1:30 a.m."}, "Clocks went back on Sun, Nov 1"),
        ({"age": "abc"}, "Write a whole number in figures"),
        ({"age": "99"}, "Write a number from 0 to 25."),
        ({"danger": ""}, "Choose an answer."),
    ],
)
def test_every_refusal_says_how_to_mend_it(changed: dict[str, str], words: str) -> None:
    errors = [error for errors in call(**changed).errors.values() for error in errors]
    assert len(errors) == 1
    assert words in errors[0]


def test_only_the_hour_that_came_twice_asks_which_one_is_meant() -> None:
    night = {"told_at_day": "2026-11-01", "told_at_time": "1:30 a.m."}
    assert "Which one do you mean?" in call(**night)["told_at"].as_widget()
    assert "Which one do you mean?" not in call()["told_at"].as_widget()
    form = call(**night, told_at_twice="second")
    assert form.is_valid(), form.errors
    assert form.cleaned_data["told_at"] == datetime(2026, 11, 1, 9, 30, tzinfo=UTC)


def test_a_question_is_one_group_whose_error_and_hint_are_read_with_the_answer() -> None:
    markup = call(where="")["where"].as_field_group()
    assert '<label class="usa-label" for="id_where_0">Where is the child?</label>' in markup
    assert 'aria-describedby="id_where_helptext id_where_error"' in markup
    assert 'id="id_where_helptext"' in markup
    assert 'id="id_where_error"' in markup
    assert 'aria-invalid="true"' in markup
    assert 'Not known<span class="usa-sr-only">: Where is the child?</span>' in markup


def test_what_may_be_left_empty_says_so_and_nothing_else_does() -> None:
    form = call()
    assert "(optional)" in form["more"].as_field_group()
    assert "(optional)" not in form["where"].as_field_group()


def test_answers_of_one_choice_are_tiles_and_not_known_is_dashed() -> None:
    markup = call()["danger"].as_field_group()
    assert markup.count('class="opt usa-radio"') == 2
    assert markup.count('class="opt usa-radio opt--nk"') == 1
    assert "<legend" in markup


def test_no_answer_is_drawn_with_styles_or_scripts_of_its_own() -> None:
    markup = str(call(where=""))
    assert "style=" not in markup
    assert "<script" not in markup
    assert "placeholder=" not in markup


def test_days_can_be_offered_by_name() -> None:
    form = Call(initial={"told_at": datetime(2026, 11, 18, 0, 12, tzinfo=UTC), "where": NOT_KNOWN})
    field: Any = form.fields["told_at"]
    field.offer_days(date(2026, 11, 17), back=2)
    markup = str(form)
    assert '<option value="2026-11-17" selected>Today, Tue, Nov 17</option>' in markup
    assert '<option value="2026-11-16">Yesterday, Mon, Nov 16</option>' in markup
    assert 'value="4:12 p.m."' in markup


def test_a_fresh_question_has_no_tick_and_a_known_not_known_has_one() -> None:
    assert "checked" not in Call()["where"].as_widget()
    assert "checked" in Call(initial={"where": NOT_KNOWN})["where"].as_widget()
    assert "checked" not in Call(initial={"where": "Home"})["where"].as_widget()
