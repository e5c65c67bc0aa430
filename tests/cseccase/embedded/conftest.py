"""Servers of a test's own: started here, gone afterwards."""

from __future__ import annotations

import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from cseccase.embedded.folders import DataFolder
from cseccase.embedded.postgres import EmbeddedPostgres
from tests.cseccase.embedded.statements import addresses_forget


@pytest.fixture
def data() -> Iterator[DataFolder]:
    """An empty data folder with a path short enough for sockets."""
    folder = Path(tempfile.mkdtemp(prefix="cseccase-own-"))
    yield DataFolder(folder)
    shutil.rmtree(folder)


@pytest.fixture
def postgres(data: DataFolder) -> Iterator[EmbeddedPostgres]:
    server = EmbeddedPostgres(data, throw_away=True)
    server.start()
    yield server
    server.destroy()


@pytest.fixture
def no_addresses(monkeypatch: pytest.MonkeyPatch) -> pytest.MonkeyPatch:
    """An environment that names no server, as on a bare machine."""
    addresses_forget(monkeypatch)
    return monkeypatch
