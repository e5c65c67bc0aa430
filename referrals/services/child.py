"""Acts about who the child is."""

from __future__ import annotations

from datetime import datetime

from cseccase.audit.services import record
from cseccase.audit.verbs import Verb
from cseccase.confidentiality.viewer import Viewer
from cseccase.errors import NotVisible
from referrals.models import CaseFile, Child


def name_show(*, viewer: Viewer, case_file: CaseFile, now: datetime) -> str:
    """The child's full name, asked for on purpose. Raises `NotVisible` for those who may not know it."""
    child = Child.objects.visible_to(viewer).filter(case_file=case_file).first()
    if child is None:
        raise NotVisible
    record(
        Verb.NAME_SHOWN,
        viewer=viewer,
        at=now,
        subject_kind="child",
        subject=child.pk,
        case_file=case_file.pk,
        category="r01",
        facts={"fields": ["given_name", "family_name"]},
    )
    return child.full_name
