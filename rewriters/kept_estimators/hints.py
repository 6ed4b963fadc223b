"""What the words of a source hint at: most files of a project are asked no more than this."""

from __future__ import annotations

import functools
import re

from rewriters.bytes_first import may_use_tensorflow
from rewriters.kept_estimators.names import MAKERS, MODULES
from rewriters.site_hints import METHODS

# Each begins with letters of its own: so the search runs from one place where they stand to the next.
_NAMED_ALONE = (
    re.compile(rb'tensorflow_estimator'),
    re.compile(rf'import(?<!\wimport)\b[^#\n]*\b(?:{"|".join(MODULES)})\b'.encode()),
    re.compile(rf'from(?<!\wfrom)[ \t]+(?:{"|".join(MODULES)})\b'.encode()),
    re.compile(rf'e(?<!\bdef e)(?<!\we)(?:{"|".join(name[1:] for name in sorted(METHODS))})\b'.encode()),
)
# What sklearn and others have as well: of Estimators only where TensorFlow may be.
_NAMED_WITH_TENSORFLOW = (
    re.compile(rb'from(?<!\wfrom)[ \t]+tensorflow[\w.]*[ \t]+import[ \t]*(?:\([^)]*|(?:\\\n|[^\n(])*)\bestimator\b'),
    re.compile(rb'\.(?:[\s\\]|#[^\n]*\n)*estimator\b'),
    re.compile(rb'contrib(?<!\wcontrib)\b'),
)
_MODULES = tuple(module.encode() for module in MODULES)
_EXPORTS = (b'Exporter', b'export_strategy', *(name.encode() for name in METHODS))
_CALLED = re.compile(rb'\bEstimator\s*\(')
_MAKERS = tuple(name.encode() for name in MAKERS)
# Not as a sentence goes on with it: behind a name, code has no other words than these.
_MAKER = re.compile(
    rf"(?:{'|'.join(MAKERS)})(?!\w|'s\b| (?!(?:and|as|async|else|for|from|if|import|in|is|not|or)\b)\w)".encode()
)
_MOSTLY_AN_OBSTACLE = (b'tensorflow.contrib', b'tensorflow_estimator', b'python.estimator')
_OFTEN_AN_OBSTACLE = (b'contrib', b'.tpu', b'TPU')


def may_take_part(source: bytes) -> bool:
    """Whether a line of code may use `tf.estimator` or the support module, or export what may be an Estimator."""
    if b'stimator' not in source and b'export_saved' not in source:
        return False
    patterns = (*_NAMED_WITH_TENSORFLOW, *_NAMED_ALONE) if may_use_tensorflow(source) else _NAMED_ALONE
    return any(_is_code(source, found.start()) for pattern in patterns for found in pattern.finditer(source))


def _is_code(source: bytes, offset: int) -> bool:
    """Whether a line is more than a comment."""
    return not source[source.rfind(b'\n', 0, offset) + 1 : offset].lstrip().startswith(b'#')


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
        return any(word in self.source for word in _MAKERS) and _MAKER.search(self.source) is not None

    @functools.cached_property
    def seems_to_make(self) -> bool:
        """Whether it looks like one with a model_fn."""
        return _CALLED.search(self.source) is not None

    @functools.cached_property
    def may_export(self) -> bool:
        """Whether the name of a method or class is there that exports Estimators."""
        return any(word in self.source for word in _EXPORTS)

    @functools.cached_property
    def unlikely_to_hinder(self) -> int:
        """Files with a lower number are more likely to hold an obstacle; each may."""
        if any(word in self.source for word in _MOSTLY_AN_OBSTACLE):
            return 0
        return 1 if self.may_make or any(word in self.source for word in _OFTEN_AN_OBSTACLE) else 2
