"""A migration operation that seals columns which hold plain text, rows included, and opens them again on the way back.

Sealed values are worked out into a temporary table and put in place while PostgreSQL rewrites the table, so that
neither the new table file nor the new write-ahead log holds a plain value. What was written before stays in old logs
and old backups: destroy those.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any
from uuid import UUID

from django.db import models
from django.db.migrations.operations.base import Operation, OperationCategory
from psycopg2.extras import execute_values

from cseccase.encryption.seal import Place, seal, unseal

BATCH = 2_000
Convert = Callable[[Any, Place], Any]


class SealFields(Operation):
    """Plain columns of one model become sealed fields.

    `table` is the table whose places the values are bound to: the model's own, or for a history model its record's.
    `fields` are the sealed fields; what they were before is read from the migration's state.
    """

    category = OperationCategory.ALTERATION
    reduces_to_sql = False
    atomic = True

    def __init__(self, model_name: str, fields: Mapping[str, models.Field[Any, Any]], *, table: str) -> None:
        self.model_name, self.fields, self.table = model_name, dict(fields), table

    def deconstruct(self) -> Any:
        return type(self).__name__, [self.model_name, self.fields], {"table": self.table}

    def describe(self) -> str:
        return f"Seal {', '.join(self.fields)} of {self.model_name}"

    def state_forwards(self, app_label: str, state: Any) -> None:
        # Dozens of these follow one another, and none asks for a rendered model: rendering once, after the last, is enough.
        state.models[app_label, self.model_name.lower()].fields.update(
            {name: field.clone() for name, field in self.fields.items()}
        )
        state.__dict__.pop("apps", None)

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.models[app_label, self.model_name.lower()]
        self._rewrite(schema_editor, model, dict.fromkeys(self.fields, "bytea"), seal)

    def database_backwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        model = to_state.models[app_label, self.model_name.lower()]
        types = {name: model.fields[name].db_type(schema_editor.connection) for name in self.fields}
        self._rewrite(schema_editor, model, types, unseal)

    def _rewrite(self, editor: Any, model: Any, types: Mapping[str, str], convert: Convert) -> None:
        table = model.options.get("db_table") or f"{model.app_label}_{model.name_lower}"
        pk = next(name for name, field in model.fields.items() if field.primary_key)
        columns = list(types)
        with editor.connection.cursor() as cursor:
            cursor.execute(
                "CREATE TEMPORARY TABLE rewritten (row uuid, col text, value bytea, PRIMARY KEY (row, col)) ON COMMIT DROP"
            )
            for rows in _batches(cursor, table, pk, columns, plain=convert is seal):
                converted = [
                    (str(key), column, convert(bytes(value), Place(self.table, column, object_id)))
                    for key, object_id, *values in rows
                    for column, value in zip(columns, values, strict=True)
                    if value is not None
                ]
                if converted:
                    execute_values(cursor.cursor, "INSERT INTO rewritten VALUES %s", converted)
            cursor.execute(
                "CREATE FUNCTION pg_temp.rewritten_value(uuid, text) RETURNS bytea LANGUAGE sql STABLE AS "
                "'SELECT value FROM rewritten WHERE row = $1 AND col = $2'"
            )
            changes = [
                f'ALTER COLUMN "{column}" TYPE {kind} USING {_using(pk, column, kind)}'
                for column, kind in zip(columns, types.values(), strict=True)
            ]
            cursor.execute(f'ALTER TABLE "{table}" {", ".join(changes)}')
            cursor.execute("DROP FUNCTION pg_temp.rewritten_value(uuid, text)")
            cursor.execute("DROP TABLE rewritten")


def _using(pk: str, column: str, kind: str) -> str:
    found = f"pg_temp.rewritten_value(\"{pk}\", '{column}')"
    if kind == "bytea":
        return found
    text = f"convert_from({found}, 'UTF8')"
    return f"coalesce(nullif({text}, ''), '{{}}')::jsonb" if kind == "jsonb" else f"{text}::{kind}"


def _batches(cursor: Any, table: str, pk: str, columns: list[str], *, plain: bool) -> Iterator[list[Any]]:
    """Every row by key, a batch at a time: key, object id, and the values as bytes."""
    read = [f"convert_to(\"{c}\"::text, 'UTF8')" if plain else f'"{c}"' for c in columns]
    cursor.execute("SET LOCAL DateStyle = ISO")
    after: UUID | None = None
    while True:
        cursor.execute(
            f'SELECT "{pk}", "id", {", ".join(read)} FROM "{table}" '  # noqa: S608  # names of our own tables
            f'WHERE %s::uuid IS NULL OR "{pk}" > %s ORDER BY "{pk}" LIMIT {BATCH}',
            [after, after],
        )
        rows = cursor.fetchall()
        if not rows:
            return
        yield rows
        after = rows[-1][0]
