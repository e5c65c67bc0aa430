"""What every address of the API is built on."""

from __future__ import annotations

from typing import ClassVar

from rest_framework.views import APIView

from cseccase.confidentiality.viewer import Viewer


class HouseApi(APIView):
    """One address of the API: names its action for each method it answers, and hands the viewer inward."""

    actions: ClassVar[dict[str, str]] = {}

    @property
    def viewer(self) -> Viewer:
        """Who is looking; the permission class has made sure that somebody is."""
        viewer: Viewer = self.request._request.viewer  # type: ignore[attr-defined]  # set by our middleware
        return viewer
