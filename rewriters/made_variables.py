"""What variables a module makes, and which of its names and attributes are bound to them."""

from __future__ import annotations

import ast
import functools
import re

from rewriters import symbol_table
from rewriters.bindings import Scope
from rewriters.mentions import places_of
from rewriters.names.equal_calls import is_only_v2, means_same
from rewriters.names.uses import TENSORFLOW
from rewriters.symbols import Symbols, canonical, dotted_name

_STEPS = frozenset(
    f'{home}.{name}_global_step'
    for home in ('contrib.framework', 'train')
    for name in ('create', 'get', 'get_or_create')
)  # fmt: skip
_MAKERS = frozenset({'Variable', 'get_local_variable', 'get_variable', *_STEPS})
_LISTS = frozenset(
    'all_variables global_variables local_variables model_variables moving_average_variables '
    'trainable_variables'.split()
)
_COLLECTIONS = frozenset({'get_collection', 'get_collection_ref'})
_LISTING = _LISTS | _COLLECTIONS
_SWITCHES = frozenset({'disable_resource_variables', 'disable_v2_behavior'})
_NEW_CLASS = f'{TENSORFLOW}.Variable'
# How what makes a variable ends, and the end of what stands before it where that gives it a name.
MADE = ('ariable(', '_global_step(')
_NAMED = re.compile(r'(\w+)[ \t]*=[^=\n]*\Z')


@functools.lru_cache(maxsize=4)  # a text is asked several times
def names_before(calls: tuple[str, ...], text: str) -> frozenset[str]:
    """The names and attributes that what is called is assigned to, where that stands in one line.

    Of each call there is the end of the name.
    """
    starts = places_of(calls, text)
    named = (_NAMED.search(text, text.rfind('\n', 0, start) + 1, start) for start in starts)
    return frozenset(match[1] for match in named if match is not None)


class Variables:
    """The resource variables that a module makes, as far as it tells."""

    def __init__(self, symbols: Symbols, is_switched: bool) -> None:
        self._symbols = symbols
        self.called: dict[ast.AST, str] = {call: canonical(qualified) for call, qualified in symbols.calls}
        self.are_switched = is_switched or any(symbol in _SWITCHES for symbol in self.called.values())
        self.making = {
            call
            for call, qualified in symbols.calls
            if self.called[call] in _MAKERS
            if not self.are_switched or (qualified == _NEW_CLASS and _stays(call))
        }

    @functools.cached_property
    def literal_names(self) -> set[str]:
        """What the module calls its variables, where it says so in so many words."""
        names = set()
        for call in self.making:
            symbol = self.called[call]
            if symbol in _STEPS:
                names.add('global_step')
            else:
                first = call.args[:1] if symbol != 'Variable' else []
                given = [*first, *(keyword.value for keyword in call.keywords if keyword.arg == 'name')]
                strings = (node.value for node in given if isinstance(node, ast.Constant))
                names |= {string.rpartition('/')[2] for string in strings if isinstance(string, str)}
        return names

    def is_variable(self, node: ast.expr) -> bool:
        """Whether a name or an attribute is bound to a variable, as far as the module tells."""
        return self.is_bound(node) or self._is_attribute(node)

    def is_bound(self, node: ast.expr) -> bool:
        """As `is_variable`, but of attributes only those that are spelled as where they are bound."""
        dotted = dotted_name(node)
        if not isinstance(node, ast.Name):
            return dotted is not None and (None, dotted) in self._bound
        owner = self._symbols.scope_at(node.lineno, node.col_offset).owner(node.id)
        return owner is not None and (owner, node.id) in self._bound

    @functools.cached_property
    def _bound(self) -> set[tuple[Scope | None, str]]:
        """The names and attributes that are bound to variables, names with the scope that binds them."""
        found: set[tuple[Scope | None, str]] = set()
        for node in self._symbols.walk.assigns:
            if node.value in self.making:
                found |= {self._target(target) for target in node.targets}
        are_listed = not self.are_switched and any(symbol in _LISTING for symbol in self.called.values())
        for statement in self._symbols.walk.body if are_listed else ():
            for loop in ast.walk(statement):
                if isinstance(loop, ast.For | ast.comprehension) and self._are_variables(loop.iter):
                    found.add(self._target(loop.target))
        return found

    def _is_attribute(self, node: ast.expr) -> bool:
        """`model.rate`, if all that the module binds to a `rate` of anything are variables."""
        values = self.attributes.get(node.attr, []) if isinstance(node, ast.Attribute) else []
        return bool(values) and all(value in self.making for value in values)

    @functools.cached_property
    def attributes(self) -> dict[str, list[ast.expr]]:
        """What attributes are assigned, whatever they are attributes of."""
        found: dict[str, list[ast.expr]] = {}
        for node in self._symbols.walk.assigns:
            for target in node.targets:
                if isinstance(target, ast.Attribute):
                    found.setdefault(target.attr, []).append(node.value)
        return found

    def _target(self, node: ast.expr) -> tuple[Scope | None, str]:
        owner = self._symbols.scope_at(node.lineno, node.col_offset).owner(dotted_name(node) or '')
        return (owner if isinstance(node, ast.Name) else None), dotted_name(node) or ''

    def _are_variables(self, node: ast.expr) -> bool:
        """Whether an expression lists variables, or is bound to what does, by a name of the same scope."""
        if isinstance(node, ast.Name):
            scope = self._symbols.scope_at(node.lineno, node.col_offset)
            return any(self._are_variables(value) for value in self.assigned(scope.owner(node.id), node.id))
        for call in ast.walk(node):
            symbol = self.called.get(call, '') if isinstance(call, ast.Call) else ''
            if symbol in _LISTS or (symbol in _COLLECTIONS and 'VARIABLES' in ast.unparse(call)):
                return True
        return False

    def assigned(self, owner: Scope | None, name: str) -> list[ast.expr]:
        """What a name of a scope is assigned; not what another name is."""
        return [value for target, value in self._assigned.get(name, ()) if self._target(target)[0] is owner]

    @functools.cached_property
    def _assigned(self) -> dict[str, list[tuple[ast.Name, ast.expr]]]:
        found: dict[str, list[tuple[ast.Name, ast.expr]]] = {}
        for node in self._symbols.walk.assigns:
            for target in node.targets:
                if isinstance(target, ast.Name) and not isinstance(node.value, ast.Name):
                    found.setdefault(target.id, []).append((target, node.value))
        return found


@functools.lru_cache(maxsize=1)  # two modules ask for those of the same file
def read_variables(symbols: Symbols, is_switched: bool) -> Variables:
    """The variables of a module; `is_switched` says that its new text switches TensorFlow 2's behavior off."""
    return Variables(symbols, is_switched)


def _stays(call: ast.Call) -> bool:
    """Whether `tf.Variable(…)` is still called so in the new text: then it is the class of TensorFlow 2."""
    symbol = symbol_table.find('Variable')
    return symbol is not None and (means_same(call, symbol) or is_only_v2(call, symbol))
