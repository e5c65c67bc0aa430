"""One form for each kind of paper that opens a section. Whether a paper is whole is the rule's answer, not the form's."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields as dataclass_fields
from datetime import date, datetime, time, timedelta
from typing import Any, ClassVar
from uuid import UUID
from zoneinfo import ZoneInfo

from django import forms

from agencies.disclosure import papers
from agencies.disclosure.papers.own_word import TASKS
from agencies.disclosure.papers.releases import PRIVILEGES, SignedTerms
from agencies.disclosure.papers.terms import SIGNERS, Lack, Terms
from cseccase.forms import UswdsFormMixin
from referrals.models.papers import MINOR_SECTIONS, PARAGRAPHS


def text(label: str, help_text: str = "", *, length: int = 128, long: bool = False) -> forms.CharField:
    """An answer in words; the rule says whether it must be there, and by which law."""
    widget = forms.Textarea({"rows": 3}) if long else forms.TextInput()
    widget.attrs["autocomplete"] = "off"
    return forms.CharField(required=False, max_length=length, label=label, help_text=help_text, widget=widget)


def day(label: str, help_text: str = "Like 11/17/2026.") -> forms.DateField:
    """A day; the rule says whether it must be there."""
    return forms.DateField(
        required=False,
        label=label,
        help_text=help_text,
        input_formats=["%m/%d/%Y", "%Y-%m-%d", "%m/%d/%y"],
        error_messages={"invalid": "Write the date like 11/17/2026."},
        widget=forms.DateInput({"autocomplete": "off"}, format="%m/%d/%Y"),
    )


def one_of(label: str, choices: list[tuple[str, str]], help_text: str = "") -> forms.ChoiceField:
    return forms.ChoiceField(
        required=False, label=label, choices=[("", "Choose"), *choices], help_text=help_text
    )


def tick(label: str) -> forms.BooleanField:
    return forms.BooleanField(required=False, label=label)


SIGNER = text("Who signed?", "Name.")
CAPACITY = one_of("In what capacity?", list(SIGNERS.items()))
MINOR_SECTION = one_of(
    "If a minor signed alone: for which care?",
    MINOR_SECTIONS,
    "A minor signs alone only for care that they may consent to.",
)


class PaperForm(UswdsFormMixin, forms.Form):
    """What every paper asks: which records, for whom, until when, and where it lies."""

    category = forms.ChoiceField(label="Which records does it open?")
    agency = forms.ChoiceField(label="For which agency?")
    person = forms.EmailField(
        required=False,
        label="Does it name one person there?",
        help_text="Then write that person’s work e-mail; nobody else of the agency will read by this paper.",
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    until = day("Last day it holds", "Like 11/17/2026. Leave it empty if the paper names no end.")
    evidence = text("Where is the paper?", "Its number or date, and who holds it.", length=160)

    terms_type: ClassVar[type[Terms]]
    last: ClassVar[tuple[str, ...]] = ("until", "evidence")

    def __init__(
        self,
        *args: Any,
        agencies: list[tuple[str, str]],
        categories: list[tuple[str, str]],
        **kwargs: Any,
    ) -> None:
        super().__init__(*args, **kwargs)
        category: Any = self.fields["category"]
        category.choices = [("", "Choose the records"), *categories]
        if len(categories) == 1:
            category.initial = categories[0][0]
        agency: Any = self.fields["agency"]
        agency.choices = [("", "Choose the agency"), *agencies]
        for name, words in self.asked().items():
            self.fields[name].required = True
            self.fields[name].error_messages["required"] = words
        if "part_2_findings" in self.fields and "r10" not in dict(categories):
            del self.fields["part_2_findings"]
        own = [name for name in self.fields if name not in PaperForm.base_fields]
        self.order_fields(["category", "agency", "person", *own, *self.last])

    @classmethod
    def asked(cls) -> dict[str, str]:
        """What no such paper may lack, whatever it opens, each with the words that name its law."""
        found = {lack.field: lack.message for lack in cls.terms_type.elements}
        found["evidence"] = "Say where the paper lies: a date, a number, a folder."
        if issubclass(cls.terms_type, SignedTerms):
            law = cls.terms_type.law
            found |= {
                "signer": f"Write who signed ({law}).",
                "capacity": f"Say in what capacity they signed ({law}).",
                "signed_on": f"Write the day of the signature ({law}).",
            }
        if cls.terms_type is papers.ReleaseTerms:
            law = "45 CFR 164.508(c), 34 CFR 99.30"
            found |= {
                "what": f"Describe the records that may be released ({law}).",
                "purpose": f"Write the purpose ({law}).",
            }
        return found

    def terms(self, *, now: datetime, zone: str, person: UUID | None) -> Terms:
        """The paper as it was written down. A last day holds to its midnight."""
        data = dict(self.cleaned_data)
        last_day: date | None = data.pop("until")
        data["until"] = (
            datetime.combine(last_day + timedelta(days=1), time.min, tzinfo=ZoneInfo(zone))
            if last_day
            else None
        )
        data |= {"agency": UUID(data["agency"]), "person": person, "since": now}
        return self.terms_type(**data)

    def add_lacks(self, lacks: tuple[Lack, ...]) -> None:
        """Everything the rule found missing, at its own question."""
        for lack in lacks:
            self.add_error(lack.field if lack.field in self.fields else None, lack.message)


class CourtOrderForm(PaperForm):
    court = text("Which court?", length=120)
    case_number = text("The court’s case number", length=40)
    judge = text("Judicial officer")
    ordered_on = day("Day of the order")
    terms_ordered = text("What does it allow, and to whom?", length=400, long=True)
    part_2_findings = tick("It makes the findings of 42 CFR 2.64 (only for substance-use treatment records)")

    terms_type = papers.CourtOrderTerms


class ReleaseForm(PaperForm):
    signer, capacity, signed_on = SIGNER, CAPACITY, day("Day of the signature")
    minor_section = MINOR_SECTION
    what = text("Which information may be released?", length=300, long=True)
    purpose = text("For what purpose?", length=300)
    revocable = tick("It says that it can be revoked, and how")
    not_a_condition = tick("It says whether care depends on signing")
    may_travel_on = tick("It says what may become of the records at the recipient")

    terms_type = papers.ReleaseTerms


class Part2Form(PaperForm):
    patient_named = tick("It names the patient, the young person of this file")
    program = text("Which program or person may disclose?")
    what = text("How much and what kind of information?", length=300, long=True)
    purpose = text("For what purpose?", length=300)
    revocable = tick("It says that it can be revoked in writing, and how")
    consequences = tick("It says what follows from not signing")
    ends_upon = text("If no day: which event or condition ends it?", length=200)
    signer, capacity, signed_on = SIGNER, CAPACITY, day("Day of the signature")

    terms_type = papers.Part2Terms
    last = ("until", "ends_upon", "evidence")


class TeamReleaseForm(PaperForm):
    participant = text("Which team member may receive?")
    signer, capacity, signed_on = SIGNER, CAPACITY, day("Day of the signature")
    no_adoption_records = tick("It does not reach adoption records")

    terms_type = papers.TeamReleaseTerms


class ChoiceForm(PaperForm):
    allows = text("What may this recipient know, in the young person’s words?", length=300, long=True)
    minor_section = one_of(
        "For care of the minor’s own consent: which care?",
        MINOR_SECTIONS,
        "Only for care that a minor consents to.",
    )
    signed = tick("The young person signed")
    signed_on = day("Day of the signature")

    terms_type = papers.ChoiceTerms


class AdultConsentForm(PaperForm):
    explained = text("What was explained before signing?", length=300, long=True)
    purpose = text("What is the consent for?", length=300)
    in_writing = tick("It is in writing, and names what is shared with whom")
    signed_on = day("Day of the signature")

    terms_type = papers.AdultConsentTerms


class CasaForm(PaperForm):
    court = text("Which court?", length=120)
    case_number = text("The court’s case number", length=40)
    ordered_on = day("Day of the appointment")
    advocate = text("Appointed advocate")
    reads_records = tick("The order lets the advocate inspect and copy records")

    terms_type = papers.CasaTerms


class RetainerForm(PaperForm):
    attorney = text("Attorney or provider")
    acts_for_youth = tick("The client is this young person")
    began_on = day("Since which day?")
    appointed = tick("Appointed by a court")
    court = text("If appointed: which court?", length=120)
    case_number = text("If appointed: the court’s case number", length=40)

    terms_type = papers.RetainerTerms


class NeedForm(PaperForm):
    task = one_of("For which task?", list(TASKS.items()))
    purpose = text("Why must this recipient know?", length=300, long=True)

    terms_type = papers.NeedTerms


class CourtFileForm(PaperForm):
    paragraph = one_of("Under which paragraph?", PARAGRAPHS)
    capacity = text("In what capacity do they read the file?", length=160)
    takes_part = tick("Counsel takes an active part in this child’s case")
    case_number = text("The court’s case number", length=40)

    terms_type = papers.CourtFileTerms


class PrivilegeForm(PaperForm):
    privilege = one_of("Which privilege?", list(PRIVILEGES.items()))
    what = text("What may be told?", length=300, long=True)
    signer, capacity, signed_on = SIGNER, CAPACITY, day("Day of the signature")

    terms_type = papers.PrivilegeTerms


class SealedForm(PaperForm):
    authority = text("Which paragraph or order allows it?", length=120)
    purpose = text("For what purpose?", length=300, long=True)

    terms_type = papers.SealedTerms


FORM_OF: Mapping[str, type[PaperForm]] = {
    form.terms_type.kind: form
    for form in (
        CourtOrderForm,
        ReleaseForm,
        Part2Form,
        TeamReleaseForm,
        ChoiceForm,
        AdultConsentForm,
        CasaForm,
        RetainerForm,
        NeedForm,
        CourtFileForm,
        PrivilegeForm,
        SealedForm,
    )
}


class RevokeForm(UswdsFormMixin, forms.Form):
    """Why a paper is taken back."""

    why = forms.CharField(
        max_length=200,
        label="Why is it revoked?",
        help_text="Who revoked it, and how you know. It opens nothing from the moment you send this.",
    )


class GoodCauseForm(UswdsFormMixin, forms.Form):
    """Why a team of two may share for longer than 30 days."""

    reason = forms.CharField(
        max_length=400, label="What is the good cause?", widget=forms.Textarea({"rows": 4})
    )
    until = day("Last day of sharing")

    def clean_until(self) -> date:
        given: date | None = self.cleaned_data["until"]
        if given is None:
            raise forms.ValidationError("Write the day.")
        return given


def own_answers(terms: Terms) -> list[tuple[str, str]]:
    """What only this kind of paper says, question by question, in words."""
    form = FORM_OF[terms.kind]
    shared = {field.name for field in dataclass_fields(Terms)}
    found = []
    for name, field in form.base_fields.items():
        if name in shared or name in PaperForm.base_fields:
            continue
        words = _words(field, getattr(terms, name))
        if words:
            found.append((str(field.label), words))
    return found


def _words(field: forms.Field, value: Any) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, date):
        return f"{value:%B} {value.day}, {value.year}"
    if isinstance(field, forms.ChoiceField):
        return str(dict(field.choices).get(str(value), ""))  # type: ignore[arg-type]
    return str(value or "")
