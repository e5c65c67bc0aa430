"""How PostgreSQL decides who may touch a row: the second wall, told from the same models as the first.

A wall is two SQL conditions over one row, `read` and `write`. `{table}` stands for the table's name. The functions
`app_viewer()`, `app_groups()`, `app_full()`, `app_summary()`, `app_emergency()` and `app_because()` give the transaction-local settings;
they are wrapped in sub-selects so that PostgreSQL asks each once a statement.
"""

from __future__ import annotations

from dataclasses import dataclass

BECAUSE = "(SELECT app_because())"
NOBODY = "false"


@dataclass(frozen=True, slots=True)
class Wall:
    """The row-level policy of one table, before the named reason that lifts it.

    `function` is a statement that makes what `write` calls. A condition of its own in every policy is planned anew with
    every statement, which took longer than writing the row; the plan of a function is kept.
    """

    read: str
    write: str
    rights: tuple[str, ...] = ("SELECT", "INSERT", "UPDATE")
    function: str = ""


ONLY_BECAUSE = Wall(read=NOBODY, write=NOBODY, rights=("SELECT", "INSERT", "UPDATE", "DELETE"))


def own(column: str) -> Wall:
    """Rows that belong to one person: a draft, a notice."""
    mine = f"{{table}}.{column} = (SELECT app_viewer())"
    return Wall(read=mine, write=mine, rights=("SELECT", "INSERT", "UPDATE", "DELETE"))
