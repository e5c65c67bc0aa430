"""Reading who works where."""

from __future__ import annotations

from django.db.models import Prefetch, QuerySet

from agencies.models import Designation, Person


def people_to_practise() -> list[Person]:
    """Everybody of the practice county who may sign in, agency by agency."""
    return list(
        Person.objects.filter(is_active=True)
        .select_related("agency")
        .prefetch_related(Prefetch("designations", Designation.objects.order_by("starts_on")))
        .order_by("agency__name", "full_name")
    )


def people_of(agency: object) -> QuerySet[Person]:
    """The people of one agency with what they are designated for and trained in."""
    return (
        Person.objects.filter(agency=agency)
        .prefetch_related("designations", "trainings")
        .order_by("-is_active", "full_name")
    )
