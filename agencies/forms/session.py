"""Saying again who one is."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.contrib.auth import password_validation
from django.core.exceptions import ValidationError

from cseccase.forms import UswdsFormMixin

if TYPE_CHECKING:
    from agencies.models import Person


class UnlockForm(UswdsFormMixin, forms.Form):
    password = forms.CharField(
        label="Your password",
        strip=False,
        widget=forms.PasswordInput({"autocomplete": "current-password"}),
    )


class FirstPasswordForm(UswdsFormMixin, forms.Form):
    """The password a person chooses for themselves, once, behind a signed link."""

    password = forms.CharField(
        label="Choose a password",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
        help_text=f"At least {settings.PASSWORD_LENGTH} characters. Four or five plain words you can remember are better than short signs.",
    )
    again = forms.CharField(
        label="Write it again",
        strip=False,
        max_length=128,
        widget=forms.PasswordInput({"autocomplete": "new-password"}),
    )

    def __init__(self, *args: Any, person: Person, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.person = person

    def clean_password(self) -> str:
        password: str = self.cleaned_data["password"]
        password_validation.validate_password(password, self.person)
        return password

    def clean_again(self) -> str:
        again: str = self.cleaned_data["again"]
        if "password" in self.cleaned_data and again != self.cleaned_data["password"]:
            raise ValidationError("The two are not the same. Write the password again.")
        return again
