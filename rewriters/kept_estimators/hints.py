"""What the words of a source hint at: most files of a project are asked no more than this."""

from __future__ import annotations

import functools
import re

from rewriters.kept_estimators.names import MAKERS, MODULES
from rewriters.site_hints import METHODS

_METHODS = '|'.join(sorted(METHODS))
# Not on lines that are comments; and `estimator` alone is what many call their own.
_TAKING_PART = re.compile(
    rf"""^(?![ \t\f]*\#).*?(?:
        tensorflow_estimator | {'|'.join(MODULES)} | contrib | (?<!\bdef[ ])\b(?:{_METHODS})\b
        | \.(?:[\s\\]|\#[^\n]*\n)*estimator\b
        | \bfrom[ \t]+tensorflow[\w.]*[ \t]+import[ \t]*(?:\([^)]*|(?:\\\n|[^\n(])*)\bestimator\b
    )""".encode(),
    re.MULTILINE | re.VERBOSE,
)
_MODULES = tuple(module.encode() for module in MODULES)
_EXPORTS = (b'Exporter', b'export_strategy', *(name.encode() for name in METHODS))
_CALLED = re.compile(rb'\bEstimator\s*\(')
_MAKERS = tuple(name.encode() for name in MAKERS)
_OFTEN_AN_OBSTACLE = (b'contrib', b'tensorflow_estimator', b'python.estimator', b'.tpu', b'TPU')


def may_take_part(source: bytes) -> bool:
    """Whether a line of code may use `tf.estimator` or the support module, or export what may be an Estimator."""
    return (b'stimator' in source or b'export_saved' in source) and _TAKING_PART.search(source) is not None


def may_be_kept(source: bytes) -> bool:
    """Whether the support module is named."""
    return any(module in source for module in _MODULES)


class Hints:
    """The hints of one source; each is looked for once, when it is asked for."""

    def __init__(self, source: bytes) -> None:
        self.source = source

    @functools.cached_property
    def may_be_kept(self) -> bool:
        """Whether the support module is named."""
        return may_be_kept(self.source)

    @functools.cached_property
    def may_make(self) -> bool:
        """Whether a name is there that makes an Estimator, with a model_fn or canned."""
        return any(word in self.source for word in _MAKERS)

    @functools.cached_property
    def seems_to_make(self) -> bool:
        """Whether it looks like one with a model_fn."""
        return _CALLED.search(self.source) is not None

    @functools.cached_property
    def may_export(self) -> bool:
        """Whether the name of a method or class is there that exports Estimators."""
        return any(word in self.source for word in _EXPORTS)

    @functools.cached_property
    def may_hinder(self) -> bool:
        """Whether a word is there that often is an obstacle; others may be one too."""
        return any(word in self.source for word in _OFTEN_AN_OBSTACLE)
