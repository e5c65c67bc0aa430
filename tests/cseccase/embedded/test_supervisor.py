from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import pytest

from cseccase.embedded.folders import DataFolder
from cseccase.embedded.supervisor import Place, PortTaken, port_check, secret_key

REPOSITORY = Path(__file__).resolve().parents[3]
PATIENCE = 120.0  # seconds


@pytest.fixture
def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def processes_of(data: DataFolder) -> list[int]:
    """Every process that names the folder, stands in it, or was started with it."""
    found, name = [], os.fsencode(data.path)
    for process in Path("/proc").glob("[0-9]*"):
        if int(process.name) == os.getpid():
            continue
        with suppress(OSError):
            words = (process / "cmdline").read_bytes() + (process / "environ").read_bytes()
            if name in words + os.fsencode(os.readlink(process / "cwd")):
                found.append(int(process.name))
    return found


def gone(data: DataFolder) -> bool:
    until = time.monotonic() + PATIENCE
    while processes_of(data) and time.monotonic() < until:
        time.sleep(0.1)
    return processes_of(data) == []


@contextmanager
def running(data: DataFolder, port: int) -> Iterator[subprocess.Popen[str]]:
    """The product on its own data, from the command line to READY."""
    environment = {name: value for name, value in os.environ.items() if not name.endswith("_URL")}
    environment |= {"CSECCASE_DATA": str(data.path), "DJANGO_SETTINGS_MODULE": "cseccase.settings.demo"}
    command = [sys.executable, str(REPOSITORY / "manage.py"), "up", "--no-demo", "--port", str(port)]
    product = subprocess.Popen(
        command, cwd="/", env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
    )
    try:
        assert product.stdout
        said = []
        for line in product.stdout:
            said.append(line)
            if line.startswith("READY"):
                break
        else:
            pytest.fail("The product did not become ready:\n" + "".join(said))
        yield product
    finally:
        product.kill()
        product.wait()


def test_a_taken_port_is_told_before_anything_starts(data: DataFolder, free_port: int) -> None:
    port_check(Place("127.0.0.1", free_port))
    with socket.socket() as other:
        other.bind(("127.0.0.1", free_port))
        other.listen()
        with pytest.raises(PortTaken, match=f"--port {free_port + 1}"):
            port_check(Place("127.0.0.1", free_port))
        environment = {**os.environ, "CSECCASE_DATA": str(data.path)}
        command = [sys.executable, "manage.py", "up", "--port", str(free_port)]
        refused = subprocess.run(command, cwd=REPOSITORY, env=environment, capture_output=True, text=True)
    assert refused.returncode == 1
    assert f"Port {free_port} on 127.0.0.1 cannot be used" in refused.stderr
    assert "Traceback" not in refused.stderr
    assert list(data.path.iterdir()) == []


def test_the_address_is_one_a_browser_on_this_machine_can_open() -> None:
    assert Place("0.0.0.0", 8000).address == "http://127.0.0.1:8000/"
    assert Place("::1", 8000).address == "http://[::1]:8000/"


def test_the_signing_key_is_made_once_and_kept_private(data: DataFolder) -> None:
    key = secret_key(data)
    assert len(key) >= 64
    assert secret_key(data) == key
    assert (data.secrets / "secret_key").stat().st_mode & 0o777 == 0o600


@pytest.mark.skipif(sys.platform != "linux", reason="the death signal is Linux's")
def test_the_product_serves_and_leaves_nothing_behind(data: DataFolder, free_port: int) -> None:
    with running(data, free_port) as product:
        with urllib.request.urlopen(f"http://127.0.0.1:{free_port}/healthz", timeout=30) as page:
            assert page.status == 200
        assert len(processes_of(data)) > 6
        product.kill()  # not even the chance to say goodbye
        product.wait()
        assert gone(data)
    with running(data, free_port) as product:  # the same data, after the crash
        product.send_signal(signal.SIGINT)
        assert product.wait(PATIENCE) == 0
        assert gone(data)
