"""System checks: what must never be true of a running county."""

from __future__ import annotations

from typing import Any

from django.apps import apps
from django.conf import settings
from django.core.checks import Error, Tags, register
from django.db.models import ForeignKey

from cseccase.confidentiality.models import ConfidentialModel


@register(Tags.models)
def confidential_models_are_walled(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Every confidential model has a wall, and no reverse path to it from another confidential model."""
    problems = []
    for model in apps.get_models():
        if not issubclass(model, ConfidentialModel):
            continue
        if getattr(model, "wall", None) is None:
            problems.append(Error(f"{model.__name__} has no wall.", id="confidentiality.E001", obj=model))
        problems.extend(
            Error(
                f"{model.__name__}.{field.name} opens a way back; give it related_name='+'.",
                id="confidentiality.E002",
                obj=model,
            )
            for field in model._meta.get_fields()
            if isinstance(field, ForeignKey)
            and isinstance(field.related_model, type)
            and issubclass(field.related_model, ConfidentialModel)
            and not field.remote_field.hidden
        )
    return problems


@register(Tags.security)
def practice_doors_are_shut(app_configs: Any, **kwargs: Any) -> list[Error]:
    """Signing in by picking a person from a list belongs to the practice county alone."""
    if settings.PRACTICE_SIGN_IN and not settings.PRACTICE_DATA:
        return [Error("PRACTICE_SIGN_IN is on outside the practice county.", id="confidentiality.E003")]
    if settings.PRACTICE_SIGN_IN and settings.PRODUCTION:
        return [Error("PRACTICE_SIGN_IN can never be on in production.", id="confidentiality.E004")]
    return []
