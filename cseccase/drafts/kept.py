"""A form that could not be let through: kept sealed until the same person has shown again who they are.

A form sent after the session ended, or before the proof that an act asks for, is written down here, and given back on a
page of its own. It is sealed with a key made from the installation's secret and bound to its author, so that neither a
copy of the table nor the next person at the same screen reads it. Files and passwords are never kept.
"""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit
from uuid import UUID

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.kdf.hkdf import HKDF
from django.conf import settings
from django.urls import Resolver404, resolve

from cseccase.confidentiality.context import viewing_as
from cseccase.confidentiality.viewer import Viewer
from cseccase.drafts.models import KeptForm
from cseccase.errors import NotVisible

KEPT_FOR = timedelta(hours=12)
MOST_KEPT = 10
MOST_LETTERS = 400_000
NONCE = 12
FIELD = "kept_form"
"""The name under which the page of a kept form sends its id along, so that it is forgotten once it was let through."""
NEVER = frozenset({"csrfmiddlewaretoken", FIELD})


OPEN: list[Callable[[Viewer, Mapping[str, Any]], bool]] = []
"""What the floors above say of the records that a form's path names: false where its author may not know of one any more."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A form as it was sent: the path it was sent to, the page it stood on, and the answers in their order."""

    path: str
    page: str
    answers: dict[str, list[str]]
    had_files: bool = False


def form_keep(*, viewer: Viewer, kept: Kept, now: datetime) -> UUID | None:
    """Seals a form for its author. None when it is longer than anybody types, or holds nothing."""
    answers = {
        name: values
        for name, values in kept.answers.items()
        if name not in NEVER and "password" not in name.lower()
    }
    letters = json.dumps([kept.path, kept.page, answers, kept.had_files])
    if not answers or len(letters) > MOST_LETTERS:
        return None
    row = KeptForm.objects.create(
        author_id=viewer.person, sealed=_seal(letters, viewer.person), kept_at=now, ends_at=now + KEPT_FOR
    )
    mine = KeptForm.objects.filter(author_id=viewer.person).order_by("-kept_at", "-pk")
    KeptForm.objects.filter(pk__in=list(mine.values_list("pk", flat=True)[MOST_KEPT:])).delete()
    return row.pk


def form_kept(*, viewer: Viewer, kept_id: UUID, now: datetime) -> Kept:
    """This person's kept form.

    Raises NotVisible for anybody else's, an old one, one sealed under another secret, and one about a record that has been
    closed to its author since: a form may hold what they read there.
    """
    row = KeptForm.objects.filter(pk=kept_id, author_id=viewer.person, ends_at__gt=now).first()
    if row is None:
        raise NotVisible
    try:
        path, page, answers, had_files = json.loads(_open(bytes(row.sealed), viewer.person))
    except InvalidTag as error:
        raise NotVisible from error
    if not all(is_open(viewer, _named_in(path)) for is_open in OPEN):
        raise NotVisible
    return Kept(path, page, answers, had_files)


def _named_in(path: str) -> dict[str, Any]:
    try:
        return resolve(urlsplit(path).path).kwargs
    except Resolver404:
        return {}


def newest_kept(*, viewer: Viewer, now: datetime) -> UUID | None:
    """The form this person sent last and that was not let through."""
    mine = KeptForm.objects.filter(author_id=viewer.person, ends_at__gt=now).order_by("-kept_at")
    return mine.values_list("pk", flat=True).first()


def form_forget(*, viewer: Viewer, kept_id: UUID) -> None:
    """It went through, or its author does not want it any more."""
    KeptForm.objects.filter(pk=kept_id, author_id=viewer.person).delete()


def forms_forget_old(*, now: datetime) -> int:
    """Forms that nobody came back for within twelve hours are gone for good. Returns how many."""
    with viewing_as(None, because="forms whose time is over are forgotten"):
        gone, _ = KeptForm.objects.filter(ends_at__lte=now).delete()
    return gone


def answers_of(lists: Mapping[str, list[str]]) -> dict[str, list[str]]:
    """A form's answers as plain words."""
    return {str(name): [str(value) for value in values] for name, values in lists.items()}


def _key() -> AESGCM:
    made = HKDF(SHA256(), length=32, salt=None, info=b"cseccase kept forms 1")
    return AESGCM(made.derive(settings.SECRET_KEY.encode()))


def _seal(letters: str, author: UUID) -> bytes:
    nonce = os.urandom(NONCE)
    return nonce + _key().encrypt(nonce, letters.encode(), author.bytes)


def _open(sealed: bytes, author: UUID) -> bytes:
    return _key().decrypt(sealed[:NONCE], sealed[NONCE:], author.bytes)
