"""Lookup tables of TF1 as tracked `tf.lookup` tables.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/contrib/lookup
https://www.tensorflow.org/api_docs/python/tf/lookup/StaticHashTable
"""

from __future__ import annotations

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.serving import bracketed
from rewriters.refusal import Refusal
from rewriters.syntax import arguments, code, expression, one_line

_STRINGS = ('mapping', 'default_value', 'name')
_INDICES = ('mapping', 'num_oov_buckets', 'default_value', 'hasher_spec', 'dtype', 'name')
_HASH_TABLE = ('initializer', 'default_value', 'shared_name', 'name', 'experimental_is_anonymous')


def table_expression(view: ModuleView, call: cst.Call, tf: str) -> cst.BaseExpression:
    """The call that makes the table in TensorFlow 2, with the same contents and default value.

    Raises:
        Refusal: out-of-vocabulary buckets and other options that StaticHashTable does not have.
    """
    called = view.called(call)
    if called == 'contrib.lookup.index_to_string_table_from_tensor':
        values = _values(call, _STRINGS)
        keys = _indices(view, values['mapping'], tf)
        default = code(values['default_value']) if 'default_value' in values else "'UNK'"
        return _static_table(tf, keys, code(values['mapping']), default)
    if called == 'contrib.lookup.index_table_from_tensor':
        values = _values(call, _INDICES)
        if {'num_oov_buckets', 'hasher_spec', 'dtype'} & values.keys():
            raise Refusal('the table hashes words that are not in it, or has keys that are no strings', call)
        default = code(values['default_value']) if 'default_value' in values else '-1'
        keys = _indices(view, values['mapping'], tf)
        return _static_table(tf, code(values['mapping']), keys, default)
    values = _values(call, _HASH_TABLE)
    if 'default_value' not in values:
        raise Refusal('the table is made in a way that is not understood', call)
    initializer = _initializer(view, values['initializer'], tf)
    default = code(values['default_value'])
    return expression(bracketed(f'{tf}.lookup.StaticHashTable(', [initializer, default], ')'))


def _values(call: cst.Call, parameters: tuple[str, ...]) -> dict[str, cst.BaseExpression]:
    values = arguments(call, parameters)
    if values is None or parameters[0] not in values:
        raise Refusal('the table is made in a way that is not understood', call)
    return values


def _static_table(tf: str, keys: str, contents: str, default: str) -> cst.BaseExpression:
    initializer = f'{tf}.lookup.KeyValueTensorInitializer({keys}, {contents})'
    return expression(bracketed(f'{tf}.lookup.StaticHashTable(', [initializer, default], ')'))


def _indices(view: ModuleView, mapping: cst.BaseExpression, tf: str) -> str:
    """The numbers 0, 1, 2 … of the words in `mapping`."""
    words = None
    if isinstance(mapping, cst.Call) and view.called(mapping) == 'constant':
        words = arguments(mapping, ['value'])
    listed = words['value'] if words else mapping
    if isinstance(listed, cst.List | cst.Tuple):
        return f'{tf}.range({len(listed.elements)}, dtype={tf}.int64)'
    if isinstance(listed, cst.Name) and isinstance(view.constant(listed), cst.List | cst.Tuple):
        return f'{tf}.range(len({listed.value}), dtype={tf}.int64)'
    if isinstance(listed, cst.Name):
        return f'{tf}.range({tf}.size({listed.value}, {tf}.int64), dtype={tf}.int64)'
    return f'{tf}.range({tf}.size({code(mapping)}, {tf}.int64), dtype={tf}.int64)'


def _initializer(view: ModuleView, node: cst.BaseExpression, tf: str) -> str:
    called = view.called(node)
    known = {
        'contrib.lookup.KeyValueTensorInitializer': 'KeyValueTensorInitializer',
        'lookup.KeyValueTensorInitializer': 'KeyValueTensorInitializer',
        'contrib.lookup.TextFileInitializer': 'TextFileInitializer',
        'lookup.TextFileInitializer': 'TextFileInitializer',
    }
    if called not in known or not isinstance(node, cst.Call):
        raise Refusal(f'the table is filled by `{one_line(node)}`, which is not understood', node)
    return code(node.with_changes(func=cst.parse_expression(f'{tf}.lookup.{known[called]}')))
