"""Puts up the second wall: PostgreSQL row-level security and the rights of the application role.

Run after every `migrate`, from the models themselves, so that no table can be forgotten: the application role gets its
rights on a table in the same transaction as the table's policies, and not before. A table without rights is closed.
Why not in migrations: `docs/decisions/0002-walls-after-migrate.md`.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper

from cseccase.confidentiality import history_walls
from cseccase.confidentiality.walls import BECAUSE, Wall

FUNCTIONS = """
CREATE OR REPLACE FUNCTION app_because() RETURNS boolean LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN nullif(current_setting('app.because', true), '') IS NOT NULL; END $$;
CREATE OR REPLACE FUNCTION app_viewer() RETURNS uuid LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN nullif(current_setting('app.viewer', true), '')::uuid; END $$;
CREATE OR REPLACE FUNCTION app_groups() RETURNS int[] LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN coalesce(string_to_array(nullif(current_setting('app.groups', true), ''), ','), '{}')::int[]; END $$;
CREATE OR REPLACE FUNCTION app_full() RETURNS text[] LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN coalesce(string_to_array(nullif(current_setting('app.full', true), ''), ','), '{}'); END $$;
CREATE OR REPLACE FUNCTION app_summary() RETURNS text[] LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN coalesce(string_to_array(nullif(current_setting('app.summary', true), ''), ','), '{}'); END $$;
CREATE OR REPLACE FUNCTION app_summarising() RETURNS boolean LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN coalesce(current_setting('app.reading', true), '') = 'summary'; END $$;
CREATE OR REPLACE FUNCTION app_emergency() RETURNS boolean LANGUAGE plpgsql STABLE AS
$$ BEGIN RETURN nullif(current_setting('app.emergency', true), '') IS NOT NULL; END $$;
CREATE OR REPLACE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'This record is append-only.' USING ERRCODE = 'insufficient_privilege'; END $$;
"""
"""In PL/pgSQL: PostgreSQL would read and inline functions in SQL anew for every statement behind a wall, ten at a time."""

HISTORY_RIGHTS = ("SELECT", "INSERT")
OPEN_RIGHTS = ("SELECT", "INSERT", "UPDATE", "DELETE")
CLOSED_TABLES = frozenset({"guardian_groupobjectpermission", "guardian_userobjectpermission"})
READ_ONLY_TABLES = frozenset({"django_migrations", "auth_permission", "django_content_type"})


def walled_models() -> Iterator[tuple[type[models.Model], Wall]]:
    """Every concrete model with a wall, and the history table of each, with the wall of its record."""
    for model in apps.get_models(include_auto_created=True):
        wall: Wall | None = getattr(model, "wall", None)
        if wall is None and hasattr(model, "instance_type"):
            wall = getattr(model.instance_type, "wall", None)
            if wall is not None:
                wall = replace(wall, rights=HISTORY_RIGHTS)
        if wall is not None:
            yield model, wall


def policy_sql(table: str, wall: Wall, *, owner: str) -> list[str]:
    """The statements that wall one table in; running them twice changes nothing."""
    read = f"{BECAUSE} OR ({wall.read.format(table=table)})"
    write = f"{BECAUSE} OR ({wall.write.format(table=table)})"
    policies = (
        ("app_select", f"FOR SELECT USING ({read})"),
        ("app_insert", f"FOR INSERT WITH CHECK ({write})"),
        ("app_update", f"FOR UPDATE USING ({write}) WITH CHECK ({write})"),
        ("app_delete", f"FOR DELETE USING ({write})"),
        ("owner_all", f'TO "{owner}" USING (true) WITH CHECK (true)'),
    )
    statements = [
        f'ALTER TABLE "{table}" ENABLE ROW LEVEL SECURITY',
        f'ALTER TABLE "{table}" FORCE ROW LEVEL SECURITY',
    ]
    for name, body in policies:
        statements += [
            f'DROP POLICY IF EXISTS {name} ON "{table}"',
            f'CREATE POLICY {name} ON "{table}" {body}',
        ]
    return statements


def rights_sql(table: str, rights: tuple[str, ...], *, role: str) -> list[str]:
    """Exactly these rights on one table for the application role."""
    return [f'REVOKE ALL ON "{table}" FROM "{role}"', f'GRANT {", ".join(rights)} ON "{table}" TO "{role}"']


def never_emptied_sql(table: str) -> list[str]:
    """TRUNCATE refused by the table itself, for the owner too."""
    return [
        f'DROP TRIGGER IF EXISTS refuse_truncate ON "{table}"',
        f'CREATE TRIGGER refuse_truncate BEFORE TRUNCATE ON "{table}" '
        "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    ]


def append_only_sql(table: str) -> list[str]:
    """UPDATE and DELETE refused by the table itself, for the owner too."""
    return [
        f'DROP TRIGGER IF EXISTS refuse_change ON "{table}"',
        f'CREATE TRIGGER refuse_change BEFORE UPDATE OR DELETE ON "{table}" '
        "FOR EACH ROW EXECUTE FUNCTION refuse_change()",
    ]


def raise_walls(connection: BaseDatabaseWrapper) -> None:
    """Policies, rights and append-only triggers for every table there is, in one transaction."""
    role, owner = settings.DATABASE_APP_ROLE, connection.settings_dict["USER"]
    walls = {model._meta.db_table: wall for model, wall in walled_models()}
    append_only = {m._meta.db_table for m in apps.get_models() if getattr(m, "append_only", False)}
    never_emptied = append_only | {
        m._meta.db_table for m in apps.get_models() if hasattr(m, "history") or hasattr(m, "instance_type")
    }
    histories = {m._meta.db_table: m for m in apps.get_models() if hasattr(m, "history")}
    with transaction.atomic(using=connection.alias), connection.cursor() as cursor:
        cursor.execute(FUNCTIONS)
        cursor.execute(history_walls.FUNCTION)
        for function in sorted({wall.function for wall in walls.values()} - {""}):
            cursor.execute(function)
        for table in connection.introspection.table_names(cursor):
            if table in CLOSED_TABLES:
                continue
            statements: list[str] = []
            rights: tuple[str, ...] = OPEN_RIGHTS
            if table in walls:
                statements += policy_sql(table, walls[table], owner=owner)
                rights = walls[table].rights
            elif table in READ_ONLY_TABLES:
                rights = ("SELECT",)
            if table in append_only:
                statements += append_only_sql(table)
                rights = HISTORY_RIGHTS
            if table in never_emptied:
                statements += never_emptied_sql(table)
            if table in histories:
                statements += history_walls.history_kept_sql(histories[table], owner=owner, role=role)
            for statement in [*statements, *rights_sql(table, rights, role=role)]:
                cursor.execute(statement)


def after_migrate(sender: Any, using: str = "default", **kwargs: Any) -> None:
    """Signal receiver: the walls stand before the migrate command returns."""
    from django.db import connections

    raise_walls(connections[using])
