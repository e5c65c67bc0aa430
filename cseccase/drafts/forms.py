"""Giving a draft back to its form."""

from __future__ import annotations

from typing import Any

from django import forms
from django.http import QueryDict


def initial_of(form: forms.Form, answers: dict[str, list[str]]) -> dict[str, Any]:
    """A draft's raw answers as initial values, whatever the widget: half-written times and words included."""
    data = QueryDict(mutable=True)
    for name, values in answers.items():
        data.setlist(name, values)
    return {
        name: field.widget.value_from_datadict(data, {}, form.add_prefix(name))
        for name, field in form.fields.items()
    }
