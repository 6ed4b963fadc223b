"""One parsed module as readers and writers see it: nodes with places and symbols, functions by name."""

from __future__ import annotations

import functools
import itertools
from collections import Counter
from collections.abc import Iterator
from typing import TypeVar

import libcst as cst
from libcst.metadata import CodeRange

from rewriters.bindings import Scope
from rewriters.findings import Place
from rewriters.options import SESSION_MODULE
from rewriters.origins import Origins
from rewriters.positions import Positions
from rewriters.statements import Statements
from rewriters.symbols import Symbols, canonical
from rewriters.syntax import assigned_name, assigned_value, code, dotted_name, every_name, names_used
from rewriters.trees import walk, with_parents

_Node = TypeVar('_Node', bound=cst.CSTNode)


def parse_module(text: str) -> cst.Module:
    """The libcst module of a source.

    Raises:
        libcst.ParserSyntaxError: libcst does not parse what Python parses.
    """
    # libcst forgets a last newline that is a bare carriage return.
    return cst.parse_module(text).with_changes(has_trailing_newline=text.endswith(('\n', '\r')))


class ModuleView:
    """A libcst module, where its nodes stand, and which TensorFlow symbols they mean.

    `origins` tell where a place stood before names were edited; `session_module` is by what name the project imports
    the support module of sessions.

    Raises:
        libcst.ParserSyntaxError: libcst does not parse what Python parses.
    """

    def __init__(
        self, text: str, symbols: Symbols, origins: Origins | None = None, session_module: str = SESSION_MODULE
    ) -> None:
        self.text = text
        self.module = parse_module(text)
        self.symbols = symbols
        self._parents = with_parents(self.module)
        self._statements = Statements(self.module, symbols.walk.tree, self._parents)
        self.positions = Positions(text, self.module, self._statements)
        self._by_kind: dict[type[cst.CSTNode], list[cst.CSTNode]] = {}
        for node in walk(self.module):
            self._by_kind.setdefault(type(node), []).append(node)
        self._heads = frozenset(self.symbols.heads)
        self._meanings: dict[cst.CSTNode, str | None] = {}
        self._scopes: dict[cst.CSTNode, Scope | None] = {}
        self.origins = origins
        self.session_module = session_module

    @functools.cached_property
    def source_names(self) -> frozenset[str]:
        """Every name of the source."""
        return every_name(self.module)

    @functools.cached_property
    def names(self) -> set[str]:
        """The source's names, and those that were given out."""
        return set(self.source_names)

    @functools.cached_property
    def functions(self) -> dict[str, cst.FunctionDef]:
        """The module-level functions whose names mean nothing else: bound once, and not decorated."""
        bound = Counter(name for statement in self.module.body for name in names_used(statement)[1])
        functions = [s for s in self.module.body if isinstance(s, cst.FunctionDef) and not s.decorators]
        return {function.name.value: function for function in functions if bound[function.name.value] == 1}

    @functools.cached_property
    def calls(self) -> tuple[cst.Call, ...]:
        """Every call in the module, in source order."""
        return tuple(self.find_all(cst.Call))

    @functools.cached_property
    def _calls_by_symbol(self) -> dict[str | None, list[cst.Call]]:
        found: dict[str | None, list[cst.Call]] = {}
        for call in self.calls:
            found.setdefault(self.called(call), []).append(call)
        return found

    def calls_of(self, symbol: str) -> list[cst.Call]:
        """Every call of a TensorFlow symbol, by its canonical name, in source order."""
        return self._calls_by_symbol.get(symbol, [])

    def find_all(self, kind: type[_Node]) -> list[_Node]:
        """Every node of just this type in the module, in source order."""
        return self._by_kind.get(kind, [])  # type: ignore[return-value]

    def range(self, node: cst.CSTNode) -> CodeRange:
        return self.positions.range(node)

    def place(self, node: cst.CSTNode) -> Place:
        (line, column), (end_line, end_column) = self.positions.start(node), self.positions.end(node)
        return Place(line, column + 1, end_line, end_column + 1)

    def origin(self, node: cst.CSTNode) -> Place:
        """The place in the file as it was given, to tell a person."""
        place = self.place(node)
        return self.origins.place(place) if self.origins is not None else place

    def line(self, node: cst.CSTNode) -> int:
        return self.positions.line(node)

    def new_name(self, name: str) -> str:
        """`name`, or `name_2`, `name_3` …, whichever no name of the module is, nor any that was given out before."""
        candidate, number = name, 2
        while candidate in self.names:
            candidate, number = f'{name}_{number}', number + 1
        self.names.add(candidate)
        return candidate

    def symbol(self, node: cst.CSTNode) -> str | None:
        """The canonical name of the TensorFlow symbol that a name or attribute chain means, else None."""
        head = node
        while type(head) is cst.Attribute:
            head = head.value
        if type(head) is not cst.Name or head.value not in self._heads or node not in self._parents:
            return None
        if node not in self._meanings:
            qualified = self.symbols.resolve_in(dotted_name(node) or '', self.scope(node))
            self._meanings[node] = canonical(qualified) if qualified is not None else None
        return self._meanings[node]

    def called(self, node: cst.CSTNode | None) -> str | None:
        """The canonical name of the TensorFlow symbol that `node` calls, else None."""
        return self.symbol(node.func) if isinstance(node, cst.Call) else None

    def binds_placeholder(self, node: cst.CSTNode) -> str | None:
        """`x` for a statement `x = tf.placeholder(…)`."""
        return assigned_name(node) if self.called(assigned_value(node)) == 'placeholder' else None

    def imported(self, node: cst.CSTNode) -> str | None:
        """The qualified name of a name or attribute chain that starts at something the module imports."""
        dotted = dotted_name(node)
        if dotted is None or node not in self._parents:
            return None
        return self.symbols.qualified_in(dotted, self.scope(node))

    def is_global(self, name: cst.Name) -> bool:
        """Whether a name is read from the module's top level."""
        return self.symbols.is_global_in(name.value, self.scope(name))

    def scope(self, node: cst.CSTNode) -> Scope:
        """The scope in which the names at a node mean something."""
        statement = self._statements.around(node)
        if statement not in self._scopes:
            self._scopes[statement] = self._only_scope(statement)
        scope = self._scopes[statement]
        return scope if scope is not None else self.symbols.scope_at(*self.positions.start(node))

    def _only_scope(self, statement: cst.CSTNode) -> Scope | None:
        """The scope of whatever stands in a statement, the blocks in it aside; None where there is more than one."""
        extent = self._statements.extent(statement)
        return self.symbols.only_scope(*extent) if extent is not None else None

    def constant(self, name: cst.Name) -> cst.BaseExpression | None:
        """What the module's top level binds `name` to, if it does so once and nothing around the name hides it."""
        if name not in self._parents or not self.is_global(name):
            return None
        declared = {item.name.value for item in self.find_all(cst.NameItem)}
        bindings = [statement for statement in self.module.body if name.value in names_used(statement)[1]]
        if name.value in declared or len(bindings) != 1 or assigned_name(bindings[0]) != name.value:
            return None
        return assigned_value(bindings[0])

    def ancestors(self, node: cst.CSTNode) -> Iterator[cst.CSTNode]:
        """The nodes around `node`, innermost first."""
        parent = self._parents.get(node)
        while parent is not None:
            yield parent
            parent = self._parents[parent]

    def holds(self, node: cst.CSTNode) -> bool:
        """Whether a node stands in the source, and was not made by us."""
        return node in self._parents

    def is_top_level(self, node: cst.CSTNode) -> bool:
        """Whether a statement stands at the module's top level, or is the module."""
        return node is self.module or self._parents[node] is self.module

    def is_attribute_name(self, node: cst.CSTNode) -> bool:
        """Whether a name is the part behind the dot of an attribute, or a keyword."""
        parent = self._parents.get(node)
        if isinstance(parent, cst.Attribute):
            return parent.attr is node
        return isinstance(parent, cst.Arg) and parent.keyword is node

    def method_call(self, node: cst.CSTNode) -> cst.Call | None:
        """The call `node.method(…)`, if `node` stands in one."""
        attribute = self._parents.get(node)
        call = self._parents.get(attribute) if attribute is not None else None
        is_method = isinstance(attribute, cst.Attribute) and attribute.value is node
        return call if is_method and isinstance(call, cst.Call) and call.func is attribute else None

    def is_only_statement(self, node: cst.CSTNode) -> bool:
        """Whether a block has no other statement."""
        parent = self._parents[node]
        return isinstance(parent, cst.IndentedBlock) and len(parent.body) == 1

    def next_statement(self, node: cst.CSTNode) -> cst.BaseStatement | None:
        """The statement after `node` in the same body."""
        parent = self._parents[node]
        body = parent.body if isinstance(parent, cst.Module | cst.IndentedBlock) else ()
        after = [other for previous, other in itertools.pairwise(body) if previous is node]
        return after[0] if after and isinstance(after[0], cst.BaseStatement) else None

    def enclosing_function(self, node: cst.CSTNode) -> cst.FunctionDef | None:
        """The innermost function that `node` stands in."""
        return next((outer for outer in self.ancestors(node) if isinstance(outer, cst.FunctionDef)), None)

    def tensorflow_name(self) -> str | None:
        """The name under which the module has TensorFlow 2's API: `tf` of `import tensorflow as tf`."""
        names = self.symbols.module_names('tensorflow')
        return 'tf' if 'tf' in names else names[0] if names else None

    def code(self, node: cst.CSTNode) -> str:
        return code(node)
