"""Adding a passkey or a security key, in the product's words."""

from __future__ import annotations

from typing import Any

from allauth.mfa.webauthn.forms import AddWebAuthnForm, EditWebAuthnForm
from django import forms

from cseccase.forms import UswdsFormMixin

NAME_HELP = "So that you know it again, for example “Telephone” or “Key on my ring”."


class PasskeyForm(UswdsFormMixin, AddWebAuthnForm):
    """allauth's form; a new key signs in alone unless the person says otherwise."""

    passwordless = forms.BooleanField(
        label="Sign in with this alone, without my password",
        required=False,
        initial=True,
        help_text="The telephone, computer or key asks for your finger, face or PIN instead.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["name"].label = "Name of this passkey"
        self.fields["name"].help_text = NAME_HELP
        self.initial["name"] = ""
        self.fields["name"].widget.attrs |= {"autocomplete": "off", "maxlength": 100}

    def clean_name(self) -> str:
        return self.cleaned_data["name"] or "Passkey"


class PasskeyNameForm(UswdsFormMixin, EditWebAuthnForm):
    name = forms.CharField(label="Name of this passkey", max_length=100, help_text=NAME_HELP)
