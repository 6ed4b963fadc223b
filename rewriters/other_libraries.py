"""Reports exports that another library makes of a TensorFlow 1 session: TensorFlowOnSpark's `TFNode`.

https://yahoo.github.io/TensorFlowOnSpark/tensorflowonspark.TFNode.html
"""

from __future__ import annotations

from collections.abc import Iterator

from rewriters.findings import Confidence, Finding, explain
from rewriters.names import Locator
from rewriters.symbols import Symbols, dotted_name

OTHER_LIBRARY = explain(
    'EXP902',
    'Export through another library',
    """
    The call hands a TensorFlow 1 session to another library, which writes a SavedModel with TensorFlow 1's builder.
    What that library does in TensorFlow 2 is not known here, so the call is left alone.

    To do: call tf.compat.v1.saved_model.simple_save, or the SavedModelBuilder, with the same signatures, and run
    `savedmodel-migrate rewrite` again: that is rewritten like other exports.

    https://yahoo.github.io/TensorFlowOnSpark/tensorflowonspark.TFNode.html
    """,
)
_EXPORTS = {'tensorflowonspark.TFNode.export_saved_model': 'TensorFlowOnSpark'}
_ROOTS = tuple({name.partition('.')[0] for name in _EXPORTS})
_ADVICE = 'Export with tf.compat.v1.saved_model.Builder here, then run `savedmodel-migrate rewrite` again.'


def report_other_libraries(text: str, symbols: Symbols) -> Iterator[Finding]:
    """One finding for each export through a library that is known to make them."""
    if not any(root in text for root in _ROOTS):
        return
    locator = Locator(text)
    for call in symbols.walk.calls:
        dotted = dotted_name(call.func)
        qualified = symbols.qualified(dotted, call.lineno, call.col_offset) if dotted else None
        if qualified in _EXPORTS:
            message = f'export left alone: {_EXPORTS[qualified]} makes it, of a TensorFlow 1 session'
            yield Finding(OTHER_LIBRARY, Confidence.MANUAL, locator.place(call.func), message, _ADVICE)
