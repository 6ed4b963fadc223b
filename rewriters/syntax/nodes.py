"""Small helpers over libcst nodes: dotted names, call arguments, statements, literals, comments, replacements."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TypeVar, cast

import libcst as cst

from rewriters.trees import find_all

_Node = TypeVar('_Node', bound=cst.CSTNode)
_TEMPLATE = cst.PartialParserConfig(default_indent='    ', default_newline='\n')


def dotted_name(node: cst.CSTNode) -> str | None:
    """`a.b.c` for a chain of attributes on a name, else None."""
    parts: list[str] = []
    while isinstance(node, cst.Attribute):
        parts.append(node.attr.value)
        node = node.value
    if not isinstance(node, cst.Name):
        return None
    return '.'.join([node.value, *reversed(parts)])


def code(node: cst.CSTNode) -> str:
    """The node's source text."""
    return cst.Module([]).code_for_node(node)


def one_line(node: cst.CSTNode) -> str:
    """The node's source text for a message."""
    return ' '.join(code(node).split())


def statement(text: str) -> cst.BaseStatement | cst.SimpleStatementLine:
    """Parses a statement of our own; its indentation follows the module that it is put into."""
    return cst.parse_statement(text, config=_TEMPLATE)


def expression(text: str) -> cst.BaseExpression:
    return cst.parse_expression(text, config=_TEMPLATE)


def arguments(call: cst.Call, parameters: Sequence[str]) -> dict[str, cst.BaseExpression] | None:
    """Arguments by parameter name; None for `*args`, `**kwargs`, unknown keywords or too many positions."""
    values: dict[str, cst.BaseExpression] = {}
    for position, argument in enumerate(call.args):
        if argument.star:
            return None
        if argument.keyword is not None:
            name = argument.keyword.value
        elif position < len(parameters):
            name = parameters[position]
        else:
            return None
        if name not in parameters or name in values:
            return None
        values[name] = argument.value
    return values


def string_value(node: cst.CSTNode | None) -> str | None:
    """The value of a plain string literal, else None."""
    if isinstance(node, cst.SimpleString | cst.ConcatenatedString):
        value = node.evaluated_value
        return value if isinstance(value, str) else None
    return None


def only_small_statement(node: cst.CSTNode) -> cst.BaseSmallStatement | None:
    """The one small statement of a line; None for compound statements and lines with `;`."""
    if isinstance(node, cst.SimpleStatementLine) and len(node.body) == 1:
        return node.body[0]
    return None


def assigned_value(node: cst.CSTNode) -> cst.BaseExpression | None:
    """The right side of a plain assignment or the expression of an expression statement."""
    small = only_small_statement(node)
    if isinstance(small, cst.Assign | cst.Expr):
        return small.value
    return None


def assigned_name(node: cst.CSTNode) -> str | None:
    """`x` for a statement `x = …`."""
    small = only_small_statement(node)
    if isinstance(small, cst.Assign) and len(small.targets) == 1 and isinstance(small.targets[0].target, cst.Name):
        return small.targets[0].target.value
    return None


def value_of(node: cst.CSTNode, name: str) -> cst.BaseExpression | None:
    """The right side of a plain assignment to `name`: neither to a part of it, nor to several names at once."""
    small = only_small_statement(node)
    if not isinstance(small, cst.Assign):
        return None
    targets = [target.target for target in small.targets]
    return small.value if any(isinstance(t, cst.Name) and t.value == name for t in targets) else None


def suite(node: cst.CSTNode) -> Sequence[cst.BaseStatement] | None:
    """The statements of an indented block, or None for `if x: y` on one line."""
    return node.body if isinstance(node, cst.IndentedBlock) else None


def comments(node: cst.CSTNode) -> list[cst.EmptyLine]:
    """Every comment at or below `node`, each as a line of its own."""
    found = (cst.ensure_type(comment, cst.Comment) for comment in find_all(node, cst.Comment))
    return [cst.EmptyLine(comment=cst.Comment(comment.value)) for comment in found]


class _Replacer(cst.CSTTransformer):
    def __init__(self, replacements: Mapping[cst.CSTNode, cst.CSTNode]) -> None:
        self._replacements = replacements

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node not in self._replacements

    def on_leave(self, original_node: cst.CSTNodeT, updated_node: cst.CSTNodeT) -> cst.CSTNodeT:
        replacement = self._replacements.get(original_node, updated_node)
        return cast(cst.CSTNodeT, replacement)


def replace_nodes(node: _Node, replacements: Mapping[cst.CSTNode, cst.CSTNode]) -> _Node:
    """`node` with some of the nodes below it (known by identity) replaced."""
    if not replacements:
        return node
    return cast(_Node, node.visit(_Replacer(replacements)))


def dict_items(node: cst.CSTNode) -> list[tuple[cst.BaseExpression, cst.BaseExpression]] | None:
    """The (key, value) expressions of a dict display without `**`, or of `dict(a=…)`; None for anything else."""
    if isinstance(node, cst.Dict):
        pairs = [(e.key, e.value) for e in node.elements if isinstance(e, cst.DictElement)]
        return pairs if len(pairs) == len(node.elements) else None
    if isinstance(node, cst.Call) and isinstance(node.func, cst.Name) and node.func.value == 'dict':
        named = [(cst.SimpleString(repr(a.keyword.value)), a.value) for a in node.args if a.keyword is not None]
        return list(named) if len(named) == len(node.args) else None
    return None
