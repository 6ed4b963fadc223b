"""Why a model is not converted, and what would help."""

from __future__ import annotations


class Refusal(Exception):
    """A model that can't be converted. The message names the thing, the advice the way on."""

    def __init__(self, message: str, advice: str = '') -> None:
        super().__init__(message)
        self.message = message
        self.advice = advice
