"""Reading one's own notes: nobody else learns that there are any."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from django.db.models import Exists, OuterRef, QuerySet

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals import policies
from referrals.models import CaseFile, PrivateNote

PAGE = 10
VERSIONS_LIMIT = 50


@dataclass(frozen=True, slots=True)
class NoteLine:
    """One note as its author reads it; `is_corrected` where it stands in place of an earlier one."""

    note: PrivateNote
    is_corrected: bool


@dataclass(frozen=True, slots=True)
class NoteList:
    """A page of one's own notes in one case, newest first."""

    lines: Sequence[NoteLine]
    page: int
    has_older: bool


@dataclass(frozen=True, slots=True)
class NotePage:
    """One note with what stood there before."""

    note: PrivateNote
    earlier: Sequence[PrivateNote]
    is_current: bool


def note_list(*, viewer: Viewer, case_file: CaseFile, now: datetime, page: int = 1) -> NoteList:
    """One's own notes as they stand now. Raises `NotAllowed` for whoever may keep none; the look is recorded."""
    policies.require_own_notes(viewer)
    page = max(page, 1)
    later = PrivateNote.objects.visible_to(viewer).filter(supersedes=OuterRef("pk"))
    rows = _notes(viewer, case_file).filter(~Exists(later)).order_by("-written_at", "-id")
    found = list(rows[(page - 1) * PAGE : page * PAGE + 1])
    _looked(viewer, case_file, None, now)
    lines = [NoteLine(row, row.supersedes_id is not None) for row in found[:PAGE]]
    return NoteList(lines, page, len(found) > PAGE)


def access_note(*, viewer: Viewer, case_file: CaseFile, note_id: UUID, now: datetime) -> NotePage:
    """The door to one note: its author's alone. Raises `NotVisible`, `NotAllowed`; the look is recorded."""
    policies.require_own_notes(viewer)
    note = _notes(viewer, case_file).filter(pk=note_id).first()
    if note is None:
        raise NotVisible
    _looked(viewer, case_file, note.pk, now)
    versions = list(
        _notes(viewer, case_file).filter(root=note.root).order_by("-written_at", "-id")[:VERSIONS_LIMIT]
    )
    return NotePage(
        note=note,
        earlier=[row for row in versions if row.written_at < note.written_at],
        is_current=not any(row.supersedes_id == note.pk for row in versions),
    )


def _notes(viewer: Viewer, case_file: CaseFile) -> QuerySet[PrivateNote]:
    return PrivateNote.objects.visible_to(viewer).filter(case_file=case_file)


def _looked(viewer: Viewer, case_file: CaseFile, note: UUID | None, now: datetime) -> None:
    record(
        Verb.NOTE_VIEWED,
        viewer=viewer,
        at=now,
        subject_kind="private_note",
        subject=note,
        case_file=case_file.pk,
        category=policies.note_category(viewer),
    )
