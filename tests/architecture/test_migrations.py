"""Migrations are named, in one line, reversible, and import nothing of the product."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from django.contrib.postgres.operations import CreateExtension
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.operations import CreateModel, RunPython, RunSQL

from cseccase.tables import MadeTogether

OURS = ("agencies", "referrals", "mdt", "reporting", "audit", "outbox", "drafts")
FILES = sorted(Path().glob("*/migrations/0*.py")) + sorted(Path().glob("cseccase/*/migrations/0*.py"))


@pytest.mark.parametrize("path", FILES, ids=str)
def test_a_migration_is_named_and_imports_nothing_of_the_product(path: Path) -> None:
    assert not re.search(r"_auto_\d+", path.stem)
    text = path.read_text(encoding="utf-8")
    imports = re.findall(r"^(?:from|import) (\S+)", text, re.MULTILINE)
    assert [name for name in imports if name.split(".")[0] in {"referrals", "mdt", "reporting"}] == [], (
        "write out what is needed"
    )


def test_each_app_has_one_first_and_one_last_migration() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for app in OURS:
        assert len(loader.graph.root_nodes(app)) <= 1, app
        assert len(loader.graph.leaf_nodes(app)) <= 1, app


def test_every_migration_can_be_undone() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    for (app, name), migration in loader.disk_migrations.items():
        if app in OURS:
            for operation in migration.operations:
                if isinstance(operation, (RunPython, RunSQL)):
                    assert operation.reversible, f"{app}.{name}"


def test_what_is_made_together_is_new_tables_and_their_sql_alone() -> None:
    loader = MigrationLoader(None, ignore_no_migrations=True)
    together = {key: one for key, one in loader.disk_migrations.items() if isinstance(one, MadeTogether)}
    assert {app for app, _ in together} == set(OURS)
    for key, migration in together.items():
        assert loader.graph.root_nodes(key[0]) == [key]
        others = [
            one for one in migration.operations if not isinstance(one, (CreateModel, CreateExtension, RunSQL))
        ]
        assert others == [], f"{key}: a change of a table that stands belongs in a migration of its own"
