"""Whether a file can have anything to do with TensorFlow, told by its bytes: most files are asked no more than this."""

from __future__ import annotations

import re

# What other modules call TensorFlow where they hand it on, and those of the names that say that it is compat.v1.
TENSORFLOW_NAMES = ('tf', 'tensorflow', 'tf1', 'tfv1', 'tf_v1', 'tf_compat_v1')
_NAMES = rb'(?:tf|tensorflow|tf_?v?1|tf_compat_v1)'
# What must not stand before a word is looked for behind it, so that the search runs from word to word.
_SHORT_MENTION = re.compile(rb'tf(?<![\w.]tf)(?:_?v?1|_compat_v1)?\s*\.\s*\w')
_LONG_MENTION = re.compile(rb'tensorflow(?<![\w.]tensorflow)\s*\.\s*\w')
_IMPORT = re.compile(
    rb'from(?<!\wfrom)[ \t]+[\w.]+[ \t]+import[ \t]*(?:\*|[\w ,]*?\b' + _NAMES + rb'\b|\([\w\s,]*?\b' + _NAMES + rb'\b)'
)

# What a call returns, and what a function is handed: `tf1, tf, _ = try_import_tf()`, `def export(sess, tf):`. What both
# have in common is quicker to find.
_SHORT_BOUND = re.compile(rb'tf(?<![\w.]tf)(?:_?v?1|_compat_v1)?\s*[,):=]')
_LONG_BOUND = re.compile(rb'tensorflow(?<![\w.]tensorflow)\s*[,):=]')
_SHORT_RESULT = re.compile(rb'tf(?<![\w.]tf)(?:_?v?1|_compat_v1)?(?:[ \t]*,[ \t]*\w+)*[ \t]*=[ \t]*[\w.]+\(')
_LONG_RESULT = re.compile(rb'tensorflow(?<![\w.]tensorflow)[ \t]*=[ \t]*[\w.]+\(')
_PARAMETER = re.compile(rb'def(?<!\wdef)[ \t]+\w+[ \t]*(?=\()[^)]{0,400}?[(,]\s*' + _NAMES + rb'\s*[,):=]')


def may_use_tensorflow(source: bytes) -> bool:
    """Whether a source names TensorFlow, or may get it from another module."""
    return b'tensorflow' in source or may_be_handed_on(source)


def may_be_handed_on(source: bytes) -> bool:
    """Whether a source may get TensorFlow from a module, call or caller that hands it on, judging by the text."""
    return _is_mentioned(source) and (_is_imported(source) or _is_given(source))


def _is_imported(source: bytes) -> bool:
    return b'import' in source and _IMPORT.search(source) is not None


def _is_given(source: bytes) -> bool:
    if not (_SHORT_BOUND.search(source) or (b'tensorflow' in source and _LONG_BOUND.search(source))):
        return False
    return any(words.search(source) for words in (_SHORT_RESULT, _LONG_RESULT, _PARAMETER))


def _is_mentioned(source: bytes) -> bool:
    if _SHORT_MENTION.search(source):
        return True
    return b'tensorflow' in source and _LONG_MENTION.search(source) is not None
