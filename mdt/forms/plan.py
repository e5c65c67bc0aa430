"""What is asked to plan a meeting: when and how, who sits there, and what the child said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Any
from uuid import UUID

from django import forms
from django.forms.boundfield import BoundField

from cseccase.forms import DayTimeField, UswdsFormMixin
from mdt.choices import Briefing, Kind, Mode, Participation, Reply, Wish
from mdt.selectors.candidates import Table
from mdt.services.child import ChildSaid
from mdt.services.meeting import MeetingSaid
from mdt.services.seats import SeatSaid

NOT_INVITED, NOBODY_YET = "none", "any"
LENGTHS = [(minutes, words) for minutes, words in ((30, "30 minutes"), (45, "45 minutes"), (60, "1 hour"))]
LENGTHS += [(90, "1 h 30 min"), (120, "2 hours"), (180, "3 hours")]
PLACE_HINT = "A neutral place, like a room of the county. Never where the child stays."


def _text(length: int, **kwargs: Any) -> forms.CharField:
    return forms.CharField(max_length=length, widget=forms.TextInput({"autocomplete": "off"}), **kwargs)


class WhenForm(UswdsFormMixin, forms.Form):
    """When, how and why a team meets."""

    kind = forms.ChoiceField(label="Which team?", choices=Kind.choices, widget=forms.RadioSelect)
    reason = _text(
        300,
        label="Why does the team meet?",
        help_text="A few words for the members: “first meeting”, “before court”.",
    )
    starts_at = DayTimeField(label="When?")
    minutes = forms.TypedChoiceField(label="For how long?", choices=LENGTHS, coerce=int, initial=60)
    mode = forms.ChoiceField(
        label="How?",
        choices=Mode.choices,
        widget=forms.RadioSelect,
        help_text="By telephone or video, one member is with the child. The meeting cannot be recorded as held without it.",
    )
    not_in_person_reason = _text(
        300,
        label="If not in person: why not?",
        help_text="Asked of the crisis team and of the first team.",
        required=False,
    )
    place = _text(160, label="Where?", help_text=PLACE_HINT, required=False)

    def said(self, person_with_child: UUID | None = None) -> MeetingSaid:
        """The answers as the service takes them."""
        given = self.cleaned_data
        return MeetingSaid(
            kind=Kind(given["kind"]),
            mode=Mode(given["mode"]),
            starts_at=given["starts_at"],
            ends_at=given["starts_at"] + timedelta(minutes=given["minutes"]),
            reason=given["reason"],
            place=given["place"],
            not_in_person_reason=given["not_in_person_reason"],
            person_with_child=person_with_child,
        )


@dataclass(frozen=True, slots=True)
class SeatQuestion:
    """One agency's lines in the form."""

    table: Table
    seat: BoundField
    why: BoundField | None


def seat_choices(table: Table, *, may_skip: bool) -> list[tuple[str, str]]:
    """Who can be named for an agency. Those who cannot attend yet stand beside the question with the reason."""
    people = [(str(one.person), f"{one.name}, {one.title}" if one.title else one.name) for one in table.able]
    skip = [(NOT_INVITED, "Not invited")] if may_skip else []
    return [*skip, *people, (NOBODY_YET, "The agency names somebody")]


def unable_words(table: Table) -> str:
    """The people of an agency who cannot attend yet, each with the reason."""
    if not table.unable:
        return ""
    return "Cannot attend yet: " + "; ".join(f"{one.name} ({one.obstacle})" for one in table.unable) + "."


def _why(short_name: str) -> forms.CharField:
    return _text(
        300,
        label=f"Why {short_name}, for this child?",
        help_text="If invited: the law makes this agency a member only with a reason in writing (WIC 18951(d)).",
        required=False,
    )


class ScheduleForm(WhenForm):
    """A new meeting: when and how, and a line for each agency that may sit there."""

    def __init__(
        self, *args: Any, tables: Sequence[Table], asked: Iterable[str], me: UUID, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.tables = list(tables)
        law = frozenset(asked)
        for table in self.tables:
            pk = table.agency.pk
            by_law = table.agency.role in law
            field = forms.ChoiceField(
                label=table.agency.short_name,
                choices=seat_choices(table, may_skip=True),
                help_text=unable_words(table),
                initial=_first_choice(table, me) if by_law else NOT_INVITED,
            )
            self.fields[f"seat_{pk}"] = field
            if table.deemed:
                self.fields[f"why_{pk}"] = _why(table.agency.short_name)
        self.law = law

    def when_fields(self) -> list[BoundField]:
        return [self[name] for name in WhenForm.base_fields]

    def by_law(self) -> list[SeatQuestion]:
        return [self._question(table) for table in self.tables if table.agency.role in self.law]

    def by_choice(self) -> list[SeatQuestion]:
        return [self._question(table) for table in self.tables if table.agency.role not in self.law]

    def choice_is_open(self) -> bool:
        """Whether the lines of the other agencies must be in view: something is answered there, or to be mended."""
        fields = [bound for one in self.by_choice() for bound in (one.seat, one.why) if bound is not None]
        return any(bound.errors or bound.value() not in (None, "", NOT_INVITED) for bound in fields)

    def _question(self, table: Table) -> SeatQuestion:
        why = f"why_{table.agency.pk}"
        return SeatQuestion(table, self[f"seat_{table.agency.pk}"], self[why] if why in self.fields else None)

    def seats(self) -> list[SeatSaid]:
        """The agencies invited, with the people named."""
        found = []
        for table in self.tables:
            pk = table.agency.pk
            chosen = self.cleaned_data.get(f"seat_{pk}", NOT_INVITED)
            if chosen != NOT_INVITED:
                person = None if chosen == NOBODY_YET else UUID(chosen)
                found.append(SeatSaid(pk, person, self.cleaned_data.get(f"why_{pk}", "")))
        return found


def _first_choice(table: Table, me: UUID) -> str:
    """Whoever plans the meeting, for their own agency; the only person there is; else the agency names somebody."""
    able = [one.person for one in table.able]
    if me in able:
        return str(me)
    return str(able[0]) if len(able) == 1 else NOBODY_YET


class SeatForm(UswdsFormMixin, forms.Form):
    """Who fills one seat."""

    def __init__(self, *args: Any, table: Table, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.table = table
        self.seat_name, self.why_name = f"seat_{table.agency.pk}", f"why_{table.agency.pk}"
        if table.deemed:
            self.fields[self.why_name] = _why(table.agency.short_name)
            self.fields[self.why_name].required = True
        self.fields[self.seat_name] = forms.ChoiceField(
            label="Who comes?", choices=seat_choices(table, may_skip=False), widget=forms.RadioSelect
        )

    def said(self) -> SeatSaid:
        """The answer as the service takes it."""
        chosen = self.cleaned_data[self.seat_name]
        person = None if chosen == NOBODY_YET else UUID(chosen)
        return SeatSaid(self.table.agency.pk, person, self.cleaned_data.get(self.why_name, ""))


class CancelForm(UswdsFormMixin, forms.Form):
    """Why a meeting does not take place."""

    reason = _text(
        300, label="Why?", help_text="Members read this. Nothing about treatment or where the child stays."
    )


class ReplyForm(UswdsFormMixin, forms.Form):
    """A member's answer to the invitation."""

    reply = forms.ChoiceField(
        label="Can you come?",
        choices=[choice for choice in Reply.choices if choice[0] != Reply.NONE],
        widget=forms.RadioSelect,
    )
    person = forms.ChoiceField(label="Who comes for your agency?", required=False)
    note = _text(200, label="A word to the person who leads the meeting", required=False)

    def __init__(self, *args: Any, table: Table | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person"]
        able = [(str(one.person), one.name) for one in table.able] if table else []
        field.choices = [("", "Not named yet"), *able]
        field.help_text = unable_words(table) if table else ""

    def person_named(self) -> UUID | None:
        """Who comes, where the answer names somebody."""
        return UUID(self.cleaned_data["person"]) if self.cleaned_data["person"] else None


class ChildForm(UswdsFormMixin, forms.Form):
    """The child's side of a meeting, before and after."""

    wish = forms.ChoiceField(
        label="Did you ask the child about coming? What did they say?",
        choices=Wish.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    wish_note = _text(300, label="In the child’s words, or why they could not be asked", required=False)
    briefing = forms.ChoiceField(
        label="Was the explanation of the meeting read to the child?",
        choices=Briefing.choices,
        required=False,
        widget=forms.RadioSelect,
        help_text="What the meeting is, who sits there, what they may know, and that the child may leave.",
    )
    briefed_at = DayTimeField(label="If read: when?", required=False)
    briefing_version = _text(
        40, label="If read: which version?", help_text="It stands on the sheet.", required=False
    )
    briefing_language = _text(40, label="If read: in which language?", required=False)
    briefing_note = _text(300, label="What the child asked, or why it was not read", required=False)
    person_with_child = forms.ChoiceField(
        label="Which member is with the child?",
        required=False,
        help_text="Asked when the team meets by telephone or video.",
    )
    part = forms.ChoiceField(
        label="After the meeting: how did the child take part?",
        choices=Participation.choices,
        required=False,
        widget=forms.RadioSelect,
    )
    part_note = _text(300, label="How, or why not", required=False)

    def __init__(
        self, *args: Any, members: Sequence[tuple[UUID, str]], from_afar: bool, **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        field: Any = self.fields["person_with_child"]
        field.choices = [("", "Not named yet"), *((str(pk), name) for pk, name in members)]
        if not from_afar:
            del self.fields["person_with_child"]

    def said(self) -> ChildSaid:
        """The answers as the service takes them."""
        given = self.cleaned_data
        beside = given.get("person_with_child")
        return ChildSaid(
            wish=Wish(given["wish"]),
            wish_note=given["wish_note"],
            part=Participation(given["part"]),
            part_note=given["part_note"],
            briefing=Briefing(given["briefing"]),
            briefing_version=given["briefing_version"],
            briefing_language=given["briefing_language"],
            briefing_note=given["briefing_note"],
            briefed_at=given["briefed_at"],
            person_with_child=UUID(beside) if beside else None,
        )
