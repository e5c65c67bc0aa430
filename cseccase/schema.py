"""The API's own description, for people who are signed in."""

from __future__ import annotations

from typing import ClassVar

from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.views import SpectacularAPIView

from cseccase.api.permissions import DenyUnlessNamed


class OpenApi(SpectacularAPIView):
    """The OpenAPI document that is also committed as `docs/openapi.json`."""

    actions: ClassVar[dict[str, str]] = {"GET": "openapi.view"}
    permission_classes: ClassVar[list[type]] = [DenyUnlessNamed]
    renderer_classes: ClassVar[list[type]] = [OpenApiJsonRenderer]
