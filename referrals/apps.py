from __future__ import annotations

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate

READ_IN_EMERGENCY = (
    "referrals:emergency",
    "referrals:case",
    "referrals:case_timeline",
    "referrals:case_reports",
    "referrals:status",
    "referrals:referral",
    "mdt:safety_plan",
)
"""Pages to read. Forms, lists, printing, the sharing page and the API stay shut to an emergency look."""


class ReferralsConfig(AppConfig):
    name = "referrals"

    def ready(self) -> None:
        """Hands inward to the floors below what only this floor knows: who leaves, who looks in an emergency, on what ground."""
        from agencies.selectors.inbox import ASKING
        from agencies.services.staff import LEAVING, RETURNING
        from agencies.viewers import HOLDS, READABLE
        from cseccase.audit.grounds import grounds_from
        from cseccase.drafts.kept import OPEN
        from referrals.selectors.case_file import records_open
        from referrals.selectors.emergency import emergencies_held
        from referrals.selectors.grounds import ground_of
        from referrals.selectors.oversight import calls_waiting
        from referrals.services.leaving import duties_give_back, grants_begin, grants_end

        LEAVING.extend((duties_give_back, grants_end))
        RETURNING.append(grants_begin)
        OPEN.append(records_open)
        if emergencies_held not in HOLDS:
            HOLDS.append(emergencies_held)
        ASKING["deadline"] = ("referrals:duty_acknowledge", calls_waiting)
        READABLE.update(READ_IN_EMERGENCY)
        grounds_from(ground_of)
        post_migrate.connect(index_after_migrate, dispatch_uid="index_names")

    def deadlines_trouble(self) -> list[str]:
        """Asked by the health page, which stands below and may not import this floor."""
        from referrals.services.watchmen import deadlines_trouble

        return [str(name) for name in deadlines_trouble()]

    def index_fill(self) -> int:
        """Asked by `manage.py keys reindex`, which stands below and may not import this floor."""
        from referrals.services.name_index import index_fill

        return index_fill()


def index_after_migrate(sender: AppConfig, using: str = "default", **kwargs: Any) -> None:
    """Children written before there was a blind index are found through it once `migrate` has returned.

    Waits for the last app, so that the walls stand; a database brought back to an earlier state is left alone.
    """
    if sender.label != "confidentiality":
        return
    from django.db import connections
    from django.db.migrations.executor import MigrationExecutor

    executor = MigrationExecutor(connections[using])
    if executor.migration_plan(executor.loader.graph.leaf_nodes()):
        return
    from referrals.services.name_index import index_fill

    index_fill()
