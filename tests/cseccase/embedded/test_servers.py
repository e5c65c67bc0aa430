from __future__ import annotations

import os

import pytest

from cseccase.embedded.folders import DataFolder
from cseccase.embedded.postgres import EmbeddedPostgres
from cseccase.embedded.roles import APP
from cseccase.embedded.servers import (
    AlreadyRunning,
    OwnerMissing,
    own_server_roles,
    servers_held,
    servers_shared,
)
from tests.cseccase.embedded.statements import addresses_forget, answer


def test_a_second_command_joins_the_servers_of_the_first(
    data: DataFolder, no_addresses: pytest.MonkeyPatch
) -> None:
    with servers_shared(data) as first:
        assert len(first.children) == 2
        addresses_forget(no_addresses)
        with servers_shared(data) as second:
            assert second.children == []
            assert answer(os.environ["DATABASE_URL"], "SELECT current_user") == APP
        assert all(child.running for child in first.children)
        children = first.children
    assert not any(child.running for child in children)


def test_the_product_does_not_start_over_a_command_that_holds_the_servers(
    data: DataFolder, no_addresses: pytest.MonkeyPatch
) -> None:
    with servers_shared(data):
        addresses_forget(no_addresses)
        with pytest.raises(AlreadyRunning, match="CSECCASE_DATA"), servers_held(data):
            pass
    addresses_forget(no_addresses)
    with servers_held(data) as servers:
        assert all(child.running for child in servers.children)


def test_given_addresses_start_no_server(data: DataFolder, no_addresses: pytest.MonkeyPatch) -> None:
    no_addresses.setenv("DATABASE_URL", "postgresql://cseccase_app@db.example/cseccase")
    no_addresses.setenv("REDIS_URL", "redis://queue.example/0")
    with servers_shared(data) as servers:
        assert servers.children == []
        assert os.environ["DATABASE_URL"] == "postgresql://cseccase_app@db.example/cseccase"
    assert list(data.path.iterdir()) == []


def test_an_administrators_address_becomes_the_two_roles_addresses(
    postgres: EmbeddedPostgres, data: DataFolder, no_addresses: pytest.MonkeyPatch
) -> None:
    no_addresses.setenv("DATABASE_URL", postgres.url())
    no_addresses.setenv("DATABASE_OWNER_URL", "")
    own_server_roles(data, required=True)
    assert answer(os.environ["DATABASE_URL"], "SELECT current_user") == APP
    assert answer(os.environ["DATABASE_OWNER_URL"], "SELECT current_user") == "cseccase_owner"


def test_the_applications_address_alone_cannot_change_tables(
    data: DataFolder, no_addresses: pytest.MonkeyPatch
) -> None:
    no_addresses.setenv("DATABASE_URL", f"postgresql://{APP}@db.example/cseccase")
    with pytest.raises(OwnerMissing, match="DATABASE_OWNER_URL"):
        own_server_roles(data, required=True)
    own_server_roles(data, required=False)
    assert "DATABASE_OWNER_URL" not in os.environ
