"""What a caller can choose about a rewrite, and the TensorFlow versions that it can be for."""

from __future__ import annotations

from dataclasses import dataclass

Version = tuple[int, int]
"""Major and minor version of TensorFlow."""

OLDEST_TARGET: Version = (2, 8)
NEWEST_TARGET: Version = (2, 21)
"""Every name that the symbol table gives was found in TensorFlow 2.8.4, 2.15.1 and 2.21.0."""
SESSION_MODULE = 'session_module'
"""The module in `rewriters.support` through which kept sessions export."""
FORMS = ('tf.function', 'graph function', 'session')
"""The forms that a rewritten export can take, in the order in which they are tried."""
LAST_WITH_ESTIMATOR: Version = (2, 15)
"""It is also the last in which `tf.keras` is Keras 2."""


@dataclass(frozen=True)
class EstimatorUse:
    """That a file works with Estimators of its project. All files that work with the same ones decide together."""

    obstacle: str = ''
    """Why the support module can't stand in for `tf.estimator` in them; empty if it can."""
    canned: str = ''
    """What makes them, where that is no model_fn of the project: a symbol of TensorFlow."""
    is_settled: bool = False
    """Whether the support module stands in for `tf.estimator` there already."""
    is_imported: bool = False
    """Whether another of these files imports this one, and may use what a derivation would replace."""
    is_exported: bool = False
    """Whether one of these files exports what `canned` makes."""


@dataclass(frozen=True)
class Options:
    """Options of one rewrite. The defaults are what the command line uses."""

    filename: str = '<source>'
    """Only for messages; nothing is read from it."""
    target_version: Version = NEWEST_TARGET
    """The TensorFlow that the rewritten code is to run on."""
    session_module: str = SESSION_MODULE
    """The dotted name by which the project imports the support module of sessions."""
    estimators: EstimatorUse | None = None
    """None where the file has nothing to do with Estimators, or nobody looked at the other files of the project."""
    forms: tuple[str, ...] = FORMS
    """The forms that exports may take; what would need another is left alone."""
