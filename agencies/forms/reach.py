"""Where a person wants to be told."""

from __future__ import annotations

from django import forms
from django.core.exceptions import ValidationError

from agencies.services.reach import number_read
from cseccase.forms import UswdsFormMixin


class NumberForm(UswdsFormMixin, forms.Form):
    prefix = "text"
    number = forms.CharField(
        label="Mobile number",
        max_length=30,
        widget=forms.TextInput({"autocomplete": "tel-national", "inputmode": "tel"}),
        help_text="We send a code to it, so that nothing goes to somebody else’s telephone.",
    )

    def clean_number(self) -> str:
        try:
            return number_read(self.cleaned_data["number"])
        except ValueError:
            raise ValidationError(
                "Write a mobile number with its area code, such as (555) 010-0142."
            ) from None


class CodeForm(UswdsFormMixin, forms.Form):
    prefix = "confirm"
    code = forms.CharField(
        label="Code from the text message",
        max_length=12,
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        help_text="Six digits. The message comes within a minute.",
    )

    def clean_code(self) -> str:
        code = "".join(self.cleaned_data["code"].split())
        if len(code) != 6 or not (code.isascii() and code.isdigit()):
            raise ValidationError("Write the six digits of the code.")
        return code


class DeviceForm(UswdsFormMixin, forms.Form):
    """The hidden fields are filled by the browser itself (static/js/push.js)."""

    prefix = "device"
    name = forms.CharField(
        label="Name of this device",
        max_length=60,
        help_text="So that you know it in the list, such as “work telephone”.",
    )
    endpoint = forms.CharField(max_length=1000, required=False, widget=forms.HiddenInput)
    p256dh = forms.CharField(max_length=200, required=False, widget=forms.HiddenInput)
    auth = forms.CharField(max_length=60, required=False, widget=forms.HiddenInput)
