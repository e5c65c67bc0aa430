"""How the first migrations make their tables: all models are known before the first table is made."""

from __future__ import annotations

from typing import Any

from django.db import migrations


class MadeTogether(migrations.Migration):
    """A migration of new tables alone.

    Django renders every related model again after each operation; with a hundred tables of one house that is nearly
    all of the time that a new county's database takes. Here they are rendered once. An operation therefore meets the
    models as they are after the last one: right for new tables and their SQL, wrong for changes of tables that stand.
    """

    def apply(self, project_state: Any, schema_editor: Any, collect_sql: bool = False) -> Any:
        if collect_sql:  # `sqlmigrate` shows the statements of each operation apart
            return super().apply(project_state, schema_editor, collect_sql)
        before = project_state.clone()
        project_state.__dict__.pop("apps", None)
        for operation in self.operations:
            operation.state_forwards(self.app_label, project_state)
        for operation in self.operations:
            operation.database_forwards(self.app_label, schema_editor, before, project_state)
        return project_state
