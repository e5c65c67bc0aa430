"""Days on which somebody looked in a way that deserves a question, for those who review that person's looks.

As many queries for a month of a whole agency as for one day of one person. The rules are in `reporting.unusual`.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import Count, Min, Q, QuerySet
from django.db.models.functions import ExtractHour, TruncDate

from agencies.choices import Duty
from agencies.models import Person
from cseccase.audit.models import AccessEntry
from cseccase.audit.services import record
from cseccase.audit.verbs import OWN_ONLY, Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals.models import Child, Whereabouts
from reporting.addresses import fingerprint, houses_in
from reporting.log_kinds import OPENED, REFUSED, SENT_OUT
from reporting.models import HomeAddress, LookReview
from reporting.selectors.looked import WHY, case_numbers, people_reviewed
from reporting.selectors.ties import ANSWERING, agencies_at_work, duties_between, ties_of
from reporting.unusual import (
    LABELS,
    NIGHT_FROM,
    NIGHT_TO,
    CaseLooks,
    PersonDay,
    Reason,
    Why,
    reasons_of,
    same_family_name,
    usual_most,
)

PAGE = 25
DAYS = 7
"""What is shown when nobody asks for other days."""

MOST_DAYS = 31
GROUPS = 5000
"""At most so many pairs of a person's day and a case file are weighed at once."""

BEFORE = timedelta(days=90)
LOOKED = sorted(OPENED.verbs | SENT_OUT.verbs)


@dataclass(frozen=True, slots=True)
class UnusualFilter:
    """What a reviewer asked for; `last` and `first` are days on the county's calendar."""

    first: date
    last: date
    why: str = ""
    reviewed_too: bool = False
    before: str = ""


@dataclass(frozen=True, slots=True)
class Asked:
    """One reason in words, with the numbers of its case files as far as the reviewer may know them."""

    label: str
    words: str
    cases: tuple[tuple[str, UUID], ...] = ()


@dataclass(frozen=True, slots=True)
class UnusualDay:
    """One person's day that deserves a question, and what came of asking."""

    person: Person
    day: date
    cases: int
    reasons: tuple[Asked, ...]
    reviews: tuple[LookReview, ...] = ()


@dataclass(frozen=True, slots=True)
class UnusualPage:
    """Days, newest first; `is_cut` where there was more than could be weighed at once."""

    days: list[UnusualDay]
    weighed: int
    before: str = ""
    is_cut: bool = False


def days_asked(*, viewer: Viewer, now: datetime) -> UnusualFilter:
    """The last week."""
    today = now.astimezone(ZoneInfo(viewer.zone)).date()
    return UnusualFilter(today - timedelta(days=DAYS - 1), today)


def unusual_list(*, viewer: Viewer, asked: UnusualFilter, now: datetime) -> UnusualPage:
    """Days of the people this viewer reviews. Raises `NotAllowed`; the look is recorded."""
    people = people_reviewed(viewer=viewer)
    with acting_because(WHY):
        found, weighed, is_cut = _weigh(viewer, people, asked)
    found = [one for one in found if _is_asked(one, asked)]
    if asked.before:
        key = _key_read(asked.before)
        found = [one for one in found if _key(one) < key]
    shown = found[:PAGE]
    _record(viewer, now, count=len(shown))
    more = len(found) > PAGE
    return UnusualPage(
        shown, weighed, f"{shown[-1].day.isoformat()}|{shown[-1].person.pk}" if more else "", is_cut
    )


def unusual_day(*, viewer: Viewer, person_id: UUID, day: date, now: datetime) -> UnusualDay:
    """One person's day, unusual or not. Raises `NotAllowed`, and `NotVisible` for whom the viewer does not review."""
    people = people_reviewed(viewer=viewer).filter(pk=person_id)
    person = people.first()
    if person is None:
        raise NotVisible
    with acting_because(WHY):
        found, _, _ = _weigh(viewer, people, UnusualFilter(day, day))
        reviews = _reviews([person.pk], day, day)[(person.pk, day)]
    _record(viewer, now, count=1, person=person.pk)
    return found[0] if found else UnusualDay(person, day, 0, (), tuple(reviews))


def _weigh(
    viewer: Viewer, people: QuerySet[Person], asked: UnusualFilter
) -> tuple[list[UnusualDay], int, bool]:
    zone = ZoneInfo(viewer.zone)
    groups = list(_groups(people, asked, zone)[: GROUPS + 1])
    is_cut = len(groups) > GROUPS
    refused = dict(_refused(people, asked, zone))
    by_day: defaultdict[tuple[UUID, date], list[dict[str, Any]]] = defaultdict(list)
    for group in groups[:GROUPS]:
        by_day[(group["person"], group["day"])].append(group)
    for key in refused:
        by_day.setdefault(key, [])
    facts = _facts(viewer, people, by_day, asked, zone)
    days = [
        facts.judged(person, day, looks, refused.get((person, day), 0))
        for (person, day), looks in by_day.items()
    ]
    found = sorted((one for one in days if one.reasons), key=_key, reverse=True)
    return found, len(by_day), is_cut


def _entries(people: QuerySet[Person], first: date, last: date, zone: ZoneInfo) -> Any:
    moments = datetime.combine(first, time(), zone), datetime.combine(last + timedelta(days=1), time(), zone)
    return (
        AccessEntry.objects.filter(
            person__in=people.order_by().values("pk"), at__gte=moments[0], at__lt=moments[1]
        )
        .exclude(verb__in=sorted(OWN_ONLY))
        .order_by()
        .annotate(day=TruncDate("at", tzinfo=zone))
    )


def _groups(people: QuerySet[Person], asked: UnusualFilter, zone: ZoneInfo) -> Any:
    hour = ExtractHour("at", tzinfo=zone)
    night = Q(hour__gte=NIGHT_FROM.hour) | Q(hour__lt=NIGHT_TO.hour)
    return (
        _entries(people, asked.first, asked.last, zone)
        .filter(verb__in=LOOKED, case_file__isnull=False)
        .annotate(hour=hour)
        .values("person", "day", "case_file")
        .annotate(first=Min("at"), night_at=Min("at", filter=night))
        .order_by("-day", "person", "case_file")
    )


def _refused(
    people: QuerySet[Person], asked: UnusualFilter, zone: ZoneInfo
) -> Iterable[tuple[tuple[UUID, date], int]]:
    rows = _entries(people, asked.first, asked.last, zone).filter(verb__in=sorted(REFUSED.verbs))
    for row in rows.values("person", "day").annotate(tries=Count("pk"))[:GROUPS]:
        yield (row["person"], row["day"]), row["tries"]


@dataclass(frozen=True, slots=True)
class _Facts:
    """Everything that weighing needs to know, fetched once."""

    zone: ZoneInfo
    people: dict[UUID, Person]
    ties: set[tuple[UUID, UUID]]
    at_work: set[tuple[UUID, UUID]]
    duties: Any
    family_names: dict[UUID, str]
    homes: dict[UUID, str]
    houses: dict[UUID, set[str]]
    usual: dict[UUID, int | None]
    numbers: dict[UUID, str]
    reviews: dict[tuple[UUID, date], list[LookReview]]

    def judged(self, person_id: UUID, day: date, groups: list[dict[str, Any]], refused: int) -> UnusualDay:
        person = self.people[person_id]
        duties = self.duties.get(person_id, set())
        weighed = PersonDay(
            cases=tuple(self._looks(person, duties, group) for group in groups),
            refused=refused,
            usual_most=self.usual.get(person_id),
            works_nights=Duty.HOTLINE in duties,
        )
        reasons = self._said(reasons_of(weighed))
        return UnusualDay(person, day, len(groups), reasons, tuple(self.reviews.get((person_id, day), ())))

    def _looks(self, person: Person, duties: set[str], group: dict[str, Any]) -> CaseLooks:
        case = group["case_file"]
        answers = bool(duties & set(ANSWERING)) and (person.agency_id, case) in self.at_work
        moments = [moment for moment in (group["first"], group["night_at"]) if moment]
        return CaseLooks(
            case=case,
            times=tuple(moment.astimezone(self.zone).time() for moment in moments),
            has_tie=answers or (person.pk, case) in self.ties,
            same_name=same_family_name(person.full_name, self.family_names.get(case, "")),
            same_address=self.homes.get(person.pk, "") in self.houses.get(case, set()),
        )

    def _said(self, reasons: list[Reason]) -> tuple[Asked, ...]:
        """Reasons in the same words are said once, with their case files."""
        cases: defaultdict[tuple[str, str], list[tuple[str, UUID]]] = defaultdict(list)
        for reason in reasons:
            of = cases[(LABELS[reason.why], reason.words)]
            if reason.case and reason.case in self.numbers:
                of.append((self.numbers[reason.case], reason.case))
        return tuple(Asked(label, words, tuple(of)) for (label, words), of in cases.items())


def _facts(
    viewer: Viewer,
    people: QuerySet[Person],
    by_day: dict[tuple[UUID, date], list[dict[str, Any]]],
    asked: UnusualFilter,
    zone: ZoneInfo,
) -> _Facts:
    persons = {person for person, _ in by_day}
    cases = {group["case_file"] for groups in by_day.values() for group in groups}
    # A name or a house in common is said only to those who may know the child's name, or where the child is, anyway.
    children = Child.objects.visible_to(viewer).filter(case_file__in=cases)
    return _Facts(
        zone=zone,
        people={person.pk: person for person in people.filter(pk__in=persons)},
        ties=ties_of(people=persons, cases=cases),
        at_work=agencies_at_work(cases=cases),
        duties=duties_between(people=persons, first=asked.first, last=asked.last),
        family_names={child.case_file_id: child.family_name for child in children},
        homes=dict(HomeAddress.objects.filter(person__in=persons).values_list("person", "fingerprint")),
        houses=_houses(viewer, cases),
        usual=_usual(people.filter(pk__in=persons), asked, zone),
        numbers=case_numbers(viewer, cases),
        reviews=_reviews(persons, asked.first, asked.last),
    )


def _houses(viewer: Viewer, cases: set[UUID]) -> dict[UUID, set[str]]:
    """Fingerprints of the addresses in each file, as far as the viewer may see them."""
    found: dict[UUID, set[str]] = {}
    rows = Whereabouts.objects.visible_to(viewer).filter(section__case_file__in=cases)
    for row in rows.select_related("section"):
        marks = {fingerprint(house, secret=settings.SECRET_KEY) for house in houses_in(row.place)}
        found.setdefault(row.section.case_file_id, set()).update(marks)
    return found


def _usual(people: QuerySet[Person], asked: UnusualFilter, zone: ZoneInfo) -> dict[UUID, int | None]:
    """How many files each person opens on all but their fullest days, from the ninety days before."""
    rows = _entries(people, asked.first - BEFORE, asked.first - timedelta(days=1), zone)
    counts: defaultdict[UUID, list[int]] = defaultdict(list)
    for row in (
        rows.filter(verb__in=LOOKED, case_file__isnull=False)
        .values("person", "day")
        .annotate(files=Count("case_file", distinct=True))
    ):
        counts[row["person"]].append(row["files"])
    return {person: usual_most(found) for person, found in counts.items()}


def _reviews(
    people: Iterable[UUID], first: date, last: date
) -> defaultdict[tuple[UUID, date], list[LookReview]]:
    found: defaultdict[tuple[UUID, date], list[LookReview]] = defaultdict(list)
    rows = LookReview.objects.filter(person__in=list(people), day__gte=first, day__lte=last)
    for row in rows.select_related("reviewed_by").order_by("-reviewed_at"):
        found[(row.person_id, row.day)].append(row)
    return found


def _is_asked(one: UnusualDay, asked: UnusualFilter) -> bool:
    if one.reviews and not asked.reviewed_too:
        return False
    return not asked.why or any(reason.label == LABELS[Why(asked.why)] for reason in one.reasons)


def _key(one: UnusualDay) -> tuple[date, str]:
    return one.day, str(one.person.pk)


def _key_read(before: str) -> tuple[date, str]:
    day, _, person = before.partition("|")
    try:
        return date.fromisoformat(day), str(UUID(person))
    except ValueError as error:
        raise NotVisible from error


def _record(viewer: Viewer, now: datetime, *, count: int, person: UUID | None = None) -> None:
    record(
        Verb.LOG_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="log_unusual",
        subject=person,
        facts={"count": count},
    )
