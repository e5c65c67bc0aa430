from __future__ import annotations

from django.apps import AppConfig


class MdtConfig(AppConfig):
    name = "mdt"
