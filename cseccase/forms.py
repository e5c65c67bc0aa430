"""Form fields for answers that people give in a hurry: "Not known" as a full answer, and a day with a time of day.

Every field renders through `templates/django/forms/` and works without scripts.
"""

import re
from collections.abc import Sequence
from datetime import UTC, date, datetime, time, timedelta, tzinfo
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.boundfield import BoundField
from django.utils import timezone

from cseccase.wording import day_words, hour_comes_twice, time_words

CLOCK_TIME = re.compile(r"(\d{1,2})(?:[:.]?(\d{2}))?([ap]m?)?")


class HalfMissing(ValueError):
    """A time of day that may mean the morning or the afternoon."""


def clock_time_read(text: str) -> time:
    """The time of day a person wrote: "4:12 p.m.", "412pm", "4 PM", "16:12", "0830", "noon", "midnight".

    Raises HalfMissing for "4:12" alone, ValueError for anything that is no time of day.
    """
    plain = re.sub(r"\s|\.(?!\d)", "", text.lower())
    plain = {"noon": "12pm", "midnight": "12am"}.get(plain, plain)
    found = CLOCK_TIME.fullmatch(plain)
    if not found:
        raise ValueError("This is no time of day.")
    hour_text, minute_text, half = found.groups()
    hour, minute = int(hour_text), int(minute_text or 0)
    if half:
        if not 1 <= hour <= 12:
            raise ValueError("With a.m. or p.m. the hour goes from 1 to 12.")
        return time(hour % 12 + (12 if half[0] == "p" else 0), minute)
    # Only somebody who means the 24-hour clock writes "08:30" or "16:12".
    if 1 <= hour <= 12 and not hour_text.startswith("0"):
        raise HalfMissing("This time may mean the morning or the afternoon.")
    if minute_text is None:
        raise ValueError("This is no time of day.")
    return time(hour, minute)


def day_read(text: str) -> date:
    """The day a person picked or wrote: "2026-11-17", "11/17/2026", "Nov 17, 2026". Raises ValueError otherwise."""
    plain = re.sub(r"\s+", " ", text.strip())
    for pattern in ("%Y-%m-%d", "%m/%d/%Y", "%m/%d/%y", "%b %d, %Y", "%B %d, %Y"):
        try:
            return datetime.strptime(plain, pattern).date()
        except ValueError:
            continue
    raise ValueError("not a day")


class HourSkipped(ValueError):
    """The clocks went forward over this time: it never happened on that day."""


class HourTwice(ValueError):
    """The clocks went back: this time happened twice on that day, and nobody said which one is meant."""


def moment_in_zone(day: date, at: time, zone: tzinfo, *, second: bool | None = None) -> datetime:
    """The moment, in UTC, at which the clocks of a zone showed this time on this day.

    `second` chooses within the autumn hour that comes twice. Raises HourSkipped and HourTwice.
    """
    local = datetime.combine(day, at, tzinfo=zone)
    if hour_comes_twice(local):
        if second is None:
            raise HourTwice
        return local.replace(fold=int(second)).astimezone(UTC)
    moment = local.astimezone(UTC)
    # Only a skipped reading changes on its way to UTC and back.
    if moment.astimezone(zone).replace(tzinfo=None) != local.replace(tzinfo=None):
        raise HourSkipped
    return moment


# Django says "This field is required." to every kind of question.
REQUIRED_WORDS = {
    forms.BooleanField: "Tick this to go on.",
    forms.MultipleChoiceField: "Choose at least one answer.",
    forms.ModelMultipleChoiceField: "Choose at least one answer.",
    forms.FileField: "Choose a file.",
    forms.ChoiceField: "Choose an answer.",
    forms.ModelChoiceField: "Choose an answer.",
    forms.DateField: "Write the day.",
}


class UswdsFormMixin:
    """For every form of the product: says what is missing in words that fit the question."""

    fields: dict[str, forms.Field]

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        usual = forms.Field.default_error_messages["required"]
        for field in self.fields.values():
            if field.error_messages.get("required") == usual:
                words = next(
                    (said for kind, said in REQUIRED_WORDS.items() if isinstance(field, kind)), "Answer this."
                )
                field.error_messages["required"] = words


class NotKnown:
    """The answer "Not known", to give as a field's initial value; None there means: not answered yet."""

    def __str__(self) -> str:
        return "Not known"


NOT_KNOWN = NotKnown()


class NotKnownWidget(forms.MultiWidget):
    """A field with a dashed "Not known" tick beside it. `about` names the question to a screen reader.

    The answer is posted under the field's own name, the tick under that name with `_nk`.
    """

    template_name = "django/forms/widgets/not_known.html"
    use_fieldset = False
    about = ""

    def __init__(self, answer: forms.Widget, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(widgets={"": answer, "nk": forms.CheckboxInput()}, attrs=attrs)

    def decompress(self, value: Any) -> list[Any]:
        return [None, True] if value is NOT_KNOWN else [value, False]

    def value_from_datadict(self, data: Any, files: Any, name: str) -> list[Any]:
        answer, ticked = super().value_from_datadict(data, files, name)
        return [answer, bool(ticked)]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        context = super().get_context(name, value, attrs)
        answer, tick = context["widget"]["subwidgets"]
        # Either of the two answers the question, so the browser may insist on neither.
        answer["attrs"].pop("required", None)
        tick["attrs"] = {key: value for key, value in tick["attrs"].items() if key in ("id", "checked")}
        return context | {"about": self.about}

    def id_for_label(self, id_: str) -> str:
        return f"{id_}_0" if id_ else id_


class NotKnownField(forms.Field):
    """Any field that may be answered with "Not known", which cleans to None.

    A NOT_KNOWN initial value shows the tick set. Left empty and unticked it asks for one of the two when required,
    and cleans to "" when not. An answer written beside a tick is kept as the answer: what somebody took the trouble
    to type is never thrown away.
    """

    def __init__(self, *, answer: forms.Field, **kwargs: Any) -> None:
        self.answer = answer
        answer.required = False
        super().__init__(widget=NotKnownWidget(answer.widget), **kwargs)

    def get_bound_field(self, form: forms.BaseForm, field_name: str) -> BoundField:
        bound = super().get_bound_field(form, field_name)
        self.widget.about = str(bound.label)
        return bound

    def __deepcopy__(self, memo: dict[int, Any]) -> "NotKnownField":
        copied = super().__deepcopy__(memo)
        copied.answer = self.answer.__deepcopy__(memo)
        return copied

    def clean(self, value: Any) -> Any:
        written, ticked = value or ("", False)
        cleaned = self.answer.clean(written)
        if cleaned not in self.empty_values:
            return cleaned
        if ticked:
            return None
        if self.required:
            raise ValidationError("Write an answer, or tick “Not known”.", code="required")
        return ""

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.widget.decompress(initial)
        now = data or ["", False]
        return bool(before[1]) != bool(now[1]) or self.answer.has_changed(before[0], now[0])


class NotKnownCharField(NotKnownField):
    """Words, or "Not known". `rows` above 1 makes it a text area; `input_attrs` reach the text input."""

    def __init__(
        self, *, max_length: int, rows: int = 1, input_attrs: dict[str, Any] | None = None, **kwargs: Any
    ) -> None:
        attrs = {"autocomplete": "off", **(input_attrs or {})}
        widget = forms.TextInput(attrs) if rows == 1 else forms.Textarea({"rows": rows, **attrs})
        super().__init__(answer=forms.CharField(max_length=max_length, widget=widget), **kwargs)


class NotKnownIntegerField(NotKnownField):
    """A whole number, or "Not known"."""

    def __init__(self, *, min_value: int, max_value: int, **kwargs: Any) -> None:
        widget = forms.TextInput({"autocomplete": "off", "inputmode": "numeric", "class": "input-short"})
        number = forms.IntegerField(
            min_value=min_value,
            max_value=max_value,
            widget=widget,
            error_messages={
                "invalid": "Write a whole number in figures, or tick “Not known”.",
                "min_value": f"Write a number from {min_value} to {max_value}.",
                "max_value": f"Write a number from {min_value} to {max_value}.",
            },
        )
        super().__init__(answer=number, **kwargs)


TWICE_CHOICES = (
    ("first", "The first time, before the clocks went back"),
    ("second", "The second time, after"),
)


class DayTimeWidget(forms.MultiWidget):
    """A day and a time of day side by side; asks "which of the two?" only when that hour came twice."""

    template_name = "django/forms/widgets/day_time.html"
    use_fieldset = True

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        day = forms.DateInput({"autocomplete": "off"}, format="%Y-%m-%d")
        day.input_type = "date"
        at = forms.TextInput({"autocomplete": "off"})
        super().__init__({"day": day, "time": at, "twice": forms.RadioSelect(choices=TWICE_CHOICES)}, attrs)
        self.zone: tzinfo | None = None

    def in_zone(self) -> tzinfo:
        return self.zone or timezone.get_current_timezone()

    def decompress(self, value: datetime | None) -> list[Any]:
        if value is None:
            return [None, None, None]
        local = value.astimezone(self.in_zone())
        # The zone's short name would not be read back; the third control says which of the two hours it is.
        words = " ".join(time_words(value, self.in_zone()).split(" ")[:2])
        return [local.date(), words, "second" if local.fold else "first"]

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        parts = value if isinstance(value, list) else self.decompress(value)
        context = super().get_context(name, parts, attrs)
        for part in context["widget"]["subwidgets"][:2]:
            part["attrs"].pop("aria-describedby", None)
        return context | {"asks_which": self._asks_which(parts)}

    def _asks_which(self, parts: Sequence[Any]) -> bool:
        try:
            moment_in_zone(_as_day(parts[0]), clock_time_read(str(parts[1])), self.in_zone())
        except HourTwice:
            return True
        except ValueError:
            return False
        return False


def _as_day(value: Any) -> date:
    return value if isinstance(value, date) else day_read(str(value or ""))


class DayTimeField(forms.MultiValueField):
    """A moment, written as a day and a time of day in the county's zone; cleans to a datetime in UTC.

    The zone is the active one unless given. A time the clocks jumped over is refused; a time that came twice asks
    which of the two is meant.
    """

    def __init__(self, *, zone: tzinfo | None = None, **kwargs: Any) -> None:
        self.zone = zone
        widget = DayTimeWidget()
        widget.zone = zone
        fields = (
            forms.CharField(required=False),
            forms.CharField(required=False),
            forms.CharField(required=False),
        )
        super().__init__(fields=fields, widget=widget, require_all_fields=False, **kwargs)

    def offer_days(self, today: date, *, back: int = 7) -> None:
        """Turns the day into a list: "Today, Tue, Nov 17", "Yesterday", and so on, newest first."""
        names = {0: "Today, ", 1: "Yesterday, "}
        days = [(back_by, today - timedelta(days=back_by)) for back_by in range(back + 1)]
        choices = [(day.isoformat(), names.get(back_by, "") + day_words(day)) for back_by, day in days]
        attrs = self.widget.widgets[0].attrs
        self.widget.widgets[0] = forms.Select(attrs=attrs, choices=choices)

    def clean(self, value: Any) -> datetime | None:
        day_text, time_text, twice = [str(part or "").strip() for part in (value or ["", "", ""])]
        if not day_text and not time_text:
            if self.required:
                raise ValidationError("Choose the day and write the time.", code="required")
            return None
        day, at = _day_asked(day_text), _time_asked(time_text)
        zone = self.zone or timezone.get_current_timezone()
        try:
            return moment_in_zone(day, at, zone, second={"first": False, "second": True}.get(twice))
        except HourSkipped:
            raise ValidationError(
                f"Clocks went forward on {day_words(day)}, so {_hour_words(at)} never came. "
                "Write a time before 2:00 a.m. or from 3:00 a.m. on.",
                code="skipped",
            ) from None
        except HourTwice:
            raise ValidationError(
                f"Clocks went back on {day_words(day)}, so {_hour_words(at)} came twice. Choose which one you mean.",
                code="twice",
            ) from None

    def has_changed(self, initial: Any, data: Any) -> bool:
        before = self.widget.decompress(initial) if not isinstance(initial, list) else initial
        texts = [[str(part or "") for part in parts] for parts in (before, data or ["", "", ""])]
        return texts[0][:2] != texts[1][:2] or (bool(texts[1][2]) and texts[0][2] != texts[1][2])


def _hour_words(at: time) -> str:
    return time_words(datetime.combine(date(2000, 1, 1), at, tzinfo=UTC), UTC)


def _day_asked(text: str) -> date:
    try:
        return day_read(text)
    except ValueError:
        raise ValidationError("Write the day like 11/17/2026.", code="day") from None


def _time_asked(text: str) -> time:
    try:
        return clock_time_read(text)
    except ValueError as problem:
        if isinstance(problem, HalfMissing):
            raise ValidationError(
                "Say whether the time is a.m. or p.m., like 4:12 p.m.", code="half"
            ) from None
        raise ValidationError("Write the time like 4:12 p.m.", code="time") from None
