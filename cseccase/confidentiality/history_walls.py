"""PostgreSQL's own word that no confidential row changes without a version in its history, and that a version names who acts.

At the end of a transaction each changed row must have a version written in that same transaction that says the same. So
bulk writes, Django's base manager and plain SQL of the application leave history or do not happen. The owner is left out: a
migration says in its own name what it does.
"""

from __future__ import annotations

from typing import Any

from django.db import models

FUNCTION = """
CREATE OR REPLACE FUNCTION refuse_without_history() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path FROM CURRENT AS $$
DECLARE
  said jsonb := '{}';
  kept boolean;
BEGIN
  IF TG_OP = 'INSERT' THEN
    said := to_jsonb(NEW);
  ELSIF TG_OP = 'UPDATE' THEN
    IF to_jsonb(OLD) = to_jsonb(NEW) THEN RETURN NULL; END IF;
    SELECT jsonb_object_agg(key, value) INTO said FROM jsonb_each(to_jsonb(NEW))
    WHERE to_jsonb(OLD) -> key IS DISTINCT FROM value;
  END IF;
  EXECUTE format(
    'SELECT EXISTS (SELECT 1 FROM %I h WHERE h.id = $1 AND (h.history_type = ''-'') = $2 '
    'AND age(h.xmin) <= age(pg_current_xact_id()::xid) AND to_jsonb(h) @> $3)', TG_ARGV[0])
  INTO kept USING CASE WHEN TG_OP = 'DELETE' THEN OLD.id ELSE NEW.id END, TG_OP = 'DELETE', said - TG_ARGV[1]::text[];
  IF NOT kept THEN
    RAISE EXCEPTION 'A change in % would leave no history.', TG_TABLE_NAME
      USING ERRCODE = 'integrity_constraint_violation';
  END IF;
  RETURN NULL;
END $$;
"""


def history_kept_sql(model: Any, *, owner: str, role: str) -> list[str]:
    """The statements that tie one confidential table to its history; running them twice changes nothing."""
    table, history = model._meta.db_table, model.history.model._meta.db_table
    sealed = ",".join(field.column for field in model._meta.concrete_fields if not _is_plain(field))
    return [
        f'DROP TRIGGER IF EXISTS refuse_without_history ON "{table}"',
        f'CREATE CONSTRAINT TRIGGER refuse_without_history AFTER INSERT OR UPDATE OR DELETE ON "{table}" '
        f"DEFERRABLE INITIALLY DEFERRED FOR EACH ROW WHEN (session_user <> '{owner}') "
        f"EXECUTE FUNCTION refuse_without_history('{history}', '{{{sealed}}}')",
        f'DROP POLICY IF EXISTS app_acting ON "{history}"',
        f'CREATE POLICY app_acting ON "{history}" AS RESTRICTIVE FOR INSERT TO "{role}" WITH CHECK ('
        "history_user_id IS NOT DISTINCT FROM (SELECT app_viewer()) "
        "AND (history_user_id IS NOT NULL OR history_change_reason IS NOT NULL))",
    ]


def _is_plain(field: models.Field[Any, Any]) -> bool:
    """Whether the row and its version hold the same bytes; a field of our own may be encrypted anew in each."""
    return type(field).__module__.startswith("django.")
