"""Case files, their sections, and the grants that open sections."""

from __future__ import annotations

import secrets
from typing import Any, ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Exists, OuterRef, Q
from guardian.models import GroupObjectPermissionBase, UserObjectPermissionBase

from agencies.disclosure.emergency import BASIS_EMERGENCY
from agencies.models import Agency, County
from cseccase.confidentiality.context import worked_out_once
from cseccase.confidentiality.grants import GrantFacts, GroupGrantManager, UserGrantManager, live
from cseccase.confidentiality.models import ConfidentialModel
from cseccase.confidentiality.viewer import Viewer
from cseccase.confidentiality.walls import Wall

REFERENCE_LETTERS = "23456789ABCDEFGHJKMNPQRSTVWXYZ"
_LIVE = "(g.ends_at IS NULL OR g.ends_at > statement_timestamp())"
_CATEGORY = "g.category = ANY (CASE WHEN g.may = 'see_summary' THEN (SELECT app_summary()) ELSE (SELECT app_full()) END)"
_MINE = (
    "g.group_id = ANY ((SELECT app_groups())::int[])",
    f"g.user_id = (SELECT app_viewer()) AND (g.basis <> '{BASIS_EMERGENCY}' OR (SELECT app_emergency()))",
)
_IN_FULL = "(g.may = 'see' OR (g.may = 'see_summary' AND (SELECT app_summarising())))"
_WRITE = "g.may = 'write'"
_TABLES = ("referrals_sectiongroupgrant", "referrals_sectionusergrant")


def granted_sql(row: str, *, level: str = "true") -> str:
    """SQL: the viewer holds a live grant, in a category still agreed, whose section (or case) is this row's."""
    parts = (
        f"EXISTS (SELECT 1 FROM {table} g WHERE {row} AND {mine} AND {level} AND {_LIVE} AND {_CATEGORY})"  # noqa: S608  # constants only
        for table, mine in zip(_TABLES, _MINE, strict=True)
    )
    return " OR ".join(parts)


MAY_WRITE = f"""
CREATE OR REPLACE FUNCTION app_may_write(section uuid) RETURNS boolean LANGUAGE plpgsql STABLE
SET search_path = public, pg_temp AS $$
BEGIN RETURN {granted_sql("g.content_object_id = section", level=_WRITE)}; END $$
"""
"""SQL: whether the viewer holds a live grant to write in this section."""


def section_wall(column: str, *, level: str = _IN_FULL) -> Wall:
    """The wall of a table whose rows stand in a section: whole rows to those who see it in full.

    Summary access opens a row only while summary fields are being read (`GuardedQuerySet.summaries`).
    """
    row = f"g.content_object_id = {{table}}.{column}"
    return Wall(
        read=granted_sql(row, level=level), write=f"app_may_write({{table}}.{column})", function=MAY_WRITE
    )


def new_reference(prefix: str) -> str:
    """A reference people can read over the telephone; it says nothing, not even how many there are."""
    letters = "".join(secrets.choice(REFERENCE_LETTERS) for _ in range(6))
    return f"{prefix}-{letters[:3]}-{letters[3:]}"


def grants_held(viewer: Viewer, *, summary: bool, **row: OuterRef) -> Q:
    """The first wall's condition: a live grant to the viewer's groups or to the viewer, in a category still agreed.

    What an emergency opened counts only for a viewer who reads.
    """
    opening = Q(may=GrantFacts.May.SEE, category__in=viewer.full)
    if summary:
        opening |= Q(may=GrantFacts.May.SEE_SUMMARY, category__in=viewer.summary)
    condition = opening & live() & Q(**row)
    personal = condition if viewer.sees_emergencies else condition & ~Q(basis=BASIS_EMERGENCY)
    return Q(Exists(SectionGroupGrant.objects.filter(condition, group__in=viewer.groups))) | Q(
        Exists(SectionUserGrant.objects.filter(personal, user=viewer.person))
    )


def held(viewer: Viewer, *, summary: bool, **row: str) -> Q:
    """`grants_held` on a column of the row, put together once for all that one request reads."""
    return worked_out_once(
        (held, viewer, summary, *row.items()),
        lambda: grants_held(
            viewer, summary=summary, **{name: OuterRef(column) for name, column in row.items()}
        ),
    )


class Numbered(models.Model):
    """Something people name by a reference over the telephone; drawn when it is first saved."""

    number = models.CharField(max_length=12, unique=True, editable=False)

    reference_prefix: ClassVar[str]

    class Meta:
        abstract = True

    def save(self, *args: Any, **kwargs: Any) -> None:
        if not self.number:
            self.number = new_reference(self.reference_prefix)
        super().save(*args, **kwargs)


class CaseFile(Numbered, ConfidentialModel):
    """What a county keeps about one child: one file, divided into sections. The file itself holds no fact.

    It is visible, as a number, to whoever holds a live grant on any of its sections.
    """

    county = models.ForeignKey(County, on_delete=models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True, blank=True)
    retained_until = models.DateField(null=True, blank=True)

    reference_prefix: ClassVar[str] = "CF"
    wall: ClassVar[Wall] = Wall(
        read=granted_sql("g.case_file_id = {table}.id"),
        write=granted_sql("g.case_file_id = {table}.id", level=_WRITE),
    )
    SUMMARY_FIELDS: ClassVar[tuple[str, ...]] = ("id", "number", "opened_at", "closed_at")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(closed_at__isnull=True) | Q(closed_at__gte=models.F("opened_at")),
                name="case_file_closes_after_it_opens",
            ),
        ]

    def __str__(self) -> str:
        return self.number

    @classmethod
    def visibility(cls, viewer: Viewer, *, summary: bool) -> Q:
        return held(viewer, summary=True, case_file="pk")


class FileSection(ConfidentialModel):
    """One part of a case file: the records of one category, or a private part of one.

    `custodian` names the agency whose own copy it is, `author` the one person it belongs to, `meeting` the meeting
    whose minutes it holds; `set_apart` the seal that a court once put on it: what is recorded later stands in a section
    of its own, as if this one had never been. guardian's grants stand on sections, nowhere else.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    category = models.CharField(max_length=4)
    custodian = models.ForeignKey(Agency, on_delete=models.PROTECT, null=True, blank=True, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )
    meeting = models.UUIDField(null=True, blank=True)
    set_apart = models.UUIDField(null=True, blank=True)
    opened_at = models.DateTimeField()

    is_section: ClassVar[bool] = True
    wall: ClassVar[Wall] = section_wall("id", level="true")

    class Meta:
        default_permissions = ()
        permissions = [(may.value, may.label) for may in GrantFacts.May]
        constraints = [
            models.UniqueConstraint(
                fields=["case_file", "category", "custodian", "author", "meeting", "set_apart"],
                name="one_section_of_a_kind_a_file",
                nulls_distinct=False,
            ),
        ]

    def __str__(self) -> str:
        return f"{self.case_file_id}/{self.category}"

    @classmethod
    def visibility(cls, viewer: Viewer, *, summary: bool) -> Q:
        return held(viewer, summary=summary, content_object="pk")


class SectionGroupGrant(GroupObjectPermissionBase, GrantFacts):
    """An agency may see, see a summary of, or write one section, on a named basis, until an end."""

    content_object = models.ForeignKey(FileSection, on_delete=models.CASCADE)
    case_file = models.ForeignKey(CaseFile, on_delete=models.CASCADE, related_name="+")

    objects = GroupGrantManager()
    wall: ClassVar[Wall] = Wall(
        read="{table}.group_id = ANY ((SELECT app_groups())::int[])",
        write="false",
        rights=("SELECT", "INSERT", "UPDATE", "DELETE"),
    )

    class Meta(GroupObjectPermissionBase.Meta):
        abstract = False
        indexes = [
            models.Index(
                fields=["group", "category", "may", "-sort_at", "-case_file"],
                include=["ends_at", "content_object"],
                name="group_grant_list",
            ),
            models.Index(
                fields=["content_object", "group"],
                include=["may", "category", "ends_at"],
                name="group_grant_of",
            ),
            models.Index(
                fields=["case_file", "group"], include=["may", "category", "ends_at"], name="group_grant_case"
            ),
        ]


class SectionUserGrant(UserObjectPermissionBase, GrantFacts):
    """One person may see or write one section: an author's own notes, a named restriction."""

    content_object = models.ForeignKey(FileSection, on_delete=models.CASCADE)
    case_file = models.ForeignKey(CaseFile, on_delete=models.CASCADE, related_name="+")

    objects = UserGrantManager()
    wall: ClassVar[Wall] = Wall(
        read="{table}.user_id = (SELECT app_viewer())",
        write="false",
        rights=("SELECT", "INSERT", "UPDATE", "DELETE"),
    )

    class Meta(UserObjectPermissionBase.Meta):
        abstract = False
        indexes = [
            models.Index(
                fields=["user", "category", "may", "-sort_at", "-case_file"],
                include=["ends_at", "content_object"],
                name="user_grant_list",
            ),
            models.Index(
                fields=["content_object", "user"],
                include=["may", "category", "ends_at"],
                name="user_grant_of",
            ),
            models.Index(
                fields=["case_file", "user"], include=["may", "category", "ends_at"], name="user_grant_case"
            ),
        ]


class SectionedModel(ConfidentialModel):
    """A record that stands in a section and is as visible as that section."""

    section = models.ForeignKey(FileSection, on_delete=models.PROTECT, related_name="+")

    wall: ClassVar[Wall] = section_wall("section_id")

    class Meta:
        abstract = True

    @classmethod
    def visibility(cls, viewer: Viewer, *, summary: bool) -> Q:
        return held(viewer, summary=summary, content_object="section")
