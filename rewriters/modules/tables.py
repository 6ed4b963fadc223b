"""Lookup tables of TF1 as `tf.lookup` tables.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/contrib/lookup
https://www.tensorflow.org/api_docs/python/tf/lookup/StaticHashTable
"""

from __future__ import annotations

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.serving import bracketed
from rewriters.refusal import Refusal
from rewriters.syntax import arguments, code, dotted_name, expression, one_line

_STRINGS = ('mapping', 'default_value', 'name')
_INDICES = ('mapping', 'num_oov_buckets', 'default_value', 'hasher_spec', 'dtype', 'name')
_FILE_STRINGS = ('vocabulary_file', 'vocab_size', 'default_value', 'name')
_FILE_INDICES = ('vocabulary_file', 'num_oov_buckets', 'vocab_size', 'default_value')
_HASH_TABLE = ('initializer', 'default_value', 'shared_name', 'name', 'experimental_is_anonymous')


def table_expression(
    view: ModuleView, call: cst.Call, tf: str, table: str = 'lookup.StaticHashTable'
) -> cst.BaseExpression:
    """The call that makes the table in TensorFlow 2, with the same contents and default value.

    `table` is the class to make, which takes an initializer and a default value.

    Raises:
        Refusal: out-of-vocabulary buckets and other options that StaticHashTable does not have.
    """
    called = view.called(call)
    if called == 'contrib.lookup.index_to_string_table_from_tensor':
        values = _values(call, _STRINGS)
        keys = _indices(view, values['mapping'], tf)
        default = code(values['default_value']) if 'default_value' in values else "'UNK'"
        return _static_table(tf, table, keys, code(values['mapping']), default)
    if called == 'contrib.lookup.index_table_from_tensor':
        values = _values(call, _INDICES)
        if {'num_oov_buckets', 'hasher_spec', 'dtype'} & values.keys():
            raise Refusal('the table hashes words that are not in it, or has keys that are no strings', call)
        default = code(values['default_value']) if 'default_value' in values else '-1'
        keys = _indices(view, values['mapping'], tf)
        return _static_table(tf, table, code(values['mapping']), keys, default)
    values = _values(call, _HASH_TABLE)
    if 'default_value' not in values:
        raise Refusal('the table is made in a way that is not understood', call)
    initializer = _initializer(view, values['initializer'], tf)
    default = code(values['default_value'])
    return expression(bracketed(f'{tf}.{table}(', [initializer, default], ')'))


def file_table_expression(call: cst.Call, called: str, tf: str, table: str) -> cst.BaseExpression:
    """The same for `called`, which makes a table of the lines of a file.

    Raises:
        Refusal: out-of-vocabulary buckets and other options.
    """
    lines = [f'{tf}.string', f'{tf}.lookup.TextFileIndex.WHOLE_LINE']
    numbers = [f'{tf}.int64', f'{tf}.lookup.TextFileIndex.LINE_NUMBER']
    to_strings = called == 'contrib.lookup.index_to_string_table_from_file'
    values = _values(call, _FILE_STRINGS if to_strings else _FILE_INDICES)
    if 'num_oov_buckets' in values:
        raise Refusal('the table hashes words that are not in it', call)
    columns = [*numbers, *lines] if to_strings else [*lines, *numbers]
    size = [f'vocab_size={code(values["vocab_size"])}'] if 'vocab_size' in values else []
    parts = [code(values['vocabulary_file']), *columns, *size]
    initializer = bracketed(f'{tf}.lookup.TextFileInitializer(', parts, ')', 4)
    default = code(values['default_value']) if 'default_value' in values else "'UNK'" if to_strings else '-1'
    return expression(bracketed(f'{tf}.{table}(', [initializer, default], ')'))


def _values(call: cst.Call, parameters: tuple[str, ...]) -> dict[str, cst.BaseExpression]:
    values = arguments(call, parameters)
    if values is None or parameters[0] not in values:
        raise Refusal('the table is made in a way that is not understood', call)
    return values


def _static_table(tf: str, table: str, keys: str, contents: str, default: str) -> cst.BaseExpression:
    initializer = f'{tf}.lookup.KeyValueTensorInitializer({keys}, {contents})'
    return expression(bracketed(f'{tf}.{table}(', [initializer, default], ')'))


def _indices(view: ModuleView, mapping: cst.BaseExpression, tf: str) -> str:
    """The numbers 0, 1, 2 … of the words in `mapping`."""
    words = None
    if isinstance(mapping, cst.Call) and view.called(mapping) == 'constant':
        words = arguments(mapping, ['value'])
    listed = words['value'] if words else mapping
    if isinstance(listed, cst.List | cst.Tuple):
        return f'{tf}.range({len(listed.elements)}, dtype={tf}.int64)'
    counted = _counted(listed)
    if counted is not None:
        return f'{tf}.range({code(counted)}, dtype={tf}.int64)'
    if isinstance(listed, cst.Name) and isinstance(view.constant(listed), cst.List | cst.Tuple):
        return f'{tf}.range(len({listed.value}), dtype={tf}.int64)'
    if isinstance(listed, cst.Name):
        return f'{tf}.range({tf}.size({listed.value}, out_type={tf}.int64), dtype={tf}.int64)'
    return f'{tf}.range({tf}.size({code(mapping)}, out_type={tf}.int64), dtype={tf}.int64)'


def _counted(node: cst.BaseExpression) -> cst.BaseExpression | None:
    """`n` of `[… for i in range(n)]`, a list of so many words."""
    loop = node.for_in if isinstance(node, cst.ListComp) else None
    if loop is None or loop.ifs or loop.inner_for_in is not None or not isinstance(loop.iter, cst.Call):
        return None
    plain = len(loop.iter.args) == 1 and loop.iter.args[0].keyword is None and not loop.iter.args[0].star
    return loop.iter.args[0].value if plain and dotted_name(loop.iter.func) == 'range' else None


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
