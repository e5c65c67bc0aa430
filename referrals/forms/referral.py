"""The questions of a referral: seven on the telephone at night, more when there is time."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any
from uuid import UUID, uuid4

from django import forms
from django.utils import timezone

from cseccase.forms import DayTimeField, NotKnownCharField, NotKnownIntegerField, UswdsFormMixin
from referrals.choices import Answer, Channel, Holder, ServicesSituation
from referrals.services.referral import ChildSaid, ReferralSaid

OLDEST = 25
MOST_CHILDREN = 12


class SendOnce(forms.Form):
    """A form that is one act however often the button is pressed: its token is the incident's id."""

    incident = forms.UUIDField(widget=forms.HiddenInput)

    def token(self) -> UUID:
        """The id under which this sending is logged."""
        return self.cleaned_data["incident"] or uuid4()


class UrgentReferralForm(UswdsFormMixin, SendOnce):
    """Seven answers start the clocks, and "Not known" is a good one. The time comes first: clocks run from it."""

    told_at = DayTimeField(
        label="When were you told?",
        help_text="Clocks run from this time, not from when you type. Change it if you were told earlier.",
    )
    call_back = NotKnownCharField(
        max_length=60,
        label="Call-back number",
        help_text="First, in case the line drops.",
        input_attrs={"inputmode": "tel", "enterkeyhint": "next"},
    )
    reporter = forms.CharField(
        max_length=160,
        required=False,
        label="Who is calling?",
        help_text="Name or role. By law it stays apart from what others see.",
        widget=forms.TextInput({"autocomplete": "off", "enterkeyhint": "next"}),
    )
    place = NotKnownCharField(
        max_length=300,
        label="Where is the child now?",
        help_text="A place, an address or a cross-street.",
        input_attrs={"enterkeyhint": "next"},
    )
    danger = forms.ChoiceField(
        label="Is the child in immediate danger?", choices=Answer.choices, widget=forms.RadioSelect
    )
    name = NotKnownCharField(
        max_length=250,
        label="What is the child’s name?",
        help_text="Initials, or the name they go by, will do.",
        input_attrs={"enterkeyhint": "next"},
    )
    age = NotKnownIntegerField(
        min_value=0, max_value=OLDEST, label="About how old, in years?", help_text="A guess is fine."
    )
    narrative = NotKnownCharField(
        max_length=20_000,
        rows=4,
        label="What happened?",
        help_text="The caller’s words, short. Do not ask the child to tell it again.",
    )
    holder = forms.ChoiceField(
        label="Which county agency already has the case?", choices=Holder.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told: Any = self.fields["told_at"]
        told.offer_days(timezone.localtime(now).date())

    def said(self) -> ReferralSaid:
        data = self.cleaned_data
        return ReferralSaid(
            urgent=True,
            received_at=data["told_at"],
            call_back=data["call_back"] or "",
            reporter=data["reporter"],
            place=data["place"] or "",
            immediate_danger=Answer(data["danger"]),
            narrative=data["narrative"] or "",
            holder=Holder(data["holder"]),
        )

    def searched_name(self) -> str:
        """What is looked up in the index before a new file is opened; empty when the name is not known."""
        return self.cleaned_data["name"] or ""

    def children(self, case_file: UUID | None) -> list[ChildSaid]:
        given, family = name_parts(self.searched_name())
        return [
            ChildSaid(
                given_name=given, family_name=family, age_said=self.cleaned_data["age"], case_file=case_file
            )
        ]


def name_parts(name: str) -> tuple[str, str]:
    """Given and family name as said in one breath: "Ana Ruiz", "Ruiz, Ana", or one name alone."""
    if "," in name:
        family, _, given = name.partition(",")
        return given.strip()[:128], family.strip()[:128]
    given, _, family = name.strip().partition(" ")
    return given[:128], family.strip()[:128]


class ReferralForm(UswdsFormMixin, SendOnce):
    """A referral with time to ask: the matter and its reporter; the children stand in a formset beside it."""

    told_at = DayTimeField(
        label="When were you told?", help_text="Clocks run from this time, not from when you type."
    )
    channel = forms.ChoiceField(label="How did it reach you?", choices=Channel.choices)
    call_back = NotKnownCharField(
        max_length=60, label="Call-back number", input_attrs={"inputmode": "tel", "enterkeyhint": "next"}
    )
    reporter = NotKnownCharField(
        max_length=160,
        label="Who made the report?",
        help_text="Name or role. By law it stays apart from what others see.",
    )
    reporter_category = forms.CharField(
        max_length=80,
        required=False,
        label="What kind of mandated reporter?",
        help_text="As in Penal Code 11165.7, for example “teacher” or “nurse”.",
        widget=forms.TextInput({"autocomplete": "off"}),
    )
    place = NotKnownCharField(
        max_length=300, label="Where is the child now?", help_text="A place, an address or a cross-street."
    )
    danger = forms.ChoiceField(
        label="Is the child in immediate danger?",
        help_text="“Not known” counts as a crisis until you decide the response.",
        choices=Answer.choices,
        widget=forms.RadioSelect,
    )
    narrative = NotKnownCharField(
        max_length=20_000,
        rows=8,
        label="What was reported?",
        help_text="The reporter’s words. Do not ask the child to tell it again.",
    )
    holder = forms.ChoiceField(
        label="Which county agency already has the case?", choices=Holder.choices, widget=forms.RadioSelect
    )

    def __init__(self, *args: Any, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        told: Any = self.fields["told_at"]
        told.offer_days(timezone.localtime(now).date(), back=14)

    def said(self) -> ReferralSaid:
        data = self.cleaned_data
        return ReferralSaid(
            # What is not known counts on the safe side (reference 1.1): only a "No" makes a referral ordinary.
            urgent=data["danger"] != Answer.NO,
            received_at=data["told_at"],
            call_back=data["call_back"] or "",
            reporter=data["reporter"] or "",
            reporter_category=data["reporter_category"],
            place=data["place"] or "",
            immediate_danger=Answer(data["danger"]),
            narrative=data["narrative"] or "",
            holder=Holder(data["holder"]),
            channel=Channel(data["channel"]),
        )


def _plain(max_length: int, label: str, **kwargs: Any) -> forms.CharField:
    """A line of words that may stay empty and that no browser keeps."""
    return forms.CharField(
        max_length=max_length,
        required=False,
        label=label,
        widget=forms.TextInput({"autocomplete": "off"}),
        **kwargs,
    )


class ChildForm(UswdsFormMixin, forms.Form):
    """One child of a referral. Every answer may stay empty; a child nobody can name yet is still a child."""

    given_name = _plain(128, "Given name", help_text="Initials, or the name they go by, will do.")
    family_name = _plain(128, "Family name")
    other_names = _plain(200, "Other names they go by")
    born_on = forms.DateField(
        required=False,
        label="Date of birth",
        help_text="Like 11/17/2010.",
        input_formats=["%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y"],
        widget=forms.DateInput({"autocomplete": "off"}, format="%m/%d/%Y"),
        error_messages={"invalid": "Write the date like 11/17/2010."},
    )
    age = forms.IntegerField(
        required=False,
        min_value=0,
        max_value=OLDEST,
        label="Age in years, if the birth date is not known",
        help_text="A guess is fine.",
        widget=forms.TextInput({"autocomplete": "off", "inputmode": "numeric", "class": "input-short"}),
        error_messages={
            "invalid": "Write a whole number in figures, or leave it empty.",
            "min_value": f"Write a number from 0 to {OLDEST}.",
            "max_value": f"Write a number from 0 to {OLDEST}.",
        },
    )
    language = _plain(40, "Language the child speaks")
    indian_child = forms.ChoiceField(
        label="Is the child, or may the child be, an Indian child?",
        help_text="A tribe’s member or eligible to be one. It decides who must be told.",
        choices=Answer.choices,
        initial=Answer.NOT_KNOWN,
        widget=forms.RadioSelect,
    )
    services = forms.ChoiceField(
        label="Does the child receive child welfare services?",
        help_text="It decides whether police and the National Center must be told within 24 hours.",
        choices=ServicesSituation.choices,
        initial=ServicesSituation.NOT_KNOWN,
    )
    case_number = _plain(
        12,
        "Case number, if you know that the child has a file",
        help_text="Like CF-7KM-2QX. Otherwise the name is looked up for you.",
    )

    def __init__(self, *args: Any, today: date, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.today = today

    def clean_born_on(self) -> date | None:
        born_on: date | None = self.cleaned_data["born_on"]
        if born_on is None:
            return None
        if born_on > self.today:
            raise forms.ValidationError("This day is in the future. Check the year.")
        if self.today.year - born_on.year > OLDEST + 1:
            raise forms.ValidationError(
                "This makes the youth older than this county’s protocol reaches. Check the year."
            )
        return born_on

    def searched_name(self) -> str:
        """What is looked up in the index before a new file is opened; empty when the file is named already."""
        data = self.cleaned_data
        if data["case_number"]:
            return ""
        return f"{data['given_name']} {data['family_name']}".strip()

    def said(self, case_file: UUID | None) -> ChildSaid:
        data = self.cleaned_data
        return ChildSaid(
            given_name=data["given_name"],
            family_name=data["family_name"],
            other_names=data["other_names"],
            born_on=data["born_on"],
            age_said=data["age"],
            language=data["language"],
            indian_child=Answer(data["indian_child"]),
            services=ServicesSituation(data["services"]),
            case_file=case_file,
        )


class ChildrenBase(forms.BaseFormSet):  # type: ignore[type-arg]
    """The children of one report; any but the first can be left out again."""

    def add_fields(self, form: forms.Form, index: int | None) -> None:
        super().add_fields(form, index)
        if index == 0:
            del form.fields["DELETE"]
        elif "DELETE" in form.fields:
            form.fields["DELETE"].label = "Leave this child out"

    def get_form_kwargs(self, index: int | None) -> dict[str, Any]:
        return {**super().get_form_kwargs(index), "empty_permitted": False}

    def kept(self) -> list[Any]:
        """The children to log, in the order of the page."""
        return [form for form in self.forms if form not in self.deleted_forms]


ChildFormSet = forms.formset_factory(
    ChildForm,
    formset=ChildrenBase,
    extra=0,
    min_num=1,
    max_num=MOST_CHILDREN,
    absolute_max=MOST_CHILDREN,
    validate_max=True,
    can_delete=True,
)
