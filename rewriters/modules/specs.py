"""The dtype and static shape of a served input, read from the expressions that make it."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from rewriters.exports.common import definition, string_constant
from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.region import Region
from rewriters.syntax import arguments, code, dict_items, dotted_name, one_line

_PLACEHOLDER = ('dtype', 'shape', 'name')
_PARSE_EXAMPLE = ('serialized', 'features', 'name', 'example_names')
_PARSE_SINGLE_EXAMPLE = ('serialized', 'features', 'name', 'example_names')
_FIXED_LEN = ('shape', 'dtype', 'default_value')


@dataclass(frozen=True)
class Spec:
    """Source text for a `tf.TensorSpec`, and the expressions in it, whose names must be known where it is written."""

    shape: str
    dtype: str
    parts: tuple[cst.BaseExpression, ...]
    at: int


def spec_of(view: ModuleView, region: Region, node: cst.BaseExpression, at: int) -> Spec:
    """The spec of a tensor.

    Raises:
        Refusal: the tensor is none of a placeholder, a fixed-length feature of a parsed tf.Example, or an identity.
    """
    value, at, _ = definition(region, node, at)
    called = view.called(value)
    if isinstance(value, cst.Call) and called == 'placeholder':
        return _placeholder_spec(value, at)
    if isinstance(value, cst.Call) and called == 'identity':
        operand = (arguments(value, ['input', 'name']) or {}).get('input')
        if operand is not None:
            return spec_of(view, region, operand, at)
    if isinstance(value, cst.Subscript):
        spec = _feature_spec(view, region, value, at)
        if spec is not None:
            return spec
    raise Refusal(f'the dtype and shape of the input `{one_line(node)}` can\'t be read from the source', node)


def _placeholder_spec(call: cst.Call, at: int) -> Spec:
    values = arguments(call, _PLACEHOLDER)
    if values is None or 'dtype' not in values:
        raise Refusal('the placeholder is made in a way that is not understood', call)
    shape = values.get('shape')
    parts = tuple(values[name] for name in ('shape', 'dtype') if name in values)
    return Spec('None' if shape is None else code(shape), code(values['dtype']), parts, at)


def _feature_spec(view: ModuleView, region: Region, node: cst.Subscript, at: int) -> Spec | None:
    """`features['x']` of `features = tf.parse_example(serialized, {'x': tf.FixedLenFeature(shape, dtype)})`."""
    key = _subscript_key(view, region, node, at)
    parsed, parsed_at, _ = definition(region, node.value, at)
    called = view.called(parsed)
    if key is None or not isinstance(parsed, cst.Call) or called not in ('parse_example', 'parse_single_example'):
        return None
    values = arguments(parsed, _PARSE_EXAMPLE if called == 'parse_example' else _PARSE_SINGLE_EXAMPLE)
    features, features_at, _ = definition(region, (values or {}).get('features', parsed), parsed_at)
    feature = _entry(view, region, features, key, features_at)
    if feature is None or view.called(feature) != 'FixedLenFeature' or not isinstance(feature, cst.Call):
        return None
    fixed = arguments(feature, _FIXED_LEN)
    if fixed is None or not {'shape', 'dtype'} <= fixed.keys():
        return None
    shape = _batched(fixed['shape'], called == 'parse_example')
    return None if shape is None else Spec(shape, code(fixed['dtype']), (fixed['shape'], fixed['dtype']), features_at)


def _subscript_key(view: ModuleView, region: Region, node: cst.Subscript, at: int) -> str | None:
    index = node.slice[0].slice if len(node.slice) == 1 else None
    return string_constant(view, region, index.value, at) if isinstance(index, cst.Index) else None


def _entry(
    view: ModuleView, region: Region, node: cst.BaseExpression, key: str, at: int
) -> cst.BaseExpression | None:
    matches = [v for k, v in dict_items(node) or () if string_constant(view, region, k, at) == key]
    return matches[0] if len(matches) == 1 else None


def _batched(shape: cst.BaseExpression, batched: bool) -> str | None:
    """The shape with the batch dimension that parse_example puts before it."""
    if not isinstance(shape, cst.List | cst.Tuple):
        return None
    sizes = [code(element.value) for element in shape.elements]
    return '[' + ', '.join(['None', *sizes] if batched else sizes) + ']'


def is_none(node: cst.BaseExpression | None) -> bool:
    """Whether an argument is left out or the literal None."""
    return node is None or dotted_name(node) == 'None'
