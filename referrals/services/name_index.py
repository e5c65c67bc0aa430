"""Keeping the blind index whole: after a migration, and under a new index key. The owner of the tables runs both."""

from __future__ import annotations

from collections.abc import Iterator

from django.db import transaction
from django.db.models import Exists, OuterRef

from cseccase.encryption.keyring import keyring
from cseccase.encryption.tokens import index_key_number
from referrals.models import Child, ChildToken

BATCH = 500
BECAUSE = "the index of names is rebuilt"


def index_fill() -> int:
    """Writes the index of every child that has none under the current index key; returns how many were written.

    Each child changes from its old tokens to its new ones in one transaction, and a search asks under every index key,
    so nobody is missed meanwhile. May be stopped and started again.
    """
    key = index_key_number(keyring().index.current)
    held = ChildToken.objects.filter(child=OuterRef("pk"), key=key)
    written = 0
    for batch in _batches(held):
        for child in batch:
            with transaction.atomic():
                locked = Child.objects.unrestricted(because=BECAUSE).select_for_update(
                    no_key=True, of=("self",)
                )
                locked.select_related("case_file").get(pk=child.pk).index_rewrite()
        written += len(batch)
    return written


def _batches(held: object) -> Iterator[list[Child]]:
    rows = Child.objects.unrestricted(because=BECAUSE).filter(~Exists(held)).order_by("pk")  # type: ignore[arg-type]
    after = None
    while True:
        batch = list((rows.filter(pk__gt=after) if after else rows)[:BATCH])
        if not batch:
            return
        yield batch
        after = batch[-1].pk
