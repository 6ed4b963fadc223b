"""Walks and rebuilds syntax trees: around the nodes that change only, so that all others still stand in the source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TypeVar, cast

import libcst as cst

_Node = TypeVar('_Node', bound=cst.CSTNode)
Change = Callable[[cst.CSTNode], cst.CSTNode]
_LAYOUT = frozenset(
    'colon comma dot footer header lbrace lbracket leading_lines lines_after_decorators lpar rbrace rbracket rpar '
    'semicolon trailing_whitespace'.split()
)
_DEFAULT = cst.MaybeSentinel.DEFAULT
_Tables = dict[type[cst.CSTNode], tuple[str, ...]]
# By a node's type, its attributes that hold nodes, last first: as a stack wants them.
_TABLES: _Tables = {}
_WITH_LAYOUT: _Tables = {}


def walk(node: cst.CSTNode) -> list[cst.CSTNode]:
    """`node` and everything below it but the layout, in source order; a visitor would build a new tree on the way."""
    return _walk(node, _TABLES)


def find_all(node: cst.CSTNode, kind: type[cst.CSTNode] | tuple[type[cst.CSTNode], ...]) -> list[cst.CSTNode]:
    """Every node of a kind at or below `node`, in source order. Of the layout, only comments can be asked for."""
    tables = _WITH_LAYOUT if kind is cst.Comment else _TABLES
    # Node classes that can be made have no subclasses, and libcst's take long to tell an instance.
    kinds = kind if isinstance(kind, tuple) else (kind,)
    return [found for found in _walk(node, tables) if type(found) in kinds]


def children(node: cst.CSTNode) -> list[cst.CSTNode]:
    """The nodes right below `node` but the layout, in source order."""
    found: list[cst.CSTNode] = []
    for name in reversed(_TABLES.get(type(node)) or _table(node, _TABLES)):
        value = getattr(node, name)
        if value.__class__ is list or value.__class__ is tuple:
            found += value
        elif value is not None and value is not _DEFAULT:
            found.append(value)
    return found


def with_parents(tree: cst.CSTNode) -> dict[cst.CSTNode, cst.CSTNode | None]:
    """What each node that `walk` finds stands right below."""
    found: dict[cst.CSTNode, cst.CSTNode | None] = {tree: None}
    for node in walk(tree):
        for name in _TABLES[type(node)]:
            value = getattr(node, name)
            if value.__class__ is list or value.__class__ is tuple:
                for child in value:
                    found[child] = node
            elif value is not None and value is not _DEFAULT:
                found[value] = node
    return found


def _walk(node: cst.CSTNode, tables: _Tables) -> list[cst.CSTNode]:
    found = []
    todo = [node]
    while todo:
        node = todo.pop()
        found.append(node)
        names = tables.get(type(node))
        for name in names if names is not None else _table(node, tables):
            value = getattr(node, name)
            if value.__class__ is list or value.__class__ is tuple:
                todo += value[::-1]
            elif value is not None and value is not _DEFAULT:
                todo.append(value)
    return found


def _table(node: cst.CSTNode, tables: _Tables) -> tuple[str, ...]:
    """Which attributes hold nodes, and in what order they stand in the source, is asked of libcst once for a type."""
    kind = type(node)
    if kind not in tables:
        order = _Order(node)
        node.visit(order)
        # The format of a replacement field is visited only where there is one: at the end.
        names = dict.fromkeys([*order.attributes, *({'format_spec'} & {field.name for field in fields(kind)})])
        tables[kind] = tuple(name for name in reversed(names) if tables is _WITH_LAYOUT or not _is_layout(name))
    return tables[kind]


def _is_layout(attribute: str) -> bool:
    return attribute in _LAYOUT or attribute.startswith('whitespace')


class _Order(cst.CSTVisitor):
    """Notes in which order libcst visits the attributes of one node."""

    def __init__(self, node: cst.CSTNode) -> None:
        self._node = node
        self.attributes: list[str] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        return node is self._node

    def on_visit_attribute(self, node: cst.CSTNode, attribute: str) -> None:
        if node is self._node:
            self.attributes.append(attribute)


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
