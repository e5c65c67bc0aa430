"""The committed description of the API is the API's own."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from drf_spectacular.generators import SchemaGenerator

from cseccase.api.views import HouseApi
from tests.access.routes import every_route

COMMITTED = Path("docs/openapi.json")


def every_view(kind: type[HouseApi]) -> Iterator[type[HouseApi]]:
    for view in kind.__subclasses__():
        yield view
        yield from every_view(view)


def test_the_committed_document_is_what_the_code_says() -> None:
    generated = json.loads(json.dumps(SchemaGenerator().get_schema(request=None, public=True), default=str))
    assert json.loads(COMMITTED.read_text(encoding="utf-8")) == generated, (
        "run: python3 manage.py spectacular --format openapi-json --file docs/openapi.json"
    )


def test_every_api_address_is_described_and_names_its_action() -> None:
    described = json.loads(COMMITTED.read_text(encoding="utf-8"))["paths"]
    routes = [
        route for route in every_route() if route.name.startswith("api_") and route.name != "api_openapi"
    ]
    assert len(routes) == len([path for path in described if "openapi" not in path])
    for view in every_view(HouseApi):
        methods = {name.upper() for name in ("get", "post", "put", "patch", "delete") if hasattr(view, name)}
        assert methods == view.actions.keys(), view
