"""Grants: django-guardian's permission rows on sections, with a basis, an end and a sort key.

guardian gives the storage (direct foreign keys, so no orphan and real indexes), the permission names and the checker;
its own checker and shortcuts know no end, so only `LiveChecker` may answer, and only one service may write.
"""

from __future__ import annotations

from typing import Any, NoReturn

from django.contrib.auth.models import Permission
from django.db import models
from django.db.models import Q
from django.db.models.functions import Now
from guardian.backends import ObjectPermissionBackend
from guardian.core import ObjectPermissionChecker
from guardian.ctypes import get_content_type
from guardian.managers import GroupObjectPermissionManager, UserObjectPermissionManager


def live(prefix: str = "") -> Q:
    """A grant that has not ended, by the database's own clock at the moment of the statement."""
    return Q(**{f"{prefix}ends_at": None}) | Q(**{f"{prefix}ends_at__gt": Now()})


class ShutWriters:
    """guardian's one-by-one writers are shut: grants follow facts, through one service."""

    def _refuse(self, *args: Any, **kwargs: Any) -> NoReturn:
        raise RuntimeError("Grants follow facts: change the fact, and the sharing service writes the grant.")

    assign_perm = bulk_assign_perm = assign_perm_to_many = remove_perm = bulk_remove_perm = _refuse


class GroupGrantManager(ShutWriters, GroupObjectPermissionManager):
    """Grants to agency groups, as guardian expects to find them."""


class UserGrantManager(ShutWriters, UserObjectPermissionManager):
    """Grants to single people, as guardian expects to find them."""


class GrantFacts(models.Model):
    """What a grant row carries beside guardian's own columns."""

    class May(models.TextChoices):
        SEE = "see", "see in full"
        SEE_SUMMARY = "see_summary", "see a summary"
        WRITE = "write", "write"

    may = models.CharField(max_length=12, choices=May.choices)
    category = models.CharField(max_length=4)
    basis = models.CharField(max_length=20)
    ends_at = models.DateTimeField(null=True)
    sort_at = models.DateTimeField()

    class Meta:
        abstract = True


class LiveChecker(ObjectPermissionChecker):
    """guardian's checker, for grants that have not ended."""

    def _live(self, filters: dict[str, Any]) -> Q:
        relation = next(key for key in filters if key.endswith("__content_object")).removesuffix(
            "__content_object"
        )
        return Q(**filters) & live(f"{relation}__")

    def get_user_perms(self, obj: models.Model) -> Any:
        return (
            Permission.objects.filter(content_type=get_content_type(obj))
            .filter(self._live(self.get_user_filters(obj)))
            .values_list("codename", flat=True)
        )

    def get_group_perms(self, obj: models.Model) -> Any:
        return (
            Permission.objects.filter(content_type=get_content_type(obj))
            .filter(self._live(self.get_group_filters(obj)))
            .values_list("codename", flat=True)
        )


class SectionBackend(ObjectPermissionBackend):
    """`user.has_perm("see", record)` asks the section that the record stands in; anything else is False."""

    def has_perm(self, user_obj: Any, perm: str, obj: Any = None) -> bool:
        section = obj if getattr(obj, "is_section", False) else getattr(obj, "section", None)
        if section is None or not user_obj.is_active or perm not in GrantFacts.May.values:
            return False
        return perm in LiveChecker(user_obj).get_perms(section)

    def get_all_permissions(self, user_obj: Any, obj: Any = None) -> Any:
        return set()
