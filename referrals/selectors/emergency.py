"""Reading emergency looks: what is open to me now, the record of one, the list, and the reviews that are owed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from uuid import UUID

from django.db.models import F, Q, QuerySet

from agencies.choices import Duty
from agencies.disclosure.categories import CATEGORY_NAMES
from agencies.disclosure.emergency import BASIS_EMERGENCY
from cseccase.audit.models import AccessEntry
from cseccase.audit.services import record
from cseccase.audit.verbs import OWN_ONLY, Verb
from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.viewer import Emergency, Viewer
from cseccase.errors import NotVisible
from referrals import policies
from referrals.models import CaseFile, Child, EmergencyLook, FileSection, MissingEpisode, Whereabouts
from referrals.selectors.seal import hushed_from
from referrals.services.named import hidden_from

PAGE = 25
LOOKED_LIMIT = 100
SAFETY_PLAN = "r25"
REVIEWS_LIMIT = 50
OWN = "one's own emergency looks"
LOG_WHY = "the review of an emergency look reads what was looked at"
RESTRICTED_WHY = "looks at files that are restricted to others are left out"


def emergencies_held(viewer: Viewer, now: datetime) -> tuple[Emergency, ...]:
    """The files this person holds open in an emergency at this moment, the first to end first."""
    rows = EmergencyLook.objects.unrestricted(because=OWN).filter(
        person=viewer.person, case_file__isnull=False, ended_at=None, until__gt=now, opened_at__lte=now
    )
    return tuple(
        Emergency(*row)
        for row in rows.order_by("until", "pk").values_list("pk", "case_file_id", "number", "until")
    )


def reader_of(viewer: Viewer, case_file: UUID) -> Viewer:
    """The viewer as pages of this case should treat them: without any act where only an emergency opened it."""
    if not viewer.sees_emergencies or all(one.case_file != case_file for one in viewer.emergencies):
        return viewer
    standing = CaseFile.objects.visible_to(viewer.apart_from_emergencies()).filter(pk=case_file)
    return viewer if standing.exists() else viewer.as_reader()


def emergency_basis(viewer: Viewer, case_file: UUID) -> str:
    """The ground to write into the access log where only an emergency opened the file; else nothing."""
    return "" if reader_of(viewer, case_file) is viewer else BASIS_EMERGENCY


@dataclass(frozen=True, slots=True)
class Looked:
    """One thing the person did in this file while it was open."""

    at: datetime
    what: str
    category: str


@dataclass(frozen=True, slots=True)
class AtHand:
    """What may help the child now, as far as this look opens it: names, telephone, places. Nothing where it is shut."""

    child: Child | None
    age: int | None
    places: Sequence[Whereabouts]
    missing: MissingEpisode | None
    opened: Sequence[str]
    has_safety_plan: bool


@dataclass(frozen=True, slots=True)
class LookPage:
    """The record of one emergency look for one viewer. `at_hand` only for the person who looks, while it is open."""

    look: EmergencyLook
    is_mine: bool
    is_open: bool
    may_end: bool
    may_review: bool
    may_open_case: bool
    looked: Sequence[Looked]
    looked_more: bool
    at_hand: AtHand | None
    state: str


def look_page(*, viewer: Viewer, look_id: UUID, now: datetime) -> LookPage:
    """The door to one record. Raises `NotVisible`; the look at it is recorded in turn."""
    look = _looks(viewer).filter(pk=look_id).first()
    if look is None:
        raise NotVisible
    record(
        Verb.EMERGENCY_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="emergency_look",
        subject=look.pk,
        case_file=look.case_file_id,
    )
    is_open = is_open_at(look, now)
    mine = look.person_id == viewer.person
    looked = _looked(viewer, look, now)
    return LookPage(
        look=look,
        is_mine=mine,
        is_open=is_open,
        may_end=is_open and policies.may_end_emergency(viewer, looker=look.person_id),
        may_review=look.reviewed_at is None
        and not is_open
        and policies.may_review_emergency(viewer, looker=look.person_id, review_by=look.review_by_id),
        may_open_case=look.case_file_id is not None
        and CaseFile.objects.visible_to(viewer).filter(pk=look.case_file_id).exists(),
        looked=looked[:LOOKED_LIMIT],
        looked_more=len(looked) > LOOKED_LIMIT,
        at_hand=_at_hand(viewer, look, now) if mine and is_open else None,
        state=look_state(look, now),
    )


def is_open_at(look: EmergencyLook, now: datetime) -> bool:
    """Open until just before its end; a number that no file has was never open."""
    return look.case_file_id is not None and look.ended_at is None and look.opened_at <= now < look.until


def look_state(look: EmergencyLook, now: datetime) -> str:
    """`open`, `overdue`, `waiting` (for its review) or `done`."""
    if look.reviewed_at is not None:
        return "done"
    if is_open_at(look, now):
        return "open"
    return "overdue" if look.review_due_at < now else "waiting"


@dataclass(frozen=True, slots=True)
class LookLine:
    """One line of a list of emergency looks."""

    look: EmergencyLook
    state: str


@dataclass(frozen=True, slots=True)
class LookList:
    """A page of emergency looks, reviews not done first, then the newest."""

    lines: Sequence[LookLine]
    page: int
    has_older: bool


def look_list(*, viewer: Viewer, now: datetime, page: int = 1) -> LookList:
    """One's own looks, and for those who answer for an agency or keep a file, theirs; the look is recorded."""
    page = max(page, 1)
    rows = list(
        _looks(viewer).order_by(F("reviewed_at").desc(nulls_first=True), "-opened_at", "-id")[
            (page - 1) * PAGE : page * PAGE + 1
        ]
    )
    shown = rows[:PAGE]
    record(
        Verb.EMERGENCY_LISTED,
        viewer=viewer,
        at=now,
        subject_kind="emergency_look",
        facts={"ids": [str(row.pk) for row in shown]},
    )
    return LookList([LookLine(row, look_state(row, now)) for row in shown], page, len(rows) > PAGE)


def reviews_owed(*, viewer: Viewer, now: datetime) -> list[EmergencyLook]:
    """What this supervisor's agency must review, soonest due first, beside their own looks; closed ones only."""
    if not viewer.has_duty(Duty.SUPERVISOR) or not viewer.groups:
        return []
    rows = _looks(viewer).filter(review_by=viewer.agency, reviewed_at=None).exclude(person=viewer.person)
    return list(rows.order_by("review_due_at", "pk")[:REVIEWS_LIMIT])


def _looks(viewer: Viewer) -> QuerySet[EmergencyLook]:
    """Without other people's looks at files that are restricted to others than the viewer: to them there is no such file."""
    with acting_because(RESTRICTED_WHY):
        hidden = list(hidden_from(viewer))
    rows = EmergencyLook.objects.visible_to(viewer).exclude(~Q(person=viewer.person), case_file__in=hidden)
    return rows.select_related("person", "agency", "review_by", "reviewed_by", "ended_by")


def _looked(viewer: Viewer, look: EmergencyLook, now: datetime) -> list[Looked]:
    """From the access log: what the person did in this file between the opening and the end, but at what is sealed since."""
    if look.case_file_id is None:
        return []
    hushed = {one.category: one.until for one in hushed_from(viewer, [look.case_file_id])}
    end = look.ended_at or look.until
    with acting_because(LOG_WHY):
        entries = list(
            AccessEntry.objects.filter(
                case_file=look.case_file_id,
                person=look.person_id,
                at__gte=look.opened_at,
                at__lte=min(end, now) + timedelta(seconds=1),
            )
            .exclude(subject=look.pk)
            .exclude(verb__in=sorted(OWN_ONLY))
            .order_by("at", "id")[: LOOKED_LIMIT + 1]
        )
    return [
        Looked(entry.at, _what(entry), CATEGORY_NAMES.get(entry.category, entry.category))
        for entry in entries
        if entry.category not in hushed or entry.at > hushed[entry.category]
    ]


def _what(entry: AccessEntry) -> str:
    page = entry.facts.get("page") if isinstance(entry.facts, dict) else None
    label = Verb(entry.verb).label
    return f"{label}: {page}" if page else label


def _at_hand(viewer: Viewer, look: EmergencyLook, now: datetime) -> AtHand:
    case_file = look.case_file_id
    child = Child.objects.visible_to(viewer).filter(case_file=case_file).select_related("lead_worker").first()
    if child is not None:
        record(
            Verb.NAME_SHOWN,
            viewer=viewer,
            at=now,
            subject_kind="child",
            subject=child.pk,
            case_file=case_file,
            category="r01",
            basis="break-glass",
        )
    places = Whereabouts.objects.visible_to(viewer).filter(section__case_file=case_file)
    sections = FileSection.objects.summarised_to(viewer).filter(case_file=case_file)
    categories = set(sections.values_list("category", flat=True))
    return AtHand(
        child=child,
        age=child.age_on(now.date()) if child else None,
        places=list(places.order_by("-said_at")[:3]),
        missing=MissingEpisode.objects.visible_to(viewer)
        .filter(case_file=case_file, located_at=None)
        .first(),
        opened=[CATEGORY_NAMES[code] for code in sorted(categories)],
        has_safety_plan=SAFETY_PLAN in categories,
    )
