"""Reads serving input receivers: raw and parsing ones, and functions that return a ServingInputReceiver.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/export/build_raw_serving_input_receiver_fn
https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/export/build_parsing_serving_input_receiver_fn
"""

from __future__ import annotations

import ast

import libcst as cst

from rewriters.exports.estimator_names import only_definition, other_uses, required_string
from rewriters.exports.receiver_functions import read_function
from rewriters.module_view import ModuleView
from rewriters.plan import Receiver, ReceiverInput
from rewriters.refusal import Refusal
from rewriters.syntax import arguments, code, dict_items, name_nodes, one_line

_RAW = 'estimator.export.build_raw_serving_input_receiver_fn'
_PARSING = 'estimator.export.build_parsing_serving_input_receiver_fn'
_CONSTANT_DTYPES = {float: 'float32', int: 'int32', str: 'string', bytes: 'string', bool: 'bool'}


def read_receiver(view: ModuleView, node: cst.BaseExpression) -> Receiver:
    """The receiver that an export call is given.

    Raises:
        Refusal: it stands elsewhere, or is made in a way that is not understood yet.
    """
    statements: tuple[cst.CSTNode, ...] = ()
    if isinstance(node, cst.Name):
        if node.value in view.functions and view.is_global(node):
            if other_uses(view, node) != [view.functions[node.value].name]:
                raise Refusal(f'the receiver function `{node.value}` is used elsewhere too', node)
            return read_function(view, view.functions[node.value])
        line, node = _definition(view, node)
        statements = (line,)
    if isinstance(node, cst.Call) and view.called(node) == _RAW:
        return Receiver(_raw_inputs(view, node), statements, shares_inputs=True)
    if isinstance(node, cst.Call) and view.called(node) == _PARSING:
        return _parsing(view, node, statements)
    raise Refusal(f'the receiver `{one_line(node)}` is not understood yet', node)


def _definition(view: ModuleView, node: cst.Name) -> tuple[cst.SimpleStatementLine, cst.BaseExpression]:
    found = only_definition(view, node)
    if found is not None:
        return found
    functions = [f.name.value for f in view.find_all(cst.FunctionDef) if isinstance(f, cst.FunctionDef)]
    if node.value in functions:
        raise Refusal(f'the receiver function `{node.value}` does not stand at the top of this file, or not once', node)
    if other_uses(view, node):
        reason = f'the receiver `{node.value}` is used elsewhere too, or bound in a way that is not understood'
        raise Refusal(reason, node)
    raise Refusal(f'the receiver `{node.value}` is not made in this file', node)


def _parsing(view: ModuleView, call: cst.Call, statements: tuple[cst.CSTNode, ...]) -> Receiver:
    """A string placeholder `examples`, and the features parsed from it."""
    values = arguments(call, ['feature_spec', 'default_batch_size'])
    if values is None or 'feature_spec' not in values:
        raise Refusal('the parsing receiver is made in a way that is not understood', call)
    spec = values['feature_spec']
    for name in name_nodes(spec):
        if view.imported(name) is None and not view.is_global(name):
            raise Refusal(f'the feature spec is made from the local name `{name.value}`', spec)
    size = values.get('default_batch_size')
    shape = f'[{code(size)}]' if size is not None else '[None]'
    given = ReceiverInput('examples', 'examples', shape, f'{view.tensorflow_name()}.string', (size,) if size else ())
    return Receiver((given,), statements, feature_spec=spec)


def _raw_inputs(view: ModuleView, call: cst.Call) -> tuple[ReceiverInput, ...]:
    values = arguments(call, ['features', 'default_batch_size']) or {}
    features, size = values.get('features'), values.get('default_batch_size')
    items = dict_items(features) if features is not None else None
    if not items:
        raise Refusal('the features of the raw receiver are not a dict written out in the call', call)
    batch = code(size) if size is not None else 'None'
    inputs: list[ReceiverInput] = []
    for key, value in items:
        name = required_string(view, key, 'the feature name')
        shape, dtype, parts = _example_spec(view, value)
        parts = (*parts, size) if size is not None else parts
        inputs.append(ReceiverInput(name, name, '[' + ', '.join([batch, *shape[1:]]) + ']', dtype, parts))
    return tuple(inputs)


def _example_spec(
    view: ModuleView, node: cst.BaseExpression
) -> tuple[list[str], str, tuple[cst.BaseExpression, ...]]:
    """The shape and dtype of a feature's stand-in (a constant of literals, or a placeholder), and their source.

    TF1 puts the batch size in place of the first dimension, and gives a scalar one.
    """
    called = view.called(node)
    if called == 'placeholder' and isinstance(node, cst.Call):
        values = arguments(node, ['dtype', 'shape', 'name']) or {}
        shape = values.get('shape')
        if 'dtype' in values and isinstance(shape, cst.List | cst.Tuple):
            return [code(e.value) for e in shape.elements], code(values['dtype']), (shape, values['dtype'])
    if called == 'constant' and isinstance(node, cst.Call):
        values = arguments(node, ['value', 'dtype', 'shape', 'name']) or {}
        spec = _literal_spec(view, values)
        if spec is not None:
            return (*spec, (values['dtype'],) if 'dtype' in values else ())
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
        value = _of_one_type(value)
    if 'dtype' in values:
        return shape, code(values['dtype'])
    dtype = _CONSTANT_DTYPES.get(type(value))
    return (shape, f'{view.tensorflow_name()}.{dtype}') if dtype is not None else None


def _of_one_type(values: list[object] | tuple[object, ...]) -> object:
    """The first of the values; None if TensorFlow may take their type from another one (`[1, 2.5]`)."""
    return values[0] if len({type(value) for value in values}) == 1 else None
