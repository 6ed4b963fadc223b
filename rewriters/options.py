"""What a caller can choose about a rewrite, and the TensorFlow versions that it can be for."""

from __future__ import annotations

from dataclasses import dataclass

Version = tuple[int, int]
"""Major and minor version of TensorFlow."""

OLDEST_TARGET: Version = (2, 8)
NEWEST_TARGET: Version = (2, 21)
"""Every name that the symbol table gives was found in TensorFlow 2.8.4, 2.15.1 and 2.21.0."""
LAST_WITH_ESTIMATOR: Version = (2, 15)
"""It is also the last in which `tf.keras` is Keras 2."""


@dataclass(frozen=True)
class Options:
    """Options of one rewrite. The defaults are what the command line uses."""

    filename: str = '<source>'
    """Only for messages; nothing is read from it."""
    target_version: Version = NEWEST_TARGET
    """The TensorFlow that the rewritten code is to run on."""
