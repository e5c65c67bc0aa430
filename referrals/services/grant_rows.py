"""The rows of grants in the database, made equal to what the disclosure rule calls for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

from django.contrib.auth.models import Permission
from django.contrib.contenttypes.models import ContentType
from django.db.models import Max

from agencies.disclosure.categories import BASIS_LEAD, BASIS_OWN, OWN_DUTIES, REPORTS, SERVICE_PLAN
from agencies.disclosure.rule import GrantDue
from agencies.models import Agency, Person
from cseccase.confidentiality.querysets import framework_internals
from referrals.models import CaseFile, FileSection, Referral, SectionGroupGrant, SectionUserGrant

WHY = "grants follow the facts of the case"


def grants_agree(*, case_file: CaseFile, sections: Iterable[FileSection], due: frozenset[GrantDue]) -> None:
    """Adds, moves and removes grants on these sections of a case until they are exactly those that are due."""
    received = Referral.objects.unrestricted(because=WHY).filter(case_file=case_file)
    sort_at = received.aggregate(last=Max("received_at"))["last"] or case_file.opened_at
    standing = {section.pk: section for section in sections}
    times = _Times(sort_at, case_file.opened_at, _told_of_reports(standing, due))
    _groups_agree(case_file, standing, due, times)
    _people_agree(case_file, standing, due, times)


@dataclass(frozen=True, slots=True)
class _Times:
    """What a file is sorted by in each agency's lists: its newest report, or its opening where the agency hears of no reports."""

    reported_at: datetime
    opened_at: datetime
    told: frozenset[UUID]

    def of(self, agency: UUID) -> datetime:
        return self.reported_at if agency in self.told else self.opened_at


def _told_of_reports(sections: Mapping[UUID, FileSection], due: frozenset[GrantDue]) -> frozenset[UUID]:
    """The agencies that may know of the reports (r03); of a restricted file those of the people who may."""
    reports = [grant for grant in due if sections[grant.section].category == REPORTS]
    agencies = {grant.agency for grant in reports if grant.agency is not None}
    if not any(grant.agency for grant in due):
        people = {grant.person for grant in reports if grant.person is not None}
        agencies = set(Person.objects.filter(pk__in=people).values_list("agency", flat=True))
    return frozenset(agencies)


def _permissions() -> dict[str, int]:
    kind = ContentType.objects.get_for_model(FileSection)
    return dict(Permission.objects.filter(content_type=kind).order_by().values_list("codename", "pk"))


def _columns(grant: GrantDue, section: FileSection, sort_at: datetime) -> dict[str, object]:
    """Another agency's duties are read as the service plan is, so such a grant holds as long as the plan's cell does."""
    keeps = section.category != OWN_DUTIES or grant.basis in {BASIS_OWN, BASIS_LEAD}
    return {
        "basis": grant.basis,
        "ends_at": grant.ends_at,
        "category": section.category if keeps else SERVICE_PLAN,
        "sort_at": sort_at,
        "case_file_id": section.case_file_id,
        "may": grant.permission,
    }


def _groups_agree(
    case_file: CaseFile, sections: dict[UUID, FileSection], due: frozenset[GrantDue], times: _Times
) -> None:
    groups = dict(
        Agency.objects.filter(pk__in={g.agency for g in due if g.agency}).values_list("pk", "group_id")
    )
    wanted = {(g.section, groups[g.agency], g.permission): g for g in due if g.agency is not None}
    sort_at = {group: times.of(agency) for agency, group in groups.items()}
    _agree(SectionGroupGrant, "group_id", case_file, sections, wanted, sort_at)


def _people_agree(
    case_file: CaseFile, sections: dict[UUID, FileSection], due: frozenset[GrantDue], times: _Times
) -> None:
    working = dict(
        Person.objects.filter(pk__in={g.person for g in due if g.person}, is_active=True).values_list(
            "pk", "agency"
        )
    )
    sort_at = {person: times.of(agency) for person, agency in working.items()}
    wanted = {(g.section, g.person, g.permission): g for g in due if g.person in working}
    _agree(SectionUserGrant, "user_id", case_file, sections, wanted, sort_at)


def _agree(
    model: type[SectionGroupGrant] | type[SectionUserGrant],
    holder: str,
    case_file: CaseFile,
    sections: dict[UUID, FileSection],
    wanted: Mapping[Any, GrantDue],
    sort_at: Mapping[Any, datetime],
) -> None:
    """One table of grants made equal to `wanted`, in at most four statements."""
    standing: dict[tuple[UUID, Any, str], Any] = {}
    surplus: list[int] = []
    for row in model.objects.filter(case_file=case_file):
        key = (row.content_object_id, getattr(row, holder), row.may)
        if key in wanted:
            standing[key] = row
        else:
            surplus.append(row.pk)
    if surplus:
        model.objects.filter(pk__in=surplus).delete()
    changes: dict[str, list[Any]] = defaultdict(list)
    for key, grant in wanted.items():
        columns = _columns(grant, sections[key[0]], sort_at[key[1]])
        row = standing.get(key)
        if row is None:
            changes["new"].append((key, columns))
        elif any(getattr(row, name) != value for name, value in columns.items()):
            for name, value in columns.items():
                setattr(row, name, value)
            changes["moved"].append(row)
    if changes["moved"]:
        model.objects.bulk_update(changes["moved"], ["basis", "ends_at", "category", "sort_at"])
    if changes["new"]:
        permissions = _permissions()
        with framework_internals():
            model.objects.bulk_create(
                model(
                    content_object_id=section,
                    permission_id=permissions[may],
                    **{holder: key_holder},
                    **columns,
                )
                for (section, key_holder, may), columns in changes["new"]
            )
