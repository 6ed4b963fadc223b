"""What the reports of this room share: calls of TensorFlow by symbol, strings in expressions, and open graphs."""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from rewriters.findings import Place
from rewriters.names import Locator
from rewriters.symbols import Symbols, canonical, dotted_name

_FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_SWITCHES = frozenset({'disable_eager_execution', 'disable_v2_behavior'})


@dataclass
class Source:
    """One module, read without libcst. `consumed` are the stretches of it that are rewritten."""

    text: str
    tree: ast.Module
    symbols: Symbols
    consumed: Sequence[Place]
    locator: Locator = field(init=False)

    def __post_init__(self) -> None:
        self.locator = Locator(self.text)

    def calls(self) -> list[ast.Call]:
        """Every call, in source order."""
        return self._calls

    @functools.cached_property
    def _calls(self) -> list[ast.Call]:
        return sorted(self.symbols.walk.calls, key=lambda call: (call.lineno, call.col_offset))

    def called(self, call: ast.Call) -> str:
        """The canonical name of the TensorFlow symbol that is called; empty where it is something else."""
        return self._called.get(call, '')

    @functools.cached_property
    def _called(self) -> dict[ast.Call, str]:
        return {call: canonical(qualified) for call, qualified in self.symbols.calls}

    def is_foreign(self, call: ast.Call) -> bool:
        """Whether a call is one of another library: `subprocess.run(…)`."""
        dotted = dotted_name(call.func)
        qualified = self.symbols.qualified(dotted, call.lineno, call.col_offset) if dotted else None
        return qualified is not None and qualified.partition('.')[0] != 'tensorflow'

    def place(self, node: ast.expr) -> Place:
        return self.locator.place(node)

    def is_consumed(self, node: ast.expr) -> bool:
        """Whether the code is gone after the rewrite."""
        place = self.place(node)
        return any(stretch.covers(place) for stretch in self.consumed)

    def strings(self, node: ast.expr) -> list[str]:
        """The string literals in an expression, in order; names count as the literals that the file gives them."""
        found: list[tuple[int, int, str]] = []
        for part in ast.walk(node):
            at = getattr(part, 'lineno', 0), getattr(part, 'col_offset', 0)
            if isinstance(part, ast.Constant) and isinstance(part.value, str):
                found.append((*at, part.value))
            elif isinstance(part, ast.Name):
                found += [(*at, value) for value in self._literals(part.id)]
        return [value for _, _, value in sorted(found)]

    def _literals(self, name: str) -> Iterator[str]:
        for node in self.symbols.walk.assigns:
            literal = node.value.value if isinstance(node.value, ast.Constant) else None
            if isinstance(literal, str) and any(dotted_name(target) == name for target in node.targets):
                yield literal

    def in_graph(self, call: ast.Call) -> bool:
        """Whether a graph is open around a call, as far as the file tells, or the whole program builds graphs."""
        place = self.place(call)
        if any(self.called(other) in _SWITCHES for other in self.calls()):
            return True
        blocks = [node for node in self.symbols.walk.withs if _opens_graph(node)]
        return any(self.locator.place(block).covers(place) for block in blocks)

    def is_wrapped(self, call: ast.Call) -> bool:
        """Whether a call stands in a function that tf.compat.v1.wrap_function makes a graph function of."""
        place = self.place(call)
        return any(self.locator.place(function).covers(place) for function in self._wrapped())

    def _wrapped(self) -> Iterator[ast.Lambda | ast.FunctionDef | ast.AsyncFunctionDef]:
        wrapped: set[str] = set()
        for call in self.calls():
            if self.called(call) == 'wrap_function' and call.args:
                if isinstance(call.args[0], ast.Lambda):
                    yield call.args[0]
                wrapped.add((dotted_name(call.args[0]) or '').split('.')[-1])
        for node in ast.walk(self.tree):
            if isinstance(node, _FUNCTIONS) and node.name in wrapped:
                yield node


def _opens_graph(node: ast.With) -> bool:
    return any(_enters_graph(item.context_expr) for item in node.items)


def _enters_graph(node: ast.expr) -> bool:
    if not isinstance(node, ast.Call):
        return False
    is_default = isinstance(node.func, ast.Attribute) and node.func.attr == 'as_default'
    return is_default or any(keyword.arg == 'graph' for keyword in node.keywords)


def argument(call: ast.Call, position: int, keyword: str) -> ast.expr | None:
    """An argument by its position or its keyword."""
    named = next((k.value for k in call.keywords if k.arg == keyword), None)
    return named if named is not None or position >= len(call.args) else call.args[position]
