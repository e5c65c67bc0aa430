"""System check: the keys are there before the first record is."""

from __future__ import annotations

from typing import Any

from django.core.checks import Error, Tags, register

from cseccase.encryption.keyring import KeyringUnusable, keyring, keyring_path


@register(Tags.security)
def keyring_is_usable(app_configs: Any, **kwargs: Any) -> list[Error]:
    """A county in earnest starts only with its keyring; elsewhere a missing one is made when first needed."""
    try:
        keyring()
        open_to_all = keyring_path().stat().st_mode & 0o022
    except (KeyringUnusable, OSError) as problem:
        return [Error(str(problem), id="encryption.E002")]
    if open_to_all:
        return [Error("Others than its owner may write the keyring file.", id="encryption.E003")]
    return []
