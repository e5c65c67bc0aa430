"""No confidential row changes without a version in its history, however it is written; and every version says who acted."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextvars import copy_context
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from django.apps import apps
from django.db import IntegrityError, ProgrammingError, connection, transaction
from simple_history.utils import bulk_create_with_history, bulk_update_with_history

from agencies.choices import Role
from cseccase.confidentiality.context import acting_because, viewing_as
from cseccase.confidentiality.models import ConfidentialModel
from cseccase.confidentiality.querysets import VisibilityUndecided, framework_internals
from cseccase.encryption.fields import SealedFieldRefused
from referrals.models import CaseFile, Child, FileSection, Reporter
from tests.worlds import World, county_make, referral_make

pytestmark = pytest.mark.django_db
WHY = "a job of the night"


@pytest.fixture
def world() -> World:
    return county_make()


@pytest.fixture
def child(world: World) -> Child:
    referral = referral_make(world)
    settled()
    with acting_because(WHY):
        return Child.objects.unrestricted(because=WHY).get(case_file=referral.case_file_id)


def settled() -> None:
    """What PostgreSQL asks at the end of a transaction, asked now."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("SET CONSTRAINTS ALL DEFERRED")


def versions(child: Child) -> list[Any]:
    with acting_because(WHY):
        return list(Child.history.unrestricted(because=WHY).filter(id=child.pk).order_by("history_date"))


def sql(statement: str, *values: object) -> None:
    with connection.cursor() as cursor:
        cursor.execute(statement, values)
        assert cursor.rowcount == 1


WAYS: dict[str, Callable[[Child], object]] = {
    "update": lambda child: Child.objects.filter(pk=child.pk).update(age_said=9),
    "base manager": lambda child: Child._base_manager.filter(pk=child.pk).update(age_said=9),
    "bulk_update": lambda child: Child.objects.bulk_update([_reckoned(child)], ["age_said"]),
    "bulk_create": lambda child: Reporter.objects.bulk_create(
        [Reporter(section_id=child.section_id, referral=uuid4(), name_or_role="x")]
    ),
    "raw delete": lambda child: Child._base_manager.filter(pk=child.pk)._raw_delete("default"),
    "save_base raw": lambda child: _reckoned(child).save_base(raw=True),
    "plain UPDATE": lambda child: sql("UPDATE referrals_child SET age_said = 9 WHERE id = %s", child.pk),
    "plain DELETE": lambda child: sql("DELETE FROM referrals_child WHERE id = %s", child.pk),
    "plain INSERT": lambda child: sql(
        "INSERT INTO referrals_casefile (id, county_id, number, opened_at) "
        "SELECT gen_random_uuid(), county_id, 'X', opened_at FROM referrals_casefile WHERE id = %s",
        child.case_file_id,
    ),
}


def _reckoned(child: Child) -> Child:
    child.age_said = 9
    return child


@pytest.mark.parametrize("way", WAYS)
def test_a_write_that_leaves_no_history_is_refused_at_the_end_of_its_transaction(
    child: Child, way: str
) -> None:
    with (  # noqa: PT012  # what is refused is the end of the block
        pytest.raises(
            (IntegrityError, ProgrammingError, SealedFieldRefused),
            match=r"leave no history|permission denied|is encrypted",
        ),
        transaction.atomic(),
        acting_because(WHY),
        framework_internals(),
    ):
        WAYS[way](child)
        settled()
    assert len(versions(child)) == 1


@pytest.mark.parametrize("verb", ["aupdate", "abulk_create", "abulk_update"])
def test_the_asynchronous_forms_are_refused_by_the_queryset_too(child: Child, verb: str) -> None:
    rows = Child.objects.unrestricted(because=WHY)
    calls: dict[str, Callable[[], Any]] = {
        "aupdate": lambda: rows.aupdate(age_said=9),
        "abulk_create": lambda: rows.abulk_create([]),
        "abulk_update": lambda: rows.abulk_update([], ["age_said"]),
    }

    async def written() -> None:
        await calls[verb]()

    # In a thread of its own: a browser's driver may run its loop in this one.
    with ThreadPoolExecutor(1) as beside, pytest.raises(VisibilityUndecided, match="history"):
        beside.submit(copy_context().run, asyncio.run, written()).result()


@pytest.mark.django_db(transaction=True)
def test_a_row_set_back_by_plain_sql_is_refused_though_an_older_version_said_the_same(child: Child) -> None:
    with acting_because(WHY):
        child.given_name = "Newer"
        child.save()
    back = "UPDATE referrals_child SET given_name = 'Jay' WHERE id = %s"
    with pytest.raises(IntegrityError, match="leave no history"), acting_because(WHY):
        sql(back, child.pk)
    assert [row.given_name for row in versions(child)] == ["Jay", "Newer"]


def test_bulk_writes_with_history_pass_and_name_the_person_or_the_reason(world: World, child: Child) -> None:
    viewer = world.viewer(Role.CHILD_WELFARE)
    with viewing_as(viewer), acting_because(WHY), framework_internals():
        bulk_update_with_history(
            [_reckoned(child)],
            Child,
            ["age_said"],
            manager=Child.objects,
            default_user=viewer.person,
            default_change_reason=WHY,
        )
        settled()
    last = versions(child)[-1]
    assert (last.age_said, last.history_user_id, last.history_type) == (9, viewer.person, "~")
    with acting_because(WHY), framework_internals():
        section = FileSection.objects.unrestricted(because=WHY).get(pk=child.section_id)
        made = bulk_create_with_history(
            [Reporter(section=section, referral=uuid4(), name_or_role="x")],
            Reporter,
            default_change_reason=WHY,
        )
        settled()
        version = Reporter.history.unrestricted(because=WHY).get(id=made[0].pk)
    assert (version.history_user_id, version.history_change_reason) == (None, WHY)


def test_the_application_deletes_no_record_and_empties_no_table() -> None:
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if issubclass(model, ConfidentialModel):
                for table in (model._meta.db_table, model.history.model._meta.db_table):
                    cursor.execute(
                        "SELECT has_table_privilege(%s, 'DELETE') OR has_table_privilege(%s, 'TRUNCATE')",
                        [table, table],
                    )
                    assert cursor.fetchone() == (False,), table


def test_a_worker_leaves_its_reason_and_a_worker_that_acts_for_somebody_leaves_the_name(
    world: World, child: Child
) -> None:
    viewer = world.viewer(Role.CHILD_WELFARE)
    child.given_name = "By nobody"
    with viewing_as(None, because=WHY):
        child.save()
        settled()
    child.given_name = "For somebody"
    with viewing_as(viewer, because=WHY):
        child.save()
        settled()
    assert [(row.history_user_id, row.history_change_reason) for row in versions(child)[1:]] == [
        (None, WHY),
        (viewer.person, WHY),
    ]


def test_a_version_in_another_persons_name_or_in_nobodys_without_a_reason_is_refused(
    world: World, child: Child
) -> None:
    other = world.viewer(Role.PROBATION).person
    viewer = world.viewer(Role.CHILD_WELFARE)
    for who, person, reason in ((viewer, other, WHY), (viewer, None, WHY), (None, None, None)):
        version = Child.history.model(
            **{f.attname: getattr(child, f.attname) for f in Child._meta.concrete_fields},
            history_id=uuid4(),
            history_date=datetime.now(UTC),
            history_type="~",
            history_change_reason=reason,
        )
        version.history_user_id = person
        with pytest.raises(ProgrammingError), viewing_as(who, because=WHY), framework_internals():
            version.save(force_insert=True)


def test_every_confidential_table_is_tied_to_its_history() -> None:
    confidential = {m._meta.db_table for m in apps.get_models() if issubclass(m, ConfidentialModel)}
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT tgrelid::regclass::text FROM pg_trigger "
            "WHERE tgname = 'refuse_without_history' AND tgenabled = 'O'"
        )
        assert {name for (name,) in cursor.fetchall()} == confidential
        cursor.execute("SELECT tablename FROM pg_policies WHERE policyname = 'app_acting'")
        histories = {
            m.history.model._meta.db_table for m in apps.get_models() if issubclass(m, ConfidentialModel)
        }
        assert {name for (name,) in cursor.fetchall()} == histories


def test_no_service_writes_past_the_guard() -> None:
    for package in ("cseccase", "agencies", "referrals", "mdt", "reporting"):
        for path in Path(package).rglob("*.py"):
            if "migrations" in path.parts or "bench" in path.parts:
                continue
            text = path.read_text(encoding="utf-8")
            assert not re.search(r"_base_manager|skip_history_when_saving|_raw_delete|save_base\(", text), (
                path
            )
            text = text.replace("INSERT INTO referrals_heartbeat ", "")  # a driver's pulse, about nobody
            assert not re.search(r"\b(INSERT INTO|UPDATE|DELETE FROM) (referrals|mdt)_", text), path


def test_the_case_file_itself_keeps_its_history(child: Child) -> None:
    with acting_because(WHY):
        case_file = CaseFile.objects.unrestricted(because=WHY).get(pk=child.case_file_id)
        case_file.closed_at = datetime.now(UTC)
        case_file.save(update_fields=["closed_at"])
        settled()
        assert CaseFile.history.unrestricted(because=WHY).filter(id=case_file.pk).count() == 2
