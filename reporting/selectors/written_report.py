"""The data sheet for the written report of suspected abuse (Penal Code 11166(a), 11166(j)(1); form BCIA 8572).

It gathers what the case file already holds, in the order in which the State's form asks for it, so that a worker can
transcribe it; it is no copy of that form. Each answer is read through `.visible_to(viewer)`.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final
from uuid import UUID
from zoneinfo import ZoneInfo

from agencies.disclosure.categories import INSPECT_ONLY_BASES, REPORTER_IDENTITY
from agencies.disclosure.emergency import BASIS_EMERGENCY
from agencies.disclosure.redisclosure import Element, Notice, strictest
from agencies.models import Person
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.grants import GrantFacts, live
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotAllowed, NotVisible, Refusal
from cseccase.wording import day_time_words, day_words
from referrals.choices import Answer as Known
from referrals.choices import Mode, ServicesSituation
from referrals.deadlines import kinds, rules
from referrals.models import (
    CaseEvent,
    Child,
    Deadline,
    Referral,
    Reporter,
    SectionGroupGrant,
    SectionUserGrant,
    Whereabouts,
)
from reporting import policies
from reporting.field_words import RECIPIENTS

NARRATIVE: Final = "r03"
USED: Final = ("r01", NARRATIVE, REPORTER_IDENTITY, "r19")
"""The categories of record that the sheet draws on."""

LOOK_ONLY: Final = INSPECT_ONLY_BASES | {BASIS_EMERGENCY}
NOT_RECORDED: Final = "Not recorded. Write it by hand."
BY_HAND: Final = "Write it by hand."
APART: Final = "Kept apart by law (Penal Code 11167(d))."
NOTICE: Final = (
    "Confidential under Penal Code 11167.5: it may go only to the agencies and people that section names. "
    "Giving it to anybody else is a crime."
)
IN_FOSTER_CARE: Final = frozenset(
    {ServicesSituation.FOSTER_CARE, ServicesSituation.EXTENDED_IV_E, ServicesSituation.EXTENDED_OTHER,
     ServicesSituation.RUN_NOT_DISCHARGED}
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class SheetAnswer:
    """One answer of the sheet. `missing`: the file has none; `by_hand`: the product never asks for it."""

    term: str
    words: str = ""
    by_hand: bool = False
    is_apart: bool = False

    @property
    def missing(self) -> bool:
        return not self.words and not self.by_hand


@dataclass(frozen=True, slots=True)
class SheetPart:
    """One part of the sheet, under the letter of the State's form."""

    letter: str
    title: str
    answers: tuple[SheetAnswer, ...]


@dataclass(frozen=True, slots=True)
class DataSheet:
    """Everything for one written report about one child."""

    case_id: UUID
    case_number: str
    referral_id: UUID
    referral_number: str
    parts: tuple[SheetPart, ...]
    refusal: Refusal | None
    duty_id: UUID | None
    redisclosure: Notice

    @property
    def asked(self) -> int:
        return sum(not answer.by_hand for part in self.parts for answer in part.answers)

    @property
    def missing(self) -> int:
        return sum(answer.missing for part in self.parts for answer in part.answers)


def data_sheet(*, viewer: Viewer, case_id: UUID, referral_id: UUID, now: datetime) -> DataSheet:
    """The sheet to check on a page. Raises `NotVisible`; the look is recorded."""
    sheet, basis = _sheet(viewer, case_id, referral_id, now)
    _record(Verb.REFERRAL_VIEWED, viewer, sheet, basis, now)
    return sheet


def data_sheet_to_print(*, viewer: Viewer, case_id: UUID, referral_id: UUID, now: datetime) -> DataSheet:
    """The sheet to print. Raises `NotVisible`, and `NotAllowed` for people who may inspect but take no copy."""
    sheet, basis = _sheet(viewer, case_id, referral_id, now)
    if sheet.refusal is not None:
        raise NotAllowed(sheet.refusal)
    _record(Verb.DOCUMENT_PRINTED, viewer, sheet, basis, now)
    return sheet


def _record(verb: Verb, viewer: Viewer, sheet: DataSheet, basis: str, now: datetime) -> None:
    fields = [part.letter for part in sheet.parts]
    record(
        verb,
        viewer=viewer,
        at=now,
        subject_kind="written_report",
        subject=sheet.referral_id,
        case_file=sheet.case_id,
        category=NARRATIVE,
        basis=basis,
        facts={"fields": fields},
    )


def _sheet(viewer: Viewer, case_id: UUID, referral_id: UUID, now: datetime) -> tuple[DataSheet, str]:
    referral = (
        Referral.objects.visible_to(viewer)
        .select_related("case_file", "agency", "received_by")
        .filter(pk=referral_id, case_file=case_id)
        .first()
    )
    if referral is None:
        raise NotVisible
    grounds = _grounds(viewer, case_id)
    sheet = DataSheet(
        case_id=referral.case_file_id,
        case_number=referral.case_file.number,
        referral_id=referral.pk,
        referral_number=referral.number,
        parts=_parts(viewer, referral, grounds, now),
        refusal=_inspect_only(grounds),
        duty_id=_duty(viewer, case_id),
        redisclosure=strictest(
            Element(category, basis) for category, bases in grounds.items() for basis in bases
        ),
    )
    return sheet, next(iter(sorted(grounds.get(NARRATIVE, ()))), "")


def _grounds(viewer: Viewer, case_id: UUID) -> dict[str, set[str]]:
    """On which grounds the viewer sees each category the sheet draws on."""
    found: dict[str, set[str]] = {}
    open_now = {
        "case_file": case_id,
        "may": GrantFacts.May.SEE,
        "category__in": [c for c in USED if c in viewer.full],
    }
    of_group = SectionGroupGrant.objects.filter(live(), group__in=viewer.groups, **open_now)
    of_person = SectionUserGrant.objects.filter(live(), user=viewer.person, **open_now)
    for category, basis in [
        *of_group.values_list("category", "basis"),
        *of_person.values_list("category", "basis"),
    ]:
        found.setdefault(category, set()).add(basis)
    return found


def _inspect_only(grounds: dict[str, set[str]]) -> Refusal | None:
    """WIC 827(a)(5): who may inspect by these grounds takes no copy."""
    if not any(bases <= LOOK_ONLY for bases in grounds.values()):
        return None
    return policies.INSPECT_ONLY


def _duty(viewer: Viewer, case_id: UUID) -> UUID | None:
    open_duty = Deadline.objects.visible_to(viewer).filter(
        case_file=case_id, rule=rules.WRITTEN_REPORT, owed_by=viewer.agency, met_at=None, dropped_by=None
    )
    return open_duty.order_by("due_at", "pk").values_list("pk", flat=True).first()


def _parts(
    viewer: Viewer, referral: Referral, grounds: dict[str, set[str]], now: datetime
) -> tuple[SheetPart, ...]:
    zone = ZoneInfo(viewer.zone)
    return (
        SheetPart("A", "Who reports", tuple(_reporting(viewer, referral, REPORTER_IDENTITY in grounds))),
        SheetPart("B", "Who was told by telephone", tuple(_notified(viewer, referral, zone))),
        SheetPart("C", "The child", tuple(_child(viewer, referral, now.astimezone(zone).date()))),
        SheetPart("D", "Other people", tuple(_by_hand(OTHERS))),
        SheetPart("E", "What happened", tuple(_incident(referral, zone))),
    )


OTHERS: Final = (
    "Brothers and sisters: name, date of birth, sex, ethnicity",
    "Parents or guardians: name, date of birth, sex, ethnicity, address, telephones",
    "Person suspected: name, date of birth, sex, ethnicity, address, telephone, relationship",
)


def _by_hand(terms: Iterable[str]) -> Iterable[SheetAnswer]:
    return (SheetAnswer(term, by_hand=True) for term in terms)


def _reporting(viewer: Viewer, referral: Referral, sees_reporter: bool) -> Iterable[SheetAnswer]:
    person = Person.objects.select_related("agency").get(pk=viewer.person)
    yield SheetAnswer("Agency that reports", referral.agency.name)
    yield SheetAnswer("Telephone of the agency", referral.agency.phone)
    yield SheetAnswer("Prepared by", person.full_name)
    yield SheetAnswer("Title", person.job_title)
    yield SheetAnswer("Mandated reporter category", person.mandated_reporter)
    yield SheetAnswer("Daytime telephone", person.phone)
    yield from _first_told(viewer, referral, sees_reporter)
    yield from _by_hand(("Whether the reporter saw the incident", "Signature and date"))


def _first_told(viewer: Viewer, referral: Referral, sees_reporter: bool) -> Iterable[SheetAnswer]:
    """Who told the county: only for those whom Penal Code 11167(d) names."""
    if not sees_reporter:
        yield SheetAnswer("Who told the county", APART, is_apart=True)
        return
    reporter = Reporter.objects.visible_to(viewer).filter(referral=referral.pk).first()
    yield SheetAnswer("Who told the county", reporter.name_or_role if reporter else "")
    yield SheetAnswer("Their call-back number", reporter.call_back if reporter else "")
    yield SheetAnswer("Their mandated reporter category", reporter.category if reporter else "")


def _notified(viewer: Viewer, referral: Referral, zone: ZoneInfo) -> Iterable[SheetAnswer]:
    rows = CaseEvent.objects.visible_to(viewer).filter(
        case_file=referral.case_file_id, occurred_at__gte=referral.received_at
    )
    events = list(rows.order_by("occurred_at", "pk"))
    replaced = {event.supersedes_id for event in events}
    calls = [
        event
        for event in events
        if event.kind == kinds.CROSS_REPORT_MADE
        and event.pk not in replaced
        and event.facts.get("mode") == kinds.TELEPHONE
        and event.facts.get("outcome") != kinds.VOICEMAIL
    ]
    if not calls:
        yield SheetAnswer("Agency, person, telephone, day and time")
    for call in calls:
        told = RECIPIENTS.get(str(call.facts.get("to")), str(call.facts.get("to") or "An agency"))
        said = (
            day_time_words(call.occurred_at, zone, year_now=0),
            Mode.TELEPHONE.label.lower(),
            str(call.facts.get("person") or ""),
            f"reference {call.facts['reference']}" if call.facts.get("reference") else "",
        )
        yield SheetAnswer(f"{told} told", ", ".join(part for part in said if part))


def _child(viewer: Viewer, referral: Referral, today: date) -> Iterable[SheetAnswer]:
    child = Child.objects.visible_to(viewer).filter(case_file=referral.case_file_id).first() or Child()
    yield SheetAnswer("Name", "" if child.full_name == "Name not known" else child.full_name)
    yield SheetAnswer("Other names", child.other_names)
    yield SheetAnswer("Date of birth, or age", _age(child, today))
    yield SheetAnswer("Language", child.language)
    yield SheetAnswer("Indian child", _indian(child))
    yield SheetAnswer("In foster care", _foster(child))
    yield SheetAnswer("Where the child is now", _place(viewer, referral))
    yield from _by_hand(
        (
            "Sex and ethnicity",
            "Home address and telephone",
            "School, class and grade",
            "Physical, developmental or other disability",
            "Type of placement, if away from home",
            "Types of abuse",
            "Relationship to the person suspected",
            "Photographs taken; death",
        )
    )


def _age(child: Child, today: date) -> str:
    if child.born_on:
        return f"{day_words(child.born_on, year_now=0)}, {child.age_on(today)} years"
    return f"about {child.age_said}, as said" if child.age_said is not None else ""


def _indian(child: Child) -> str:
    if child.indian_child == Known.NOT_KNOWN:
        return ""
    return ", ".join(part for part in (Known(child.indian_child).label, child.tribe) if part)


def _foster(child: Child) -> str:
    if child.services == ServicesSituation.NOT_KNOWN:
        return ""
    return "Yes" if child.services in IN_FOSTER_CARE else "No"


def _place(viewer: Viewer, referral: Referral) -> str:
    """The last place said, unless it is a confidential placement: that goes into no report."""
    row = Whereabouts.objects.visible_to(viewer).filter(section__case_file=referral.case_file_id).first()
    if row is None:
        return ""
    return "A confidential placement: ask the lead worker." if row.confidential_placement else row.place


def _incident(referral: Referral, zone: ZoneInfo) -> Iterable[SheetAnswer]:
    danger = Known(referral.immediate_danger)
    yield SheetAnswer("The county was told", day_time_words(referral.received_at, zone, year_now=0))
    yield SheetAnswer("Danger at that time", "" if danger == Known.NOT_KNOWN else danger.label)
    yield SheetAnswer("What was said and seen", referral.narrative)
    yield from _by_hand(
        (
            "Day, time and place of the incident",
            "What the person with the child said; earlier incidents",
            "Extra sheets",
        )
    )
