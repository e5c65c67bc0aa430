"""Notes that only their author reads: a therapist's process notes, an advocate's privileged talks, counsel's workspace."""

from __future__ import annotations

from dataclasses import replace
from typing import ClassVar

from django.conf import settings
from django.db import models
from django.db.models import Q

from cseccase.confidentiality.viewer import Viewer
from cseccase.confidentiality.walls import Wall
from cseccase.encryption.fields import EncryptedTextField
from referrals.models.case_file import CaseFile, SectionedModel, section_wall

_SECTION = section_wall("section_id")
_MINE = "{table}.author_id = (SELECT app_viewer())"
LONGEST = 6000


class PrivateNote(SectionedModel):
    """What one person wrote down about a case for themselves (Evidence Code 954, 1014, 1035.4, 1038; 45 CFR 164.508(a)(2)).

    It stands in a section of its author, and beyond what opens that section it asks that the author is looking: a paper
    on file, a supervisor, an emergency and a meeting open it to nobody else. It is never changed and never deleted: a
    correction is a later note that `supersedes` it; `root` is the id of the first.
    """

    case_file = models.ForeignKey(CaseFile, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+")
    words = EncryptedTextField(max_length=LONGEST)
    written_at = models.DateTimeField()
    root = models.UUIDField()
    supersedes = models.OneToOneField(
        "self", on_delete=models.PROTECT, null=True, blank=True, related_name="+"
    )

    wall: ClassVar[Wall] = replace(
        _SECTION,
        read=f"{_MINE} AND ({_SECTION.read})",
        write=f"{_MINE} AND ({_SECTION.write})",
        rights=("SELECT", "INSERT"),
    )

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(words__blank=False), name="private_note_has_words"),
            models.CheckConstraint(
                condition=Q(supersedes__isnull=True, root=models.F("id"))
                | (Q(supersedes__isnull=False) & ~Q(root=models.F("id"))),
                name="private_note_root_is_the_first",
            ),
        ]
        indexes = [
            models.Index(fields=["author", "case_file", "-written_at"], name="private_notes_of_an_author"),
        ]

    def __str__(self) -> str:
        return str(self.pk)

    @classmethod
    def visibility(cls, viewer: Viewer, *, summary: bool) -> Q:
        return Q(author=viewer.person) & super().visibility(viewer, summary=summary)
