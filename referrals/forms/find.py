"""One box to find a case."""

from __future__ import annotations

from django import forms

from cseccase.forms import UswdsFormMixin


class FindForm(UswdsFormMixin, forms.Form):
    """A name or a number. Sent by POST, so that no name stands in an address."""

    q = forms.CharField(
        max_length=200,
        label="Name or case number",
        help_text="Like “Ruiz, Ana”, “Ana Ruiz 4/12/2010” or CF-7KM-2QX.",
        widget=forms.TextInput({"autocomplete": "off", "enterkeyhint": "search"}),
    )
