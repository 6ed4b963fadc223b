"""What libcst nodes tell by themselves: what stands below them, their parts and text, the names they read and bind."""

from rewriters.syntax.names import declared_names, every_name, free_names, name_nodes, names_used, reads
from rewriters.syntax.nodes import (
    arguments,
    assigned_name,
    assigned_value,
    code,
    comments,
    dict_items,
    dotted_name,
    expression,
    one_line,
    only_small_statement,
    replace_nodes,
    statement,
    string_value,
    suite,
    value_of,
)
from rewriters.trees import find_all

__all__ = [
    'arguments',
    'assigned_name',
    'assigned_value',
    'code',
    'comments',
    'declared_names',
    'dict_items',
    'dotted_name',
    'every_name',
    'expression',
    'find_all',
    'free_names',
    'name_nodes',
    'names_used',
    'one_line',
    'only_small_statement',
    'reads',
    'replace_nodes',
    'statement',
    'string_value',
    'suite',
    'value_of',
]
