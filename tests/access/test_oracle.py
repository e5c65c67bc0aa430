"""The proofs' own reading of the policy stays independent, and the product ships the very same table."""

from __future__ import annotations

import ast
from pathlib import Path

from tests.access.oracle import POLICY_FILE, policy_read

FORBIDDEN = ("agencies", "cseccase", "referrals", "mdt", "reporting", "django")


def test_the_product_ships_the_policy_that_the_proofs_read() -> None:
    shipped = Path("agencies/disclosure/default_matrix.csv").read_text(encoding="utf-8")
    assert shipped == POLICY_FILE.read_text(encoding="utf-8"), (
        "a change of the agreement is made in both, on purpose"
    )


def test_the_policy_has_an_answer_for_every_category_and_role() -> None:
    policy = policy_read()
    assert len(policy) == 28 * 17
    assert {letter for letter, _ in policy.values()} == {"S", "Σ", "A", "N"}


def test_the_oracle_asks_nothing_of_the_code_that_it_judges() -> None:
    tree = ast.parse(Path("tests/access/oracle.py").read_text(encoding="utf-8"))
    imported = {
        name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for name in (
            [alias.name for alias in node.names] if isinstance(node, ast.Import) else [node.module or ""]
        )
    }
    assert not [name for name in imported if name.split(".")[0] in FORBIDDEN]
