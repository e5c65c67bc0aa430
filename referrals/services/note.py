"""Writing notes that only their author reads. A correction is a later note; nothing is changed, nothing deleted."""

from __future__ import annotations

from datetime import datetime
from uuid import UUID

from django.db import transaction

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import RuleBroken
from referrals import policies
from referrals.models import CaseFile, PrivateNote
from referrals.models.note import LONGEST
from referrals.selectors.note import access_note
from referrals.services.sharing import SectionKey, section_to_write


@transaction.atomic
def note_write(*, viewer: Viewer, case_file: CaseFile, words: str, now: datetime) -> PrivateNote:
    """A new note of the viewer's own. Raises `NotAllowed` for whoever may keep none here, `RuleBroken` without words."""
    return _write(viewer, case_file, words, None, now)


@transaction.atomic
def note_correct(
    *, viewer: Viewer, case_file: CaseFile, note_id: UUID, words: str, now: datetime
) -> PrivateNote:
    """A later note in place of an earlier one, which stays. Raises `NotVisible`, `NotAllowed`, `RuleBroken`."""
    note = access_note(viewer=viewer, case_file=case_file, note_id=note_id, now=now)
    if not note.is_current:
        raise RuleBroken("This note was corrected already. Correct the newest version.")
    return _write(viewer, case_file, words, note.note, now)


def _write(
    viewer: Viewer, case_file: CaseFile, words: str, corrected: PrivateNote | None, now: datetime
) -> PrivateNote:
    category = policies.require_own_notes(viewer)
    if not words.strip():
        raise RuleBroken("Write the note.", field="words")
    if len(words.strip()) > LONGEST:
        raise RuleBroken(
            f"A note has at most {LONGEST} characters. Write the rest in another.", field="words"
        )
    key = SectionKey(category, custodian=viewer.agency, author=viewer.person)
    section = section_to_write(case_file=case_file, key=key, viewer=viewer, now=now)
    note = PrivateNote(
        section=section,
        case_file=case_file,
        author_id=viewer.person,
        words=words.strip(),
        written_at=now,
        supersedes=corrected,
    )
    note.root = corrected.root if corrected else note.pk
    note.save()
    record(
        Verb.NOTE_WRITTEN,
        viewer=viewer,
        at=now,
        subject_kind="private_note",
        subject=note.pk,
        case_file=case_file.pk,
        category=category,
    )
    return note
