"""Nothing legal waits in a task queue, and nothing leaves the house but through the outbox's relay."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.architecture.test_habits import SOURCES

LONGEST_COUNTDOWN = 60  # seconds
PUBLISHING = {"apply_async", "delay", "send_task"}
MAILING = {
    "send_mail",
    "send_mass_mail",
    "mail_admins",
    "mail_managers",
    "EmailMessage",
    "EmailMultiAlternatives",
}
MAY_WAKE = {Path("reporting/services/report.py")}
"""A person waits for a count: the worker is woken at once, and beat's next round finds the order in its table anyway."""
MAY_MAIL = {Path("cseccase/outbox/services.py")}
CELERY = "celery"


def faults(source: str, path: Path) -> Iterator[str]:
    """Every call that would put a moment, a task or a message where a crash or a flush can lose it."""
    tree = ast.parse(source)
    tasks = {alias.asname or alias.name for node in ast.walk(tree) for alias in _imported(node, CELERY)}
    for node in ast.walk(tree):
        if path not in MAY_MAIL:
            for alias in _imported(node, "django.core.mail"):
                yield f"imports {alias.name} of Django's mail"
        if isinstance(node, ast.Call):
            yield from _timed(node)
            yield from _sent(_name(node.func), tasks, path)


def _timed(call: ast.Call) -> Iterator[str]:
    for keyword in call.keywords:
        if keyword.arg == "eta":
            yield f"line {call.lineno}: eta="
        if keyword.arg == "countdown" and not _short(keyword.value):
            yield f"line {call.lineno}: countdown= that is not a number up to {LONGEST_COUNTDOWN}"


def _sent(name: str, tasks: set[str], path: Path) -> Iterator[str]:
    if (name in PUBLISHING and path not in MAY_WAKE) or name in {
        "signature",
        "chain",
        "group",
        "chord",
    } & tasks:
        yield f"{name}() publishes: beat alone does, from its schedule in the settings"
    if name in MAILING and path not in MAY_MAIL:
        yield f"{name}() sends beside the outbox"


def _imported(node: ast.AST, package: str) -> list[ast.alias]:
    if isinstance(node, ast.ImportFrom) and node.module and _within(node.module, package):
        return node.names
    if isinstance(node, ast.Import):
        return [alias for alias in node.names if _within(alias.name, package)]
    return []


def _within(module: str, package: str) -> bool:
    return module == package or module.startswith(f"{package}.")


def _name(called: ast.expr) -> str:
    if isinstance(called, ast.Attribute):
        return called.attr
    return called.id if isinstance(called, ast.Name) else ""


def _short(value: ast.expr) -> bool:
    return (
        isinstance(value, ast.Constant)
        and isinstance(value.value, int | float)
        and value.value <= LONGEST_COUNTDOWN
    )


@pytest.mark.parametrize("path", SOURCES, ids=str)
def test_nothing_is_published_timed_or_mailed_beside_the_outbox(path: Path) -> None:
    assert list(faults(path.read_text(encoding="utf-8"), path)) == []


@pytest.mark.parametrize(
    "line",
    [
        "deadlines_sweep.apply_async(eta=due_at)",
        "remind.apply_async((pk,), countdown=61)",
        "task(countdown=seconds)",
        "deadlines_sweep.delay()",
        "app.send_task('referrals.tasks.deadlines_sweep')",
        "from celery import chain\nchain(one, two)()",
        "from django.core.mail import send_mail",
        "import django.core.mail",
        "mail.EmailMessage('subject', 'body').send()",
        "send_mail('subject', 'body', None, [address])",
    ],
)
def test_the_lint_sees(line: str) -> None:
    assert list(faults(line, Path("referrals/services/example.py"))) != []


@pytest.mark.parametrize("line", ["task(countdown=60)", "moment.delayed()", "rows.delete()"])
def test_the_lint_lets_pass(line: str) -> None:
    assert list(faults(line, Path("referrals/services/example.py"))) == []


def test_the_relay_alone_may_mail() -> None:
    line = "from django.core.mail import EmailMessage\nEmailMessage().send()"
    assert list(faults(line, Path("cseccase/outbox/services.py"))) == []
    assert list(faults(line, Path("agencies/services/staff.py"))) != []
