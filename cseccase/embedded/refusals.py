"""What keeps a command from starting, told in words for the person at the terminal."""

from __future__ import annotations


class StartRefused(Exception):
    """Something on this machine must change first; the message says what and how."""
