"""Every text, every day and every JSON of a confidential record is encrypted, or stands here with the reason why not."""

from __future__ import annotations

import pytest
from django.apps import apps
from django.db import models

from cseccase.confidentiality.rls import walled_models
from cseccase.encryption.fields import SealedField

WORDS = (
    models.CharField,
    models.TextField,
    models.JSONField,
    models.DateField,
    models.BinaryField,
    models.FileField,
)
PAPER_DAY = "the day a paper was signed or ordered, which names nobody"
NUMBER = "a random reference that people say on the telephone"
CODE = "a code of a closed list kept in the program"
CATEGORY = "a category of the disclosure matrix; walls and grants ask for it"
WORK_DAY = "a day of work or of a grid, which names nobody; queries ask for it"
PLAIN = {
    "referrals.CaseFile.number": NUMBER,
    "referrals.CaseFile.retained_until": WORK_DAY,
    "referrals.FileSection.category": CATEGORY,
    "referrals.SectionGroupGrant.category": CATEGORY,
    "referrals.SectionGroupGrant.basis": CODE,
    "referrals.SectionUserGrant.category": CATEGORY,
    "referrals.SectionUserGrant.basis": CODE,
    "referrals.Child.age_said_on": "the day somebody guessed an age; it is no birthday",
    "referrals.Deadline.rule": CODE,
    "referrals.Deadline.rulebook": "the version of the rules",
    "referrals.Deadline.owed_to": CODE,
    "referrals.DeadlineStage.name": CODE,
    "referrals.CaseEvent.kind": CODE,
    "referrals.CaseEvent.codes": "the few codes and ids of an event that counts ask for",
    "referrals.Referral.number": NUMBER,
    "referrals.SpecialProjectCode.code": CODE,
    "referrals.SpecialProjectCode.started_on": WORK_DAY,
    "referrals.SpecialProjectCode.ended_on": WORK_DAY,
    "referrals.StatusField.code": CODE,
    "referrals.StatusField.started_on": WORK_DAY,
    "referrals.StatusField.ended_on": WORK_DAY,
    "referrals.CourtOrder.category": CATEGORY,
    "referrals.CourtOrder.ordered_on": PAPER_DAY,
    "referrals.SectionSeal.ordered_on": PAPER_DAY,
    "referrals.SectionSeal.lifted_ordered_on": PAPER_DAY,
    "referrals.InformationRelease.category": CATEGORY,
    "referrals.InformationRelease.signed_on": PAPER_DAY,
    "referrals.Part2Consent.category": CATEGORY,
    "referrals.Part2Consent.signed_on": PAPER_DAY,
    "referrals.TeamRelease.category": CATEGORY,
    "referrals.TeamRelease.signed_on": PAPER_DAY,
    "referrals.YouthChoice.category": CATEGORY,
    "referrals.YouthChoice.signed_on": PAPER_DAY,
    "referrals.AdultConsent.category": CATEGORY,
    "referrals.AdultConsent.signed_on": PAPER_DAY,
    "referrals.CasaAppointment.category": CATEGORY,
    "referrals.CasaAppointment.ordered_on": PAPER_DAY,
    "referrals.Retainer.category": CATEGORY,
    "referrals.Retainer.began_on": PAPER_DAY,
    "referrals.NeedToKnow.category": CATEGORY,
    "referrals.CourtFileStanding.category": CATEGORY,
    "referrals.PrivilegeWaiver.category": CATEGORY,
    "referrals.PrivilegeWaiver.privilege": CODE,
    "referrals.PrivilegeWaiver.signed_on": PAPER_DAY,
    "referrals.SealedPurpose.category": CATEGORY,
    "referrals.EmergencyLook.number": NUMBER,
    "referrals.DutyAcknowledgement.stage": CODE,
    "referrals.AccessRequest.number": NUMBER,
    "referrals.AccessRequest.category": CATEGORY,
    "drafts.KeptForm.sealed": "sealed by cseccase.drafts.kept for one person and an hour",
    "mdt.Meeting.number": NUMBER,
    "mdt.Meeting.briefing_version": "the version of a printed form",
    "mdt.Meeting.next_meeting_on": WORK_DAY,
    "mdt.ActionItem.due_on": WORK_DAY,
    "drafts.Draft.form": CODE,
    "agencies.Notice.stage": CODE,
    "agencies.PushDevice.fingerprint": "a keyed hash of a browser's address at its push service",
    "outbox.Message.key": "ids and a stage",
    "outbox.Message.problem": "the name of an exception",
    "outbox.Message.address": "whoever runs the product, from a setting",
    "outbox.Message.alarm": CODE,
    "audit.AccessEntry.person_name": "staff, not children",
    "audit.AccessEntry.agency_name": "staff, not children",
    "audit.AccessEntry.verb": CODE,
    "audit.AccessEntry.subject_kind": CODE,
    "audit.AccessSeal.leaves": "hashes",
    "audit.AccessSeal.previous": "a hash",
    "audit.AccessSeal.chain": "a hash",
    "audit.AccessSeal.key": "the name of a key",
    "audit.AccessSeal.signature": "a keyed hash",
    "reporting.HomeAddress.fingerprint": "a keyed hash of an address of staff",
    "reporting.LookReview.day": WORK_DAY,
    "audit.AccessEntry.category": CATEGORY,
    "audit.AccessEntry.basis": CODE,
    "audit.AccessEntry.facts": "ids, counts and field names, never values (cseccase.audit)",
    "reporting.ReportRun.content": "suppressed counts",
}  # fmt: skip
HISTORY = {"history_change_reason": "left empty by the product"}


def confidential_fields() -> dict[str, models.Field]:  # type: ignore[type-arg]
    """Everything in a walled table that could hold words, but for closed lists and moments."""
    found = {}
    for model, _ in walled_models():
        record = getattr(model, "instance_type", model)
        for field in model._meta.concrete_fields:
            moment = isinstance(field, models.DateTimeField)
            if isinstance(field, (*WORDS, SealedField)) and not (
                moment or field.choices or field.name in HISTORY
            ):
                if model is not record and field.name == "history_type":
                    continue
                found[f"{record._meta.label}.{field.name}" + ("" if model is record else " (history)")] = (
                    field
                )
    return found


@pytest.mark.parametrize("name", confidential_fields())
def test_a_confidential_text_is_encrypted_or_has_a_reason_not_to_be(name: str) -> None:
    field = confidential_fields()[name]
    listed = name.removesuffix(" (history)") in PLAIN
    assert isinstance(field, SealedField) != listed, (
        "encrypt it (cseccase.encryption.fields), or give the reason"
    )


def test_no_reason_is_left_over() -> None:
    known = confidential_fields()
    apps_here = {config.label for config in apps.get_app_configs()}
    assert {name for name in PLAIN if name.split(".")[0] in apps_here and name not in known} == set()


def test_nothing_in_history_is_written_as_a_reason_for_a_change() -> None:
    for model, _ in walled_models():
        if hasattr(model, "instance_type"):
            assert model._meta.get_field("history_change_reason").null
