"""Reading what changed in one case file: every version of every record that the viewer may see in full.

Each version is asked for through `.visible_to(viewer)`, so a section that is hidden stays hidden here, and summaries have
no history. One query a kind of record finds a page; one more for each kind on it finds the versions before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

from django.apps import apps
from django.db import models
from django.db.models import Q

from agencies.disclosure.categories import INSPECT_ONLY_BASES
from agencies.models import Agency, Person
from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.grants import GrantFacts, live
from cseccase.confidentiality.viewer import Viewer
from cseccase.confidentiality.walls import NOBODY
from cseccase.errors import NotAllowed, NotVisible
from cseccase.wording import day_time_words, day_words
from referrals.models import CaseFile, Deadline, SectionedModel, SectionGroupGrant, SectionUserGrant
from referrals.selectors.case_file import access_case
from reporting import policies
from reporting.field_words import EVENT_FACTS, TITLES, code_words, field_label, record_title, says_title

PAGE = 15
EXPORT_LIMIT = 500
HIDDEN_FIELDS = frozenset(
    {"section", "case_file", "met_by", "dropped_by", "supersedes", "incident", "rulebook", "referral", "meeting", "began",
     "codes", "history_id", "history_date", "history_type", "history_user_id", "history_change_reason"}
)  # fmt: skip
"""Beside these, a bare id of another record is never said: it means nothing to a reader, and its record may be hidden."""
DONE = {"+": "written", "~": "changed", "-": "removed"}


@dataclass(frozen=True, slots=True)
class ChangesFilter:
    """What a reader of changes asked for: days, one kind of record, the page."""

    from_on: date | None = None
    to_on: date | None = None
    record: str = ""
    before: str = ""

    def within(self, zone: ZoneInfo) -> Q:
        """The days, on the county's clock."""
        found = Q()
        if self.from_on:
            found &= Q(history_date__gte=datetime.combine(self.from_on, time(), zone))
        if self.to_on:
            found &= Q(history_date__lt=datetime.combine(self.to_on + timedelta(days=1), time(), zone))
        return found


@dataclass(frozen=True, slots=True)
class Change:
    """One field, before and after, in words."""

    field: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Version:
    """One change of one record: what, when, by whom, field by field."""

    title: str
    done: str
    at: datetime
    who: str
    agency: str
    rows: list[Change]
    is_new: bool

    @property
    def facts(self) -> list[dict[str, str]]:
        """What a new record said, without an empty column for what was before."""
        return [{"term": row.field, "words": row.after} for row in self.rows]


@dataclass(frozen=True, slots=True)
class ChangesPage:
    """One page of changes, newest first; `before` is the key of the next."""

    case_file: CaseFile
    versions: list[Version]
    before: str


@dataclass(frozen=True, slots=True)
class _Names:
    """Names of the people and agencies that a page mentions."""

    people: dict[UUID, tuple[str, str]]
    agencies: dict[UUID, str]
    zone: ZoneInfo


def changes_list(
    *,
    viewer: Viewer,
    case_id: UUID,
    now: datetime,
    asked: ChangesFilter | None = None,
    exported: bool = False,
) -> ChangesPage:
    """What changed in a case, as far as this viewer may see it. Raises `NotVisible`; the look is recorded.

    A download is for those who review, of records of which they may take a copy: raises `NotAllowed` for others.
    """
    limit = EXPORT_LIMIT if exported else PAGE
    case_file = access_case(viewer=viewer, case_id=case_id, now=now, looked_at="history")
    if exported:
        _require_copy(viewer, case_file)
    found = _newest(viewer, case_file, asked or ChangesFilter(), limit + 1)
    shown = found[:limit]
    earlier = _versions_before(viewer, shown)
    names = _names(viewer, [*shown, *(row for row in earlier.values() if row is not None)])
    record(
        Verb.HISTORY_EXPORTED if exported else Verb.HISTORY_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="history",
        subject=case_file.pk,
        case_file=case_file.pk,
        facts={"count": len(shown)},
    )
    more = len(found) > limit
    return ChangesPage(
        case_file=case_file,
        versions=[_version(row, earlier[row.history_id], names) for row in shown],
        before=f"{shown[-1].history_date.isoformat()}|{shown[-1].history_id}" if more else "",
    )


def recorded_models() -> list[type[models.Model]]:
    """Every kind of record that stands in a section and that people read, in one fixed order."""
    return [
        model
        for model in apps.get_models()
        if issubclass(model, SectionedModel)
        and not hasattr(model, "instance_type")
        and model.wall.read != NOBODY
    ]


def records_named() -> list[tuple[str, str]]:
    """The kinds of record to choose from: their key and their name."""
    named = [
        (model._meta.label_lower, TITLES.get(model._meta.label) or str(model._meta.verbose_name).capitalize())
        for model in recorded_models()
    ]
    return sorted(named, key=lambda pair: pair[1])


def _require_copy(viewer: Viewer, case_file: CaseFile) -> None:
    """Raises `NotAllowed`: copies are for reviewers, and never of what the law lets them only inspect."""
    policies.require_history_copy(viewer)
    see = live() & Q(case_file=case_file, may=GrantFacts.May.SEE)
    of_group = SectionGroupGrant.objects.filter(see, group__in=viewer.groups)
    of_person = SectionUserGrant.objects.filter(see, user=viewer.person)
    bases: defaultdict[str, set[str]] = defaultdict(set)
    for category, basis in [
        *of_group.values_list("category", "basis"),
        *of_person.values_list("category", "basis"),
    ]:
        bases[category].add(basis)
    if any(found <= INSPECT_ONLY_BASES for found in bases.values()):
        raise NotAllowed(policies.INSPECT_ONLY)


def _newest(viewer: Viewer, case_file: CaseFile, asked: ChangesFilter, limit: int) -> list[Any]:
    within = _older_than(asked.before) & asked.within(ZoneInfo(viewer.zone))
    found: list[Any] = []
    for model in recorded_models():
        if asked.record and model._meta.label_lower != asked.record:
            continue
        rows = model.history.model.objects.visible_to(viewer).filter(section__case_file=case_file.pk)  # type: ignore[attr-defined]
        found += rows.filter(within).order_by("-history_date", "-history_id")[:limit]
    found.sort(key=lambda row: (row.history_date, row.history_id), reverse=True)
    return found[:limit]


def _older_than(before: str) -> Q:
    if not before:
        return Q()
    moment, _, version = before.partition("|")
    try:
        at, version_id = datetime.fromisoformat(moment), UUID(version)
    except ValueError as error:
        raise NotVisible from error
    if at.tzinfo is None:
        raise NotVisible
    return Q(history_date__lt=at) | Q(history_date=at, history_id__lt=version_id)


def _versions_before(viewer: Viewer, shown: list[Any]) -> dict[UUID, Any]:
    """For each version the one it replaced, if the viewer may see that too."""
    by_model: defaultdict[type[models.Model], set[UUID]] = defaultdict(set)
    for row in shown:
        by_model[type(row)].add(row.id)
    chains: defaultdict[tuple[type, UUID], list[Any]] = defaultdict(list)
    for model, ids in by_model.items():
        versions = model.objects.visible_to(viewer).filter(id__in=ids)  # type: ignore[attr-defined]
        for version in versions.order_by("history_date", "history_id"):
            chains[(model, version.id)].append(version)
    return {row.history_id: _replaced(row, chains[(type(row), row.id)]) for row in shown}


def _replaced(row: Any, chain: list[Any]) -> Any:
    if row.history_type == "+":
        return None
    earlier = [v for v in chain if (v.history_date, v.history_id) < (row.history_date, row.history_id)]
    return earlier[-1] if earlier else None


def _fields(row: Any) -> list[models.Field[Any, Any]]:
    model = row.instance_type
    return [
        f
        for f in row._meta.concrete_fields
        if f.name not in HIDDEN_FIELDS
        and not isinstance(f, models.UUIDField)
        and not says_title(model, f.name)
    ]


def _names(viewer: Viewer, rows: Iterable[Any]) -> _Names:
    people: set[UUID] = set()
    agencies: set[UUID] = set()
    for row in rows:
        people.add(row.history_user_id)
        for field in _fields(row):
            target = field.related_model
            if target is Person:
                people.add(getattr(row, field.attname))
            elif target is Agency:
                agencies.add(getattr(row, field.attname))
    found = Person.objects.filter(pk__in=people - {None}).select_related("agency")
    return _Names(
        people={person.pk: (person.full_name, person.agency.name) for person in found},
        agencies=dict(Agency.objects.filter(pk__in=agencies - {None}).values_list("pk", "name")),
        zone=ZoneInfo(viewer.zone),
    )


def _version(row: Any, earlier: Any, names: _Names) -> Version:
    model = row.instance_type
    who, agency = names.people.get(row.history_user_id, ("the system", ""))
    after = _said(row, names)
    before = _said(earlier, names) if earlier is not None else {}
    labels = list(dict.fromkeys([*before, *after]))
    rows = [
        Change(label, before.get(label, ""), after.get(label, ""))
        for label in labels
        if before.get(label, "") != after.get(label, "")
    ]
    return Version(
        title=record_title(model, row),
        done=_done(model, row.history_type),
        at=row.history_date,
        who=who,
        agency=agency,
        rows=rows,
        is_new=row.history_type == "+",
    )


def _done(model: type[models.Model], history_type: str) -> str:
    if history_type == "+" and model is Deadline:
        return "clock started"
    return DONE.get(history_type, "changed")


def _said(row: Any, names: _Names) -> dict[str, str]:
    """Every field of a version in words; what is empty is left out."""
    said: dict[str, str] = {}
    for field in _fields(row):
        value = getattr(row, field.attname)
        if value in (None, "", {}, []):
            continue
        if isinstance(value, dict):
            facts = {
                key: fact for key, fact in value.items() if key in EVENT_FACTS and fact not in (None, "")
            }
            said |= {
                EVENT_FACTS[key]: code_words(key, fact) or _words(fact, names) for key, fact in facts.items()
            }
            continue
        said[field_label(row.instance_type, field)] = _field_words(field, value, names)
    return said


def _field_words(field: models.Field[Any, Any], value: Any, names: _Names) -> str:
    if field.related_model is Person:
        return names.people.get(value, ("Somebody", ""))[0]
    if field.related_model is Agency:
        return names.agencies.get(value, "An agency")
    if field.flatchoices:
        return str(dict(field.flatchoices).get(value, value))
    return code_words(field.name, value) or _words(value, names)


def _words(value: Any, names: _Names) -> str:
    if isinstance(value, bool):
        return "Yes" if value else "No"
    if isinstance(value, datetime):
        return day_time_words(value, names.zone, year_now=0)
    if isinstance(value, date):
        return day_words(value, year_now=0)
    if isinstance(value, list | tuple):
        return ", ".join(_words(part, names) for part in value)
    return str(value)
