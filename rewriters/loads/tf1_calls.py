"""Finds the calls of TensorFlow 1's SavedModel loader, and tells them from TensorFlow 2's `tf.saved_model.load`.

https://www.tensorflow.org/api_docs/python/tf/compat/v1/saved_model/load
"""

from __future__ import annotations

import libcst as cst

from rewriters.exports.common import find_calls
from rewriters.module_view import ModuleView
from rewriters.site_hints import SPELLED_AS_BOTH
from rewriters.syntax import dotted_name

PARAMETERS = ('sess', 'tags', 'export_dir', 'import_scope')
_SESSIONS = ('Session', 'InteractiveSession')


def find_loads(view: ModuleView) -> list[cst.Call]:
    """Every call that loads a SavedModel into a session, in source order."""
    return [call for call in find_calls(view, 'saved_model.load') if _takes_session(view, call)]


def _takes_session(view: ModuleView, call: cst.Call) -> bool:
    """By what the function is called, and for `tf.saved_model.load`, which both have, by the arguments."""
    keywords = {argument.keyword.value for argument in call.args if argument.keyword is not None}
    if 'sess' in keywords or 'import_scope' in keywords:
        return True
    positional = [argument.value for argument in call.args if argument.keyword is None]
    if not _is_spelled_as_both(view, call):
        return True
    return len(positional) > 1 and _is_session(view, positional[0])


def _is_spelled_as_both(view: ModuleView, call: cst.Call) -> bool:
    qualified = view.symbols.resolve_in(dotted_name(call.func) or '', view.scope(call.func)) or ''
    return qualified in SPELLED_AS_BOTH


def _is_session(view: ModuleView, node: cst.BaseExpression) -> bool:
    """Whether the expression is bound to a session somewhere in the module."""
    name = dotted_name(node)
    assigns = [a for a in view.find_all(cst.Assign) if isinstance(a, cst.Assign)]
    bound = [(assign.value, target.target) for assign in assigns for target in assign.targets]
    items = [item for item in view.find_all(cst.WithItem) if isinstance(item, cst.WithItem)]
    bound += [(item.item, item.asname.name) for item in items if item.asname is not None]
    return name is not None and any(dotted_name(t) == name and view.called(value) in _SESSIONS for value, t in bound)
