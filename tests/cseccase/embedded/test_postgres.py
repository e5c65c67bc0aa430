from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path

import psycopg2
import pytest

from cseccase.embedded import postgres as module
from cseccase.embedded.children import ChildFailed, user_namespaces_work
from cseccase.embedded.folders import LONGEST_SOCKET_FOLDER, DataFolder, FolderRefused, private_folder
from cseccase.embedded.postgres import EmbeddedPostgres, PostgresMissing, find_binaries
from tests.cseccase.embedded.statements import answer, execute


def test_what_was_committed_survives_a_killed_server(data: DataFolder) -> None:
    server = EmbeddedPostgres(data)
    server.start()
    try:
        execute(server.url(), "CREATE TABLE kept AS SELECT 41 + 1 AS number")
        assert server.child
        server.child.process.kill()
        server.child.process.wait()
        with pytest.raises(psycopg2.OperationalError):
            psycopg2.connect(server.url())
        server.start()
        assert answer(server.url(), "SELECT number FROM kept") == 42
        assert answer(server.url(), "SHOW fsync") == "on"
    finally:
        server.stop()


def test_server_stops_while_clients_are_connected(postgres: EmbeddedPostgres) -> None:
    client = psycopg2.connect(postgres.url())
    assert postgres.child
    process = postgres.child.process
    postgres.stop()
    assert process.returncode == 0  # stopped of itself, not killed
    client.close()


def test_server_listens_on_no_network_and_its_folder_is_private(postgres: EmbeddedPostgres) -> None:
    assert answer(postgres.url(), "SHOW listen_addresses") == ""
    assert postgres.socket_folder.stat().st_mode & 0o777 == 0o700


def test_a_failed_statement_leaves_no_values_in_the_log(postgres: EmbeddedPostgres) -> None:
    execute(postgres.url(), "CREATE TABLE child (name text UNIQUE)")
    execute(postgres.url(), "INSERT INTO child VALUES ('Quillfeather')")
    with pytest.raises(psycopg2.errors.UniqueViolation, match="Quillfeather"):
        execute(postgres.url(), "INSERT INTO child VALUES ('Quillfeather')")
    assert postgres.child
    log = postgres.child.log.read_text()
    assert "Quillfeather" not in log


def test_an_interrupted_first_start_leaves_no_half_cluster(data: DataFolder) -> None:
    half = data.path / "postgres.new"
    half.mkdir()
    (half / "PG_VERSION").write_text("18\n")
    server = EmbeddedPostgres(data, throw_away=True)
    server.start()
    try:
        assert answer(server.url(), "SELECT 1") == 1
        assert not half.exists()
    finally:
        server.destroy()


def test_data_of_another_major_version_are_refused_and_untouched(data: DataFolder) -> None:
    cluster = private_folder(data.path / "postgres")
    (cluster / "PG_VERSION").write_text("9\n")
    with pytest.raises(ChildFailed, match="written by PostgreSQL 9"):
        EmbeddedPostgres(data).start()
    assert [file.name for file in cluster.iterdir()] == ["PG_VERSION"]


def test_a_folder_too_long_for_sockets_gets_a_short_private_one(data: DataFolder) -> None:
    deep = DataFolder(data.path / ("long" * 30))
    assert deep.sockets.parent == Path("/tmp")
    assert len(os.fsencode(deep.sockets)) <= LONGEST_SOCKET_FOLDER
    other = DataFolder(data.path / ("lone" * 30))
    assert deep.sockets != other.sockets
    other.sockets.rmdir()
    server = EmbeddedPostgres(deep, throw_away=True)
    server.start()
    try:
        assert answer(server.url(), "SELECT 1") == 1
    finally:
        server.destroy()
        shutil.rmtree(deep.sockets)


def test_a_link_in_the_place_of_a_private_folder_is_refused(data: DataFolder) -> None:
    target = data.path / "elsewhere"
    target.mkdir()
    (data.path / "run").symlink_to(target)
    with pytest.raises(FolderRefused, match="run"):
        _ = data.sockets
    (data.path / "run").unlink()
    assert data.sockets.is_dir()


def test_named_binaries_come_first_and_a_missing_server_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("postgres", "initdb"):
        (tmp_path / name).touch()
    monkeypatch.setenv("PG_BIN", str(tmp_path))
    assert find_binaries() == tmp_path
    monkeypatch.setattr(module, "binary_folders", lambda: iter([tmp_path / "nothing"]))
    with pytest.raises(PostgresMissing, match="DATABASE_URL"):
        find_binaries()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root must become somebody else")
def test_root_without_user_namespaces_runs_the_server_as_nobody(
    data: DataFolder, monkeypatch: pytest.MonkeyPatch
) -> None:
    home = Path(tempfile.mkdtemp(prefix="cseccase-nobody-"))
    home.chmod(0o755)
    monkeypatch.setattr(module, "NOBODYS_HOME", home)
    server = EmbeddedPostgres(data, throw_away=True, as_real_nobody=True)
    try:
        server.start()
        assert server.child
        status = Path(f"/proc/{server.child.process.pid}/status").read_text()
        assert "Uid:\t65534\t65534" in status
        assert answer(server.url(), "SELECT 1") == 1
        server.stop()
        server.start()  # its copy and its data are found again
        assert answer(server.url(), "SELECT 1") == 1
    finally:
        server.destroy()
        shutil.rmtree(home)


@pytest.mark.skipif(os.geteuid() != 0 or not user_namespaces_work(), reason="needs root and user namespaces")
def test_root_with_user_namespaces_keeps_its_folders_closed(postgres: EmbeddedPostgres) -> None:
    assert postgres.cluster.stat().st_uid == 0
    assert postgres.data.path.stat().st_mode & 0o777 == 0o700
