"""Rebuilds a syntax tree around the nodes that change, and keeps all others: these still stand in the source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import fields
from typing import TypeVar, cast

import libcst as cst

_Node = TypeVar('_Node', bound=cst.CSTNode)
Change = Callable[[cst.CSTNode], cst.CSTNode]


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
