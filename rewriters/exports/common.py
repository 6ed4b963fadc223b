"""What the session-style readers share: where a call stands, and what a name or a string constant means there."""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.region import Region, Step
from rewriters.site_hints import EXPORT_PATHS
from rewriters.syntax import (
    assigned_name,
    assigned_value,
    dotted_name,
    names_used,
    one_line,
    string_value,
    value_of,
)

# https://github.com/tensorflow/tensorflow/tree/r1.15/tensorflow/python/saved_model (signature_constants, tag_constants)
CONSTANTS = {
    'saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY': 'serving_default',
    'saved_model.SERVING': 'serve',
    'saved_model.TRAINING': 'train',
    'saved_model.GPU': 'gpu',
    'saved_model.TPU': 'tpu',
    'saved_model.CLASSIFY_INPUTS': 'inputs',
    'saved_model.CLASSIFY_OUTPUT_CLASSES': 'classes',
    'saved_model.CLASSIFY_OUTPUT_SCORES': 'scores',
    'saved_model.CLASSIFY_METHOD_NAME': 'tensorflow/serving/classify',
    'saved_model.PREDICT_INPUTS': 'inputs',
    'saved_model.PREDICT_OUTPUTS': 'outputs',
    'saved_model.PREDICT_METHOD_NAME': 'tensorflow/serving/predict',
    'saved_model.REGRESS_INPUTS': 'inputs',
    'saved_model.REGRESS_OUTPUTS': 'outputs',
    'saved_model.REGRESS_METHOD_NAME': 'tensorflow/serving/regress',
}


_WORDS = frozenset({'Builder', 'SavedModelBuilder', 'simple_save'})


def find_calls(view: ModuleView, symbol: str) -> list[cst.Call]:
    """Every call of a TensorFlow symbol in the module, in source order."""
    if symbol not in EXPORT_PATHS:
        return view.calls_of(symbol)
    return [call for call in view.calls if view.called(call) == symbol or handed_out(view, call, symbol) is not None]


def handed_out(view: ModuleView, call: cst.Call, symbol: str) -> str | None:
    """`tfv1` for `tfv1.saved_model.Builder(…)` after `from .compat import tfv1`: the project hands TensorFlow on."""
    if not isinstance(call.func, cst.Attribute) or call.func.attr.value not in _WORDS:
        return None
    dotted = dotted_name(call.func) or ''
    name = dotted.partition('.')[0]
    if not dotted.endswith(tuple(f'.{path}' for path in EXPORT_PATHS.get(symbol, ()))) or view.called(call) is not None:
        return None
    bound = frozenset().union(*(names_used(node)[1] for node in view.find_all(cst.ImportFrom) if node.relative))
    return name if name in bound else None


def handed_on(view: ModuleView, symbol: str) -> list[cst.BaseExpression]:
    """Every mention of a TensorFlow symbol that is neither called, nor imported, nor just given another name."""
    mentions: list[cst.Attribute | cst.Name] = [
        *(node for node in view.find_all(cst.Attribute) if node.attr.value in _WORDS),
        *(node for node in view.find_all(cst.Name) if node.value in _WORDS),
    ]
    return [node for node in mentions if _is_handed_on(view, node, symbol)]


def _is_handed_on(view: ModuleView, node: cst.Attribute | cst.Name, symbol: str) -> bool:
    parent, *outer = view.ancestors(node)
    is_called = isinstance(parent, cst.Call) and parent.func is node
    is_part = isinstance(parent, cst.Attribute | cst.ImportAlias | cst.ImportFrom | cst.AsName)
    is_alias = isinstance(parent, cst.Assign) and assigned_name(outer[0]) is not None
    is_keyword = isinstance(parent, cst.Arg) and parent.keyword is node
    return not (is_called or is_part or is_alias or is_keyword) and view.symbol(node) == symbol


def region_of(view: ModuleView, regions: Sequence[Region], call: cst.Call) -> tuple[Region, Step]:
    """The region and step whose statement is, or assigns, exactly this call.

    Raises:
        Refusal: the call stands inside another expression.
    """
    for region in regions:
        for step in region.steps:
            if assigned_value(step.node) is call:
                return region, step
    raise Refusal(f'`{one_line(call.func)}(…)` is not a statement of its own', call)


def definition(region: Region, node: cst.BaseExpression, at: int) -> tuple[cst.BaseExpression, int, Step | None]:
    """Follows a name to the expression that a plain assignment gave it: (expression, its step's index, its step)."""
    step: Step | None = None
    while isinstance(node, cst.Name):
        reached = region.reaching(node.value, at)
        value = value_of(reached.node, node.value) if reached is not None else None
        if reached is None or value is None:
            break
        node, at, step = value, reached.index, reached
    return node, at, step


def string_constant(view: ModuleView, region: Region, node: cst.BaseExpression, at: int) -> str | None:
    """The string that an expression means: a literal, one of `tf.saved_model`'s constants, or a name of either."""
    value, _, _ = definition(region, node, at)
    literal = string_value(value)
    if literal is not None:
        return literal
    symbol = view.symbol(value)
    if symbol in CONSTANTS:
        return CONSTANTS[symbol]
    return string_value(view.constant(value)) if isinstance(value, cst.Name) else None
