"""Rewrites export sites whose session stays (writer C): what it takes where no graph could be read from the source."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from rewriters.exports import Reading, session_calls
from rewriters.findings import Confidence, Finding, Place
from rewriters.graph_mode import find_eager_graph_code
from rewriters.module_view import ModuleView
from rewriters.modules import session
from rewriters.modules.change import Change
from rewriters.names import standalone_keras
from rewriters.outcome import ExportSummary, Writer
from rewriters.refusal import Refusal, UnfedPlaceholder, refusal_line
from rewriters.site_codes import KEPT_SESSION
from rewriters.syntax import code

_ADVICE = 'The graph and the values are taken from the session when the model is written.'
_SWITCH_ADVICE = (
    'The file builds its graph outside of any `with tf.Graph().as_default():`, so disable_v2_behavior() is called '
    'after the imports: check that no TensorFlow 2 code runs in the same program.'
)
_UNFED_ADVICE = (
    'The model is written, as TensorFlow 1 wrote it, with a warning: calls of that signature fail, since they feed no '
    'such placeholder. So do those that ask for other outputs of the signature only, which TensorFlow 1 computed: '
    'leave out what needs the placeholder, or make it an input.'
)
_PYTHON_ADVICE = (
    'No SavedModel can hold a Python function: if a signature needs this one, the export raises a ValueError. '
    'TensorFlow 1 wrote such a model, which nobody else could call.'
)
_KERAS_ADVICE = (
    'The session is shared with `keras`, which is Keras 3 beside TensorFlow 2.16 and later, and runs nothing in a '
    'session: the export needs Keras 2 (NAM103 says how to get it).'
)
_PYTHON_CALLS = frozenset({'numpy_function', 'py_func', 'py_function'})


def rewrite_with_session(view: ModuleView, reading: Reading, call: cst.Call) -> tuple[Change, ExportSummary]:
    """The change for one site that the other writers refused.

    Raises:
        Refusal: the calls of the site are not understood either.
    """
    is_builder = reading.reader == 'builder'
    read = session_calls.read_builder if is_builder else session_calls.read_simple_save
    export = read(view, call)
    change = session.write(view, export)
    plan = reading.plan
    keys = tuple((s.key_value, s.kind.value) for s in plan.signatures) if plan is not None else ()
    return change, ExportSummary(reading.reader, reading.place, code(export.directory), keys, Writer.SESSION.value)


def kept_session_finding(view: ModuleView, reading: Reading, change: Change, why: Refusal, switches: bool) -> Finding:
    """The finding of a site that keeps its session, with the reason that kept it from the other forms."""
    message = f'{reading.reader} export keeps its session: {why.reason}{refusal_line(view, why)}'
    reviews = [*([_SWITCH_ADVICE] if switches else []), *([change.review] if change.review else [])]
    reviews += _failures(view, why)
    confidence = Confidence.REVIEW if reviews else Confidence.EQUIVALENT
    return Finding(KEPT_SESSION, confidence, reading.place, message, ' '.join(reviews) or _ADVICE)


def _failures(view: ModuleView, why: Refusal) -> Iterator[str]:
    """What is known to fail in the new model, or when it is written."""
    reasons = [reason for reason in (why, why.before, why.wider) if reason is not None]
    if any(isinstance(reason, UnfedPlaceholder) for reason in reasons):
        yield _UNFED_ADVICE
    calls = [reason.node for reason in reasons if isinstance(reason.node, cst.Call)]
    if any(view.called(call) in _PYTHON_CALLS for call in calls):
        yield _PYTHON_ADVICE
    if standalone_keras.has_session(view.symbols):
        yield _KERAS_ADVICE


def needs_switch(view: ModuleView, text: str, consumed: list[Place]) -> bool:
    """Whether code that stays builds graph where TensorFlow 2 would run it eagerly."""
    return bool(find_eager_graph_code(text, view.symbols, consumed))


def switch(view: ModuleView) -> Change | None:
    """The change that calls disable_v2_behavior() after the file's imports; None where TensorFlow has no name there."""
    tf = view.tensorflow_name()
    v1 = view.symbols.module_names('tensorflow.compat.v1')
    if tf is None and not v1:
        return None
    # After `tf = tf.compat.v1` further down, the name still means TensorFlow 2's API up here.
    narrowed = tf is None and view.symbols.before_narrowing(v1[0])[1] == 'tensorflow'
    spelled = f'{tf or v1[0]}.compat.v1' if tf is not None or narrowed else v1[0]
    return Change({}, (), Writer.SESSION, after_imports=(f'{spelled}.disable_v2_behavior()',))
