"""What a caller can choose about a rewrite."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Options:
    """Options of one rewrite. The defaults are what the command line uses."""

    filename: str = '<source>'
    """Only for messages; nothing is read from it."""
