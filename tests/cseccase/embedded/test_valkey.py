from __future__ import annotations

from kombu import Connection

from cseccase.embedded.folders import DataFolder
from cseccase.embedded.valkey import EmbeddedValkey


def test_a_queued_message_survives_a_restart(data: DataFolder) -> None:
    server = EmbeddedValkey(data)
    server.start()
    try:
        with Connection(server.url) as broker, broker.SimpleQueue("notices") as queue:
            queue.put({"id": 1})
        server.stop()
        server.start()
        with Connection(server.url) as broker, broker.SimpleQueue("notices") as queue:
            message = queue.get(timeout=5)
            assert message.payload == {"id": 1}
            message.ack()
    finally:
        server.stop()


def test_a_full_queue_refuses_rather_than_forgets(data: DataFolder) -> None:
    server = EmbeddedValkey(data)
    server.start()
    try:
        with Connection(server.url) as broker:
            settings = broker.default_channel.client.config_get("*")
        assert settings["maxmemory-policy"] == "noeviction"
        assert settings["appendonly"] == "yes"
        assert settings["port"] == "0"
    finally:
        server.stop()
