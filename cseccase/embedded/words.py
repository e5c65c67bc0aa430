"""The commands of `manage.py`: the words that are ours, and the way into Django's."""

from __future__ import annotations

import argparse
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import psycopg2

from cseccase.embedded import programs
from cseccase.embedded.deployment import GivenPasswords, secret_given, secrets_write
from cseccase.embedded.folders import DataFolder
from cseccase.embedded.refusals import StartRefused
from cseccase.embedded.roles import PasswordFiles, ensure_roles
from cseccase.embedded.servers import servers_shared
from cseccase.embedded.supervisor import Place, Supervisor, a_worker_answers, answers, secret_key
from cseccase.encryption.keyring import keyring_make

# Commands of Django that read no row: they start no server.
SERVERLESS = frozenset(
    (
        *("", "help", "--help", "-h", "version", "--version", "check", "collectstatic", "diffsettings"),
        *("compilemessages", "findstatic", "makemessages", "spectacular", "startapp"),
    )
)
# Commands that may be the first on a new folder: the tables are made for them.
NEED_TABLES = frozenset({"demo", "bench", "county"})


def run(repository: Path, argv: list[str]) -> int:
    """Does one command and returns the exit code; a refusal is one clear sentence, not a traceback."""
    word, rest = (argv[1], argv[2:]) if len(argv) > 1 else ("", [])
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "cseccase.settings.demo")
    signal.signal(signal.SIGTERM, _leave)
    ours: dict[str, Callable[[Path, list[str]], int]] = {
        "up": up,
        "test": test,
        "lint": lint,
        "serve": serve,
        "healthy": healthy,
        "secrets": make_secrets,
        "roles": make_roles,
    }
    try:
        if word in ours:
            return ours[word](repository, rest)
        return django(repository, argv)
    except (StartRefused, psycopg2.OperationalError) as refused:
        print(f"\n{str(refused).strip()}", file=sys.stderr)
        return 1
    except KeyboardInterrupt:
        return 130


def up(repository: Path, rest: list[str]) -> int:
    """From nothing to the running product."""
    parser = argparse.ArgumentParser(prog="manage.py up", description="Run the product on this machine.")
    parser.add_argument("--host", default="127.0.0.1", help="where to listen (default: this machine only)")
    parser.add_argument("--port", type=int, default=8000)
    parser.add_argument("--no-demo", action="store_true", help="leave an empty database empty")
    chosen = parser.parse_args(rest)
    place, data = Place(chosen.host, chosen.port), DataFolder.of(repository)
    os.chdir(repository)  # the programs find the product's packages there
    return Supervisor(repository, data, place, demo=not chosen.no_demo).run()


def test(repository: Path, rest: list[str]) -> int:
    """The tests on throw-away servers; everything but `--proof NAME` and `--full` goes to pytest."""
    parser = argparse.ArgumentParser(prog="manage.py test", add_help=False, allow_abbrev=False)
    parser.add_argument("--proof")
    parser.add_argument("--full", action="store_true")
    chosen, for_pytest = parser.parse_known_args(rest)
    if chosen.proof:
        os.environ["PROOF"] = chosen.proof
        os.environ["PROOF_FULL"] = "1" if chosen.full else ""
    elif chosen.full:
        parser.error("--full goes with --proof NAME")
    os.environ.pop("DJANGO_SETTINGS_MODULE")  # the tests have settings of their own
    os.chdir(repository)
    whole = ["-n", "auto", "--dist", "worksteal"] if not for_pytest and not chosen.proof else []
    os.execv(sys.executable, [sys.executable, "-m", "pytest", *whole, *for_pytest])


def lint(repository: Path, rest: list[str]) -> int:
    """Every check that needs no test: style, types, layers, templates, migrations, deployment settings."""
    tools = Path(sys.executable).parent
    templates = ["templates"]
    failed: list[str] = []
    keys = DataFolder.of(repository).secrets / "keyring-lint.json"
    keyring_make(keys)
    production = {
        "DJANGO_SETTINGS_MODULE": "cseccase.settings.production",
        "SECRET_KEY": "lint-only-" + "abcdefghijklmnopqrstuvwxyz0123456789" * 2,
        "ALLOWED_HOSTS": "county.example",
        "SITE_ADDRESS": "https://county.example",
        "DATABASE_URL": "postgresql://cseccase_app@/cseccase",
        "REDIS_URL": "redis://127.0.0.1:6379/0",
        "KEYRING_FILE": str(keys),
    }
    quiet = {**production, "PYTHONWARNINGS": "ignore:Got an error checking a consistent migration history"}
    django_command = [sys.executable, "-m", "django"]
    steps: list[tuple[list[str], dict[str, str]]] = [
        ([str(tools / "ruff"), "check", "."], {}),
        ([str(tools / "ruff"), "format", "--check", "."], {}),
        ([str(tools / "mypy")], {}),
        ([str(tools / "lint-imports")], {}),
        ([str(tools / "djlint"), *templates, "--lint", "--quiet"], {}),
        ([*django_command, "makemigrations", "--check", "--dry-run"], quiet),
        ([*django_command, "check", "--deploy", "--fail-level", "WARNING"], production),
    ]
    for command, settings in steps:
        shown = " ".join([Path(command[0]).name, *command[1:]])
        print(f"-- {shown}", flush=True)
        environment = {**os.environ, "PYTHONPATH": str(repository), **settings}
        if subprocess.run(command, cwd=repository, env=environment).returncode:
            failed.append(shown)
    verdict = f"{len(failed)} failed: {'; '.join(failed)}" if failed else f"all {len(steps)} checks passed"
    print(f"\nlint: {verdict}")
    return 1 if failed else 0


def serve(repository: Path, rest: list[str]) -> int:
    """One program of the product in the foreground, for containers and service managers."""
    parser = argparse.ArgumentParser(prog="manage.py serve", description="Run one program of the product.")
    parser.add_argument("program", choices=("web", "worker", "beat", "watch"))
    parser.add_argument("--bind", default="0.0.0.0:8000", help="for web: address and port")
    chosen = parser.parse_args(rest)
    data = DataFolder.of(repository)
    data.path.mkdir(mode=0o700, parents=True, exist_ok=True)
    command = {
        "web": programs.web(chosen.bind),
        "worker": programs.worker(),
        "beat": programs.beat(data.path / "celerybeat-schedule"),
        "watch": programs.watch(),
    }[chosen.program]
    os.chdir(repository)
    os.execv(command[0], command)


def healthy(repository: Path, rest: list[str]) -> int:
    """Whether the web server or the worker in this container answers (its health check)."""
    parser = argparse.ArgumentParser(prog="manage.py healthy")
    parser.add_argument("program", choices=("web", "worker"))
    parser.add_argument("--port", type=int, default=8000, help="of the web server")
    chosen = parser.parse_args(rest)
    if chosen.program == "worker":
        return 0 if a_worker_answers(secret_given("REDIS_URL"), name=f"celery@{socket.gethostname()}") else 1
    host = os.environ.get("ALLOWED_HOSTS", "").partition(",")[0]
    return 0 if answers(Place("127.0.0.1", chosen.port), named=host or None) else 1


def make_secrets(repository: Path, rest: list[str]) -> int:
    """The secret files that docker-compose.yml mounts, made once."""
    parser = argparse.ArgumentParser(
        prog="manage.py secrets", description="Make a deployment's secret files."
    )
    usual = DataFolder.of(repository).path / "deploy-secrets"
    parser.add_argument("folder", type=Path, nargs="?", default=usual)
    for line in secrets_write(parser.parse_args(rest).folder):
        print(line)
    return 0


def make_roles(repository: Path, rest: list[str]) -> int:
    """The two database roles on a server of your own, made as the administrator of `DATABASE_ADMIN_URL`."""
    admin = secret_given("DATABASE_ADMIN_URL")
    if not admin:
        print("Give an administrator's address in DATABASE_ADMIN_URL or its _FILE.", file=sys.stderr)
        return 2
    given = GivenPasswords.of_environment()
    ensure_roles(admin, passwords=given or PasswordFiles(DataFolder.of(repository).secrets))
    print("The roles cseccase_owner and cseccase_app are there.")
    return 0


def django(repository: Path, argv: list[str]) -> int:
    """A management command of Django or of the product."""
    from django.core.management import call_command, execute_from_command_line

    word = argv[1] if len(argv) > 1 else ""
    if word in SERVERLESS or "--help" in argv or "-h" in argv:
        execute_from_command_line(argv)
        return 0
    data = DataFolder.of(repository)
    with servers_shared(data) as servers:
        if servers.postgres and not secret_given("SECRET_KEY"):
            os.environ["SECRET_KEY"] = secret_key(data)  # what `up` signs with: the log's seals are under it
        if word in NEED_TABLES and servers.postgres:
            import django as framework

            framework.setup()
            call_command("migrate", verbosity=0)
        execute_from_command_line(argv)
    return 0


def _leave(number: int, frame: object) -> None:
    sys.exit(128 + number)
