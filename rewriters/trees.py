"""Walks and rebuilds syntax trees: around the nodes that change only, so that all others still stand in the source."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import fields
from typing import TypeVar, cast

import libcst as cst

_Node = TypeVar('_Node', bound=cst.CSTNode)
Change = Callable[[cst.CSTNode], cst.CSTNode]
_LAYOUT = frozenset(
    'colon comma dot footer header lbrace lbracket leading_lines lines_after_decorators lpar rbrace rbracket rpar '
    'semicolon trailing_whitespace'.split()
)
_FIELDS: dict[type[cst.CSTNode], tuple[str, ...]] = {}


def walk(node: cst.CSTNode) -> Iterator[cst.CSTNode]:
    """`node` and everything below it but the layout, in no order; faster than a visitor, which rebuilds the tree."""
    todo = [node]
    while todo:
        node = todo.pop()
        yield node
        for name in _fields(type(node)):
            value = getattr(node, name)
            if isinstance(value, cst.CSTNode):
                todo.append(value)
            elif isinstance(value, list | tuple):
                todo += [item for item in value if isinstance(item, cst.CSTNode)]


def _fields(kind: type[cst.CSTNode]) -> tuple[str, ...]:
    if kind not in _FIELDS:
        names = [field.name for field in fields(kind)]
        _FIELDS[kind] = tuple(name for name in names if name not in _LAYOUT and not name.startswith('whitespace'))
    return _FIELDS[kind]


def with_changed_children(node: _Node, change: Change) -> _Node:
    """`node` with `change` made to each node right below it; `node` itself if that changes nothing."""
    new: dict[str, object] = {}
    for field in fields(node):
        value = getattr(node, field.name)
        if isinstance(value, cst.CSTNode):
            changed: object = change(value)
        elif isinstance(value, list | tuple):
            items = [change(item) if isinstance(item, cst.CSTNode) else item for item in value]
            same = all(new is old for new, old in zip(items, value, strict=True))
            changed = value if same else items
        else:
            continue
        if changed is not value:
            new[field.name] = changed
    return node.with_changes(**new) if new else node


def replaced(node: _Node, change: Callable[[cst.CSTNode], cst.CSTNode | None]) -> _Node:
    """`node` with every node below it, or itself, replaced for which `change` gives another."""

    def visit(inner: cst.CSTNode) -> cst.CSTNode:
        new = change(inner)
        return new if new is not None else with_changed_children(inner, visit)

    return cast(_Node, visit(node))
