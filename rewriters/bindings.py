"""The scopes of a module as a tree, and what names are bound to in each."""

from __future__ import annotations

import ast
from dataclasses import dataclass, field
from typing import NamedTuple

END = (1 << 30, 0)
"""Behind every place of a module."""


class Binding(NamedTuple):
    """What a name was bound to: an imported qualified name, or an expression to follow, or neither."""

    imported: str | None = None
    expression: str | None = None
    line: int = 0
    """Where the expression was assigned."""
    giver: str = ''
    """What gives it, if its name is one that TensorFlow goes by: `import_tf()`, or a caller."""


@dataclass(eq=False)
class Scope:
    """One scope: where it starts and ends, and what its names are bound to."""

    start: tuple[int, int]
    end: tuple[int, int]
    parent: Scope | None
    is_class: bool = False
    bindings: dict[str, list[Binding]] = field(default_factory=dict)
    children: list[Scope] = field(default_factory=list)

    def bind(self, name: str, binding: Binding) -> None:
        self.bindings.setdefault(name, []).append(binding)

    def innermost(self, position: tuple[int, int]) -> Scope:
        for child in self.children:
            if child.start <= position < child.end:
                return child.innermost(position)
        return self

    def owner(self, name: str) -> Scope | None:
        """The scope whose binding of `name` is seen from here; class scopes are seen only from themselves."""
        current: Scope | None = self
        while current is not None:
            if name in current.bindings and (current is self or not current.is_class):
                return current
            current = current.parent
        return None

    def open(self, first: ast.AST, whole: ast.AST, is_class: bool = False) -> Scope:
        """A scope inside of this one, from where `first` starts to where `whole` ends."""
        start = (getattr(first, 'lineno', 0), getattr(first, 'col_offset', 0))
        end = (getattr(whole, 'end_lineno', 0), getattr(whole, 'end_col_offset', 0))
        child = Scope(start, end, self, is_class)
        self.children.append(child)
        return child
