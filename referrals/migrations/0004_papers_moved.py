"""The papers of the former register move, with their history, into the table of their own kind; and back.

The former register held no elements of the law. What its kind implies (the order was an order, the choice was signed) is
carried over; what it does not say is marked so. A substance-use consent is not: 42 CFR 2.31 makes one without its
elements no consent, so a moved one opens nothing until it is recorded with them.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from django.db import migrations

UNSAID = "Not recorded before this register"
KINDS = {
    "CO": "CourtOrder",
    "ROI": "InformationRelease",
    "P2": "Part2Consent",
    "CFT": "TeamRelease",
    "youth": "YouthChoice",
    "NMD": "AdultConsent",
    "CASA": "CasaAppointment",
    "own-client": "Retainer",
    "need": "NeedToKnow",
    "827E": "CourtFileStanding",
    "827K": "CourtFileStanding",
    "827V": "CourtFileStanding",
    "priv": "PrivilegeWaiver",
    "seal": "SealedPurpose",
}
SHARED = ("id", "section_id", "case_file_id", "agency_id", "category", "since", "until", "revoked_at", "evidence")
HISTORY = ("history_id", "history_date", "history_change_reason", "history_type", "history_user_id")
CHOICES_OF_A_CHILD = frozenset({"r06", "r12", "r13", "r21", "r27"})


def kind_of(row: Any) -> str:
    """The new kind: a choice about the team's records was the consent that the law asks for at 18 (WIC 18964(c))."""
    if row.kind == "youth" and row.category not in CHOICES_OF_A_CHILD:
        return "NMD"
    return str(row.kind)


def elements(kind: str, row: Any) -> dict[str, Any]:
    day = row.since.date()
    court = {"court": UNSAID, "case_number": UNSAID}
    signed = {"signer": UNSAID, "capacity": "youth", "signed_on": day}
    return {
        "CO": {**court, "judge": UNSAID, "ordered_on": day, "terms_ordered": row.evidence, "part_2_findings": row.category == "r10"},
        "ROI": {**signed, "capacity": "guardian", "what": UNSAID, "purpose": UNSAID},
        "P2": {**signed, "program": UNSAID, "what": UNSAID, "purpose": UNSAID, "ends_upon": "" if row.until else UNSAID},
        "CFT": {**signed, "capacity": "guardian", "participant": UNSAID, "no_adoption_records": True},
        "youth": {"allows": UNSAID, "signed": True, "signed_on": day},
        "NMD": {"explained": UNSAID, "purpose": UNSAID, "in_writing": True, "signed_on": day},
        "CASA": {**court, "ordered_on": day, "advocate": UNSAID, "reads_records": True},
        "own-client": {"attorney": UNSAID, "began_on": day, "acts_for_youth": True},
        "need": {"task": "other", "purpose": row.evidence, "approved_at": row.since},
        "827E": {"paragraph": "E", "capacity": UNSAID, "case_number": UNSAID, "takes_part": True},
        "827K": {"paragraph": "K", "capacity": UNSAID},
        "827V": {"paragraph": "V", "capacity": UNSAID, "case_number": UNSAID},
        "priv": {**signed, "privilege": "1038", "what": UNSAID},
        "seal": {"authority": UNSAID, "purpose": row.evidence},
    }[kind]  # fmt: skip


def columns(row: Any) -> dict[str, Any]:
    kind = kind_of(row)
    values = {name: getattr(row, name) for name in SHARED}
    values |= {"recorded_by_id": row.recorded_by_id, "recorded_at": row.since} | elements(kind, row)
    if kind in {"need", "seal"} and row.until is None:
        values["until"] = row.since + timedelta(seconds=1)  # one without an end opened nothing, and opens nothing
    if row.revoked_at is not None:
        values["revoked_why"] = UNSAID
    return values


def history_of(apps: Any, name: str) -> Any:
    """The history of one kind of paper; its sealed words stand where its record's do."""
    history = apps.get_model("referrals", f"Historical{name}")
    history.instance_type = apps.get_model("referrals", name)
    return history


def forwards(apps: Any, schema_editor: Any) -> None:
    for row in apps.get_model("referrals", "Authorisation").objects.iterator():
        apps.get_model("referrals", KINDS[kind_of(row)]).objects.create(**columns(row))
    for row in apps.get_model("referrals", "HistoricalAuthorisation").objects.order_by("history_date").iterator():
        values = columns(row) | {name: getattr(row, name) for name in HISTORY}
        history_of(apps, KINDS[kind_of(row)]).objects.create(**values)
    _check_now(schema_editor)


def backwards(apps: Any, schema_editor: Any) -> None:
    for kind, name in KINDS.items():
        paragraph = {"paragraph": kind[-1]} if name == "CourtFileStanding" else {}
        for old, new, more in (
            ("", apps.get_model("referrals", name), ()),
            ("Historical", history_of(apps, name), HISTORY),
        ):
            back = apps.get_model("referrals", f"{old}Authorisation").objects
            rows = new.objects.filter(**paragraph)
            for row in rows.iterator():
                back.create(
                    kind="youth" if kind == "NMD" else kind,
                    recorded_by_id=row.recorded_by_id,
                    **{field: getattr(row, field) for field in (*SHARED, *more)},
                )
            rows.delete()
    _check_now(schema_editor)


def _check_now(schema_editor: Any) -> None:
    """Foreign keys are checked before tables change: PostgreSQL alters none that has checks waiting."""
    schema_editor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    schema_editor.execute("SET CONSTRAINTS ALL DEFERRED")


class Migration(migrations.Migration):
    dependencies = [("referrals", "0003_papers")]

    operations = [
        migrations.RunPython(forwards, backwards),
        migrations.DeleteModel(name="Authorisation"),
        migrations.DeleteModel(name="HistoricalAuthorisation"),
    ]
