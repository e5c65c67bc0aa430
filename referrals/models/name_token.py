"""The blind index of children's names and days of birth."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, ClassVar
from uuid import UUID

from django.db import models

from cseccase.confidentiality.context import acting_because
from cseccase.confidentiality.walls import ONLY_BECAUSE, Wall
from cseccase.encryption.tokens import tokens_of
from referrals.models.case_file import FileSection
from referrals.name_index import index_words


class ChildToken(models.Model):
    """One word of the index under which one child is found, as a token (cseccase.encryption.tokens).

    Nobody reads tokens but a search that says why, so the wall is one flag and costs a search nothing; `section`
    repeats the child's, for a search among the files of one agency.
    """

    pk = models.CompositePrimaryKey("token", "child")
    token = models.BigIntegerField()
    child = models.ForeignKey("referrals.Child", on_delete=models.CASCADE, related_name="+")
    section = models.ForeignKey(FileSection, on_delete=models.CASCADE, related_name="+", db_index=False)
    key = models.IntegerField(help_text="The number of the index key (cseccase.encryption.tokens).")

    wall: ClassVar[Wall] = ONLY_BECAUSE

    def __str__(self) -> str:
        return str(self.child_id)

    @classmethod
    def rewrite(
        cls,
        *,
        child: UUID,
        section: UUID,
        county: UUID,
        names: Iterable[str],
        born_on: date | None,
        is_new: bool,
    ) -> None:
        """Makes the index say of one child exactly what its names and day of birth say now."""
        key, wanted = tokens_of(index_words(list(names), born_on), scope=county)
        with acting_because("the index of names follows the child"):
            there: dict[int, int] = {}
            if not is_new:
                there = dict(cls.objects.filter(child=child).values_list("token", "key"))
            stale = there.keys() - wanted
            if stale:
                cls.objects.filter(child=child, token__in=stale).delete()
            rows: list[Any] = [
                cls(token=token, child_id=child, section_id=section, key=key)
                for token in wanted - there.keys()
            ]
            cls.objects.bulk_create(rows, ignore_conflicts=True)
