"""Reading the access log: who opened what of one case file, and what one person looked at.

The log is read under a lifted wall, but only after the rule has said whose entries this reviewer may read, and every
look at it is itself recorded. It holds ids and categories; no child's name and no content is ever in it.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from uuid import UUID
from zoneinfo import ZoneInfo

from django.db.models import Count, Q, QuerySet

from agencies.disclosure.categories import BASIS_SEAL
from agencies.disclosure.emergency import BASIS_EMERGENCY
from agencies.models import Person
from cseccase.audit.models import AccessEntry
from cseccase.audit.services import record
from cseccase.audit.verbs import OWN_ONLY, Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.grants import live
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals.choices import PARTY_READERS
from referrals.models import CaseFile, FileSection, SectionGroupGrant, SectionUserGrant
from referrals.selectors.seal import Hushed, hushed_from
from referrals.services.named import hidden_from
from reporting import policies
from reporting.log_kinds import LISTED, REFUSED, kind_of
from reporting.selectors.log_lines import LogLine, line_of

WHY = "a supervisor reviews who looked"
PAGE = 25
EXPORT_LIMIT = 5000
"""At most so many entries a download; it says so where there are more."""

REFUSED_LIMIT = 10
PEOPLE_LIMIT = 100


@dataclass(frozen=True, slots=True)
class LogFilter:
    """What a reviewer asked for."""

    from_on: date | None = None
    to_on: date | None = None
    kind: str = ""
    before: str = ""


@dataclass(frozen=True, slots=True)
class AgencyLooks:
    """How often the people of one agency were there."""

    agency: str
    people: int
    entries: int


@dataclass(frozen=True, slots=True)
class LogPage:
    """One page of entries, newest first, with the answer in numbers for the whole stretch that was asked for."""

    lines: list[LogLine]
    agencies: list[AgencyLooks]
    refused: list[LogLine] = field(default_factory=list)
    before: str = ""

    @property
    def people(self) -> int:
        return sum(row.people for row in self.agencies)

    @property
    def entries(self) -> int:
        return sum(row.entries for row in self.agencies)


@dataclass(frozen=True, slots=True)
class CaseLog:
    """The log of one case file: its number, never its child."""

    case_id: UUID
    number: str
    opened_at: datetime
    page: LogPage
    own_agency_only: bool


@dataclass(frozen=True, slots=True)
class PersonLog:
    """The log of one person."""

    person: Person
    page: LogPage


@dataclass(frozen=True, slots=True)
class _Scope:
    """Which entries of a case a reviewer may read."""

    case_file: CaseFile
    entries: Q
    own_agency_only: bool
    known: frozenset[str] = frozenset()
    """Categories of this case that the reviewer may know of."""
    shared: frozenset[str] = frozenset()
    """Those of them that stand in no part of one agency, one person or one meeting: others' looks at them may be named."""

    def of(self, entry: AccessEntry, viewer: Viewer) -> frozenset[str]:
        """The categories that may be named beside this look."""
        return self.known if entry.agency == viewer.agency else self.shared


def case_log(
    *, viewer: Viewer, case_id: UUID, asked: LogFilter, now: datetime, exported: bool = False
) -> CaseLog:
    """Who looked at a case file. Raises `NotAllowed`, and `NotVisible` for a file that is not this reviewer's to review."""
    limit = EXPORT_LIMIT if exported else PAGE
    scope = _case_scope(viewer, case_id)
    with acting_because(WHY):
        hushed = hushed_from(viewer, [case_id])
        within = _within(asked, viewer) & scope.entries & _unhushed(hushed)
        # What was asked of a list or refused names the file among its ids; everything else is about the file itself.
        among_ids = AccessEntry.objects.filter(within, facts__contains={"ids": [str(case_id)]})
        tries = among_ids.filter(verb__in=sorted(REFUSED.verbs))
        by_ids = asked.kind in {REFUSED.key, LISTED.key}
        entries = among_ids if by_ids else AccessEntry.objects.filter(within, case_file=case_id)
        rows, before = _paged(_of_kind(entries, asked), asked, limit)
        grounds = _grounds([case_id])
        numbers = {case_id: scope.case_file.number}
        page = LogPage(
            lines=[line_of(row, viewer, grounds, numbers, scope.of(row, viewer), hushed) for row in rows],
            agencies=_by_agency(_of_kind(entries, asked)),
            refused=[line_of(row, viewer, {}, numbers) for row in tries[:REFUSED_LIMIT]],
            before=before,
        )
    verb = Verb.LOG_EXPORTED if exported else Verb.LOG_VIEWED
    _record(verb, viewer, now, "log_case", case_id, case_file=case_id, count=len(page.lines))
    return CaseLog(case_id, scope.case_file.number, scope.case_file.opened_at, page, scope.own_agency_only)


def case_by_number(*, viewer: Viewer, number: str) -> UUID:
    """The file of a number, if its log is this reviewer's to review. Raises `NotVisible`, `NotAllowed`."""
    policies.require_log(viewer)
    with acting_because(WHY):
        found = CaseFile.objects.unrestricted(because=WHY).filter(number=number, county=viewer.county).first()
    if found is None:
        raise NotVisible
    return _case_scope(viewer, found.pk).case_file.pk


def _case_scope(viewer: Viewer, case_id: UUID) -> _Scope:
    policies.require_log(viewer)
    if policies.reviews_county(viewer):
        return _Scope(_file_of_county(viewer, case_id), Q(), own_agency_only=False)
    own = Q(agency=viewer.agency)
    if policies.reviews_cases_they_see(viewer):
        seen = CaseFile.objects.visible_to(viewer).filter(pk=case_id).first()
        if seen is not None:
            return _supervisor_scope(viewer, seen, own)
    if policies.reviews_own_people(viewer):
        case_file = _file_of_county(viewer, case_id)
        with acting_because(WHY):
            theirs = AccessEntry.objects.filter(own, case_file=case_id).exists()
            if theirs and not hidden_from(viewer).filter(case_file=case_id).exists():
                return _Scope(case_file, own, own_agency_only=True)
    raise NotVisible


def _supervisor_scope(viewer: Viewer, case_file: CaseFile, own: Q) -> _Scope:
    """A part that the supervisor may not know of is not named by its log either.

    Where a category is kept in parts of one agency or one meeting, a look at one of them is not told from a look at
    another, so of those a keeper reads their own agency's entries, and everybody's at meetings where it has a seat.
    """
    seen = SectionGroupGrant.objects.filter(live(), case_file=case_file, group__in=viewer.groups)
    named = SectionUserGrant.objects.filter(
        live(), case_file=case_file, user=viewer.person, content_object__author=None
    ).exclude(basis=BASIS_EMERGENCY)
    known = frozenset(seen.values_list("category", flat=True)) | frozenset(
        named.values_list("category", flat=True)
    )
    known &= viewer.summary
    if viewer.role not in PARTY_READERS:  # who takes part is learnt from no log either
        return _Scope(case_file, own, own_agency_only=True, known=known)
    with acting_because(WHY):
        parts = FileSection.objects.unrestricted(because=WHY).filter(case_file=case_file)
        parts = parts.exclude(custodian=None, author=None, meeting=None)
        shared = known - set(parts.values_list("category", flat=True))
    sat_at = FileSection.objects.visible_to(viewer).filter(case_file=case_file, meeting__isnull=False)
    teams = Q(category="r24", subject__in=list(sat_at.values_list("meeting", flat=True)))
    entries = own | Q(category="") | Q(category__in=shared) | teams
    return _Scope(case_file, entries, own_agency_only=False, known=known, shared=shared)


def _file_of_county(viewer: Viewer, case_id: UUID) -> CaseFile:
    with acting_because(WHY):
        found = CaseFile.objects.unrestricted(because=WHY).filter(pk=case_id, county=viewer.county).first()
    if found is None:
        raise NotVisible
    return found


def person_log(
    *, viewer: Viewer, person_id: UUID, asked: LogFilter, now: datetime, exported: bool = False
) -> PersonLog:
    """What a person looked at. Raises `NotAllowed`, and `NotVisible` for a person of an agency not reviewed by the viewer."""
    limit = EXPORT_LIMIT if exported else PAGE
    person = people_reviewed(viewer=viewer).filter(pk=person_id).first()
    if person is None:
        raise NotVisible
    with acting_because(WHY):
        entries = AccessEntry.objects.filter(_within(asked, viewer), person=person_id)
        hushed = hushed_from(viewer, entries.order_by().filter(case_file__isnull=False).values("case_file"))
        entries = entries.filter(_unhushed(hushed))
        rows, before = _paged(_of_kind(entries, asked), asked, limit)
        cases = {case for row in rows for case in _cases_of(row)}
        numbers = case_numbers(viewer, cases)
        grounds = _grounds(cases)
        page = LogPage(
            lines=[line_of(row, viewer, grounds, numbers, hushed=hushed) for row in rows],
            agencies=_by_agency(_of_kind(entries, asked)),
            before=before,
        )
    verb = Verb.LOG_EXPORTED if exported else Verb.LOG_VIEWED
    _record(verb, viewer, now, "log_person", person_id, count=len(page.lines))
    return PersonLog(person, page)


def people_reviewed(*, viewer: Viewer, name: str = "") -> QuerySet[Person]:
    """Whose looks this reviewer may review: their own agency's, an auditor's whole county. Raises `NotAllowed`."""
    policies.require_log(viewer)
    people = Person.objects.select_related("agency").order_by("agency__name", "full_name", "pk")
    if policies.reviews_county(viewer):
        people = people.filter(agency__county=viewer.county)
    else:
        people = people.filter(agency=viewer.agency)
    return people.filter(full_name__icontains=name) if name else people


def _within(asked: LogFilter, viewer: Viewer) -> Q:
    """The days asked for, without what only the person themselves may know that they did."""
    zone, within = ZoneInfo(viewer.zone), ~Q(verb__in=sorted(OWN_ONLY)) | Q(person=viewer.person)
    if asked.from_on:
        within &= Q(at__gte=datetime.combine(asked.from_on, time(), zone))
    if asked.to_on:
        within &= Q(at__lt=datetime.combine(asked.to_on + timedelta(days=1), time(), zone))
    return within


def _of_kind(entries: QuerySet[AccessEntry], asked: LogFilter) -> QuerySet[AccessEntry]:
    kind = kind_of(asked.kind)
    return entries.filter(verb__in=sorted(kind.verbs)) if kind else entries


def _paged(entries: QuerySet[AccessEntry], asked: LogFilter, limit: int) -> tuple[list[AccessEntry], str]:
    if asked.before:
        at, entry = _key_read(asked.before)
        entries = entries.filter(Q(at__lt=at) | Q(at=at, pk__lt=entry))
    rows = list(entries.order_by("-at", "-id")[: limit + 1])
    more = len(rows) > limit
    rows = rows[:limit]
    return rows, f"{rows[-1].at.isoformat()}|{rows[-1].pk}" if more else ""


def _key_read(before: str) -> tuple[datetime, UUID]:
    moment, _, entry = before.partition("|")
    try:
        at, entry_id = datetime.fromisoformat(moment), UUID(entry)
    except ValueError as error:
        raise NotVisible from error
    if at.tzinfo is None:
        raise NotVisible
    return at, entry_id


def _by_agency(entries: QuerySet[AccessEntry]) -> list[AgencyLooks]:
    rows = (
        entries.order_by()
        .values("agency_name")
        .annotate(people=Count("person", distinct=True), entries=Count("pk"))
        .order_by("-entries", "agency_name")
    )
    return [AgencyLooks(row["agency_name"] or "The system", row["people"], row["entries"]) for row in rows]


def _grounds(cases: Iterable[UUID]) -> dict[tuple[UUID, UUID, str], set[str]]:
    """On which grounds each agency may see each category of these cases now."""
    found: dict[tuple[UUID, UUID, str], set[str]] = {}
    rows = SectionGroupGrant.objects.filter(live(), case_file__in=list(cases)).values_list(
        "case_file", "group__agency", "category", "basis"
    )
    for case, agency, category, basis in rows.distinct():
        found.setdefault((case, agency, category), set()).add(basis)
        found.setdefault((case, agency, ""), set()).add(basis)
    return found


def case_numbers(viewer: Viewer, cases: set[UUID]) -> dict[UUID, str]:
    """Case numbers a reviewer may read: a supervisor those of cases they see, an auditor those of their county.

    A security officer reads those of their county but of files restricted to others: a restriction may be there because
    of somebody in this very agency. Their people's looks at such a file are still shown, without its number.
    """
    files = CaseFile.objects.unrestricted(because=WHY).filter(county=viewer.county)
    if not policies.reviews_county(viewer) and not policies.reviews_own_people(viewer):
        files = CaseFile.objects.visible_to(viewer)
    elif not policies.reviews_county(viewer):
        files = files.exclude(pk__in=hidden_from(viewer))
    return dict(files.filter(pk__in=cases).values_list("pk", "number"))


def _cases_of(entry: AccessEntry) -> list[UUID]:
    return [entry.case_file] if entry.case_file else []


def _unhushed(hushed: Sequence[Hushed]) -> Q:
    """Without looks at what is sealed since, and acts that rest on a purpose: no line of the log names it."""
    found = Q()
    for one in hushed:
        within = Q(at__lte=one.until) | Q(basis=BASIS_SEAL)
        found &= ~(Q(case_file=one.case_file, category=one.category) & within)
    return found


def _record(
    verb: Verb,
    viewer: Viewer,
    now: datetime,
    kind: str,
    subject: UUID,
    *,
    count: int,
    case_file: UUID | None = None,
) -> None:
    record(
        verb,
        viewer=viewer,
        at=now,
        subject_kind=kind,
        subject=subject,
        case_file=case_file,
        facts={"count": count},
    )
