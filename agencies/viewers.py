"""From a signed-in person to a viewer: the groups and categories that hold at this moment."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from uuid import UUID
from zoneinfo import ZoneInfo

from django.contrib.auth.models import Group
from django.db.models import Q, Subquery

from agencies.choices import CASE_DUTIES, Duty
from agencies.disclosure.categories import OWN_DUTIES
from agencies.disclosure.emergency import EMERGENCY_ROLES
from agencies.disclosure.matrix import Access, Cell
from agencies.disclosure.trust import categories_open
from agencies.models import Designation, DisclosureCell, Person, ProtocolVersion, Qualification
from agencies.qualifications import PRIVILEGED_TALKS, QUALIFIED_ROLES
from cseccase.confidentiality.viewer import Emergency, Viewer

HOLDS: list[Callable[[Viewer, datetime], tuple[Emergency, ...]]] = []
"""Who knows which files a person holds open in an emergency. The floor of case files puts itself in when it starts."""


READABLE: set[str] = set()
"""The pages, by the names of their addresses, on which what an emergency opened can be read; on all others it is shut."""


def viewer_with_emergencies(viewer: Viewer, *, now: datetime, only_reads: bool) -> Viewer:
    """The viewer with the files held open in an emergency. Asked inside `viewing_as(viewer)`; one query, if any.

    What they open counts only where `only_reads`; without current training or designation nothing is held.
    """
    if not viewer.groups or viewer.role not in EMERGENCY_ROLES:
        return viewer
    held = tuple(one for ask in HOLDS for one in ask(viewer, now))
    return replace(viewer, emergencies=held, only_reads=only_reads) if held else viewer


def version_in_force(county: UUID, now: datetime) -> Subquery:
    """The protocol version that a county's newest effective signature put in force."""
    return Subquery(
        ProtocolVersion.objects.filter(county=county, effective_at__lte=now)
        .order_by("-effective_at", "-number")
        .values("pk")[:1]
    )


def viewer_of(person: Person, *, now: datetime) -> Viewer:
    """What this person is to the confidentiality rules now. Three queries, whatever the caseload; two more
    while a new version of the agreement is being worked through the cases, one more for advocates and mentors.

    Nobody whose duties do not lead into case files gets a group, so a committee member's viewer opens no section; and
    nobody outside the group, for want of current training, opens one either, not even notes of their own. Advocates and
    mentors open records of privileged talks only while they qualify (Evidence Code 1035.2, 1038.2).
    """
    agency = person.agency
    today = now.astimezone(ZoneInfo(agency.county.zone)).date()
    duties = frozenset(
        Designation.objects.filter(person=person, starts_on__lte=today)
        .filter(Q(ends_on=None) | Q(ends_on__gte=today))
        .values_list("duty", flat=True)
    )
    works_cases = person.is_active and agency.is_active and bool(duties & CASE_DUTIES)
    groups = tuple(Group.objects.filter(user=person).values_list("pk", flat=True)) if works_cases else ()
    full, summary = categories_in_force(agency.county_id, agency.role, now=now)
    if agency.role in QUALIFIED_ROLES and not qualifies(person.pk, on=today):
        full, summary = full - {PRIVILEGED_TALKS}, summary - {PRIVILEGED_TALKS}
    return Viewer(
        person=person.pk,
        name=person.full_name,
        agency=agency.pk,
        agency_name=agency.name,
        county=agency.county_id,
        role=agency.role,
        zone=agency.county.zone,
        duties=frozenset(Duty(duty).value for duty in duties),
        groups=groups,
        full=full | {OWN_DUTIES} if groups else frozenset(),
        summary=summary | {OWN_DUTIES} if groups else frozenset(),
    )


def qualifies(person: UUID, *, on: date) -> bool:
    """Whether a person's talks with a young person are privileged on a day (Evidence Code 1035.2, 1038.2)."""
    rows = Qualification.objects.filter(person=person, starts_on__lte=on)
    return rows.filter(Q(ends_on=None) | Q(ends_on__gte=on)).exists()


def categories_in_force(county: UUID, role: str, *, now: datetime) -> tuple[frozenset[str], frozenset[str]]:
    """The categories that the agreement in force lets a role see in full, and at least in summary.

    While the cases have not all been settled under it, only where older grants hold under it too. One query;
    two more during that time.
    """
    in_force: dict[str, Cell] = {}
    is_settled = True
    cells = DisclosureCell.objects.filter(version=version_in_force(county, now), role=role)
    for category, access, basis, settled_at in cells.values_list(
        "category", "access", "basis", "version__settling__settled_at"
    ):
        in_force[category] = Cell(category, role, Access(access), basis)
        is_settled = settled_at is not None
    older = () if is_settled else _older_cells(county, role, now).values()
    return categories_open(in_force, older=older)


def _older_cells(county: UUID, role: str, now: datetime) -> dict[UUID, dict[str, Cell]]:
    """A role's cells in every version whose grants may still stand: back to the last one that was worked through."""
    versions = ProtocolVersion.objects.filter(county=county, effective_at__lte=now)
    standing: dict[UUID, dict[str, Cell]] = {}
    for version, settled_at in versions.order_by("-effective_at", "-number").values_list(
        "pk", "settling__settled_at"
    ):
        standing[version] = {}
        if settled_at is not None:
            break
    for version, category, access, basis in DisclosureCell.objects.filter(
        version__in=standing, role=role
    ).values_list("version", "category", "access", "basis"):
        standing[version][category] = Cell(category, role, Access(access), basis)
    return standing
