"""Reads serving input receivers: raw ones, and functions that return a ServingInputReceiver.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/export/ServingInputReceiver
https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/export/build_raw_serving_input_receiver_fn
"""

from __future__ import annotations

import ast

import libcst as cst

from rewriters.exports.common import string_constant
from rewriters.module_view import ModuleView
from rewriters.plan import Receiver, ReceiverInput
from rewriters.refusal import Refusal
from rewriters.region import Region
from rewriters.syntax import (
    arguments,
    assigned_name,
    assigned_value,
    code,
    dict_items,
    name_nodes,
    one_line,
    only_small_statement,
    suite,
)

_RAW = 'estimator.export.build_raw_serving_input_receiver_fn'
_RECEIVER = 'estimator.export.ServingInputReceiver'
_CONSTANT_DTYPES = {float: 'float32', int: 'int32', str: 'string', bytes: 'string', bool: 'bool'}


def read_receiver(view: ModuleView, region: Region, node: cst.BaseExpression, at: int) -> Receiver:
    """The receiver that an export call is given.

    Raises:
        Refusal: it stands elsewhere, or is made in a way that is not understood yet.
    """
    if isinstance(node, cst.Name) and node.value in view.functions:
        return _function_receiver(view, region, view.functions[node.value], node)
    statements: tuple[cst.CSTNode, ...] = ()
    if isinstance(node, cst.Name):
        step = region.reaching(node.value, at)
        value = assigned_value(step.node) if step is not None else None
        if step is None or value is None:
            raise Refusal(f'the receiver function `{node.value}` is not in this file', node)
        _require_single_use(view, node.value, node)
        statements, node, at = (step.node,), value, step.index
    if view.called(node) == _RAW and isinstance(node, cst.Call):
        return Receiver(_raw_inputs(view, region, node, at), None, None, statements)
    raise Refusal(f'the receiver `{one_line(node)}` is not understood yet', node)


def _require_single_use(view: ModuleView, name: str, node: cst.CSTNode) -> None:
    """A definition that is dropped must have no other reader: the names are its binding and its one use."""
    if sum(other.value == name for other in name_nodes(view.module)) != 2:
        raise Refusal(f'`{name}` is used elsewhere too', node)


def _raw_inputs(view: ModuleView, region: Region, call: cst.Call, at: int) -> tuple[ReceiverInput, ...]:
    values = arguments(call, ['features', 'default_batch_size'])
    items = dict_items(values['features']) if values and 'features' in values else None
    if values is None or not items:
        raise Refusal('the features of the raw receiver are not a dict written out here', call)
    batch = code(values['default_batch_size']) if 'default_batch_size' in values else 'None'
    inputs: list[ReceiverInput] = []
    for key, value in items:
        name = string_constant(view, region, key, at)
        if name is None:
            raise Refusal(f'the feature name `{one_line(key)}` is not a string written out here', key)
        shape, dtype = _example_spec(view, value)
        inputs.append(ReceiverInput(name, name, '[' + ', '.join([batch, *shape[1:]]) + ']', dtype))
    return tuple(inputs)


def _example_spec(view: ModuleView, node: cst.BaseExpression) -> tuple[list[str], str]:
    """The shape and dtype of a feature's stand-in: a constant of literals, or a placeholder.

    TF1 puts the batch size in place of the first dimension, and gives a scalar one.
    """
    called = view.called(node)
    if called == 'placeholder' and isinstance(node, cst.Call):
        values = arguments(node, ['dtype', 'shape', 'name']) or {}
        shape = values.get('shape')
        if 'dtype' in values and isinstance(shape, cst.List | cst.Tuple):
            return [code(element.value) for element in shape.elements], code(values['dtype'])
    if called == 'constant' and isinstance(node, cst.Call):
        spec = _literal_spec(view, arguments(node, ['value', 'dtype', 'shape', 'name']) or {})
        if spec is not None:
            return spec
    raise Refusal(f'the dtype and shape of `{one_line(node)}` can\'t be read from the source', node)


def _literal_spec(view: ModuleView, values: dict[str, cst.BaseExpression]) -> tuple[list[str], str] | None:
    if 'value' not in values or 'shape' in values:
        return None
    try:
        value = ast.literal_eval(code(values['value']))
    except (ValueError, SyntaxError, MemoryError, RecursionError):
        return None
    shape: list[str] = []
    while isinstance(value, list | tuple):
        if not value:
            return None
        shape.append(str(len(value)))
        value = value[0]
    dtype = _CONSTANT_DTYPES.get(type(value))
    if 'dtype' in values:
        return shape, code(values['dtype'])
    tf = view.tensorflow_name()
    return (shape, f'{tf}.{dtype}') if dtype is not None else None


def _function_receiver(view: ModuleView, region: Region, function: cst.FunctionDef, use: cst.Name) -> Receiver:
    """A function whose statements are plain, and that ends in `return ServingInputReceiver(features, tensors)`."""
    _require_single_use(view, function.name.value, use)
    body = suite(function.body) or ()
    last = only_small_statement(body[-1]) if body else None
    returned = last.value if isinstance(last, cst.Return) else None
    if function.decorators or function.params.params or view.called(returned) != _RECEIVER:
        raise Refusal('the receiver function does not end in a ServingInputReceiver', function)
    assert isinstance(returned, cst.Call)
    values = arguments(returned, ['features', 'receiver_tensors', 'receiver_tensors_alternatives'])
    if values is None or set(values) != {'features', 'receiver_tensors'}:
        raise Refusal('the ServingInputReceiver has alternatives, or is made in a way that is not understood', returned)
    inputs = _tensor_inputs(view, region, body, values['receiver_tensors'])
    return Receiver(inputs, function, values['features'], (function,))


def _tensor_inputs(
    view: ModuleView, region: Region, body: object, node: cst.BaseExpression
) -> tuple[ReceiverInput, ...]:
    """The placeholders that a client feeds. A single tensor goes by TF1's name for it, `input`."""
    placeholders = _placeholders(view, body)
    items = dict_items(_resolved(body, node))
    pairs: list[tuple[str, cst.BaseExpression]] = [('input', node)] if items is None and isinstance(node, cst.Name) else []
    for key, value in items or []:
        name = string_constant(view, region, key, 0)
        if name is None:
            raise Refusal(f'the input name `{one_line(key)}` is not a string written out here', key)
        pairs.append((name, value))
    inputs: list[ReceiverInput] = []
    for name, tensor in pairs:
        call = placeholders.get(tensor.value) if isinstance(tensor, cst.Name) else None
        values = arguments(call, ['dtype', 'shape', 'name']) if call is not None else None
        if not values or 'dtype' not in values or not isinstance(tensor, cst.Name):
            raise Refusal(f'the input `{one_line(tensor)}` is not a placeholder of the receiver function', tensor)
        shape = code(values['shape']) if 'shape' in values else 'None'
        inputs.append(ReceiverInput(name, tensor.value, shape, code(values['dtype'])))
    if len(inputs) != len(placeholders) or not inputs:
        raise Refusal('the receiver function has placeholders that clients don\'t feed', node)
    return tuple(inputs)


def _placeholders(view: ModuleView, body: object) -> dict[str, cst.Call]:
    found: dict[str, cst.Call] = {}
    for statement in body if isinstance(body, list | tuple) else ():
        name, value = assigned_name(statement), assigned_value(statement)
        if name is not None and isinstance(value, cst.Call) and view.called(value) == 'placeholder':
            if name in found:
                raise Refusal(f'`{name}` is bound more than once', statement)
            found[name] = value
    return found


def _resolved(body: object, node: cst.BaseExpression) -> cst.BaseExpression:
    """What a name of the function was assigned, if it was assigned once."""
    if not isinstance(node, cst.Name):
        return node
    statements = body if isinstance(body, list | tuple) else ()
    values = [assigned_value(s) for s in statements if assigned_name(s) == node.value]
    return values[0] if len(values) == 1 and values[0] is not None else node
