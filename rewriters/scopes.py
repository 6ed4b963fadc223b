"""One walk over a module: its scopes and what they bind, and every dotted name in the scope where it stands.

The walk keeps a stack of its own, because deep expressions are common in generated code, and it is what every file
pays for: it decides by a node's exact type, and leaves out the nodes in which no name can stand.
"""

from __future__ import annotations

import ast
import bisect
from collections import defaultdict
from collections.abc import Callable, Sequence
from typing import Any, NamedTuple

from rewriters.bindings import END, Binding, Scope
from rewriters.bytes_first import TENSORFLOW_NAMES

_TYPE_CHECKS = ('isinstance', 'issubclass')
IMPORTERS = frozenset({'__import__', 'import_module', 'importorskip'})
"""Functions that import the module of which they are given the name."""
_PARTS_OF_TYPES = (ast.Tuple, ast.Subscript, ast.BinOp)
# Fields whose values are no nodes, or nodes without names. The others come last first, as the stack wants them.
_LEAVES = frozenset('ctx op ops type_comment type_ignores kind conversion simple level module is_async'.split())
_FIELDS = {
    kind: tuple(name for name in reversed(kind._fields) if name not in _LEAVES)
    for kind in vars(ast).values()
    if isinstance(kind, type) and issubclass(kind, ast.AST)
}
_NAMELESS = frozenset({ast.Constant, ast.MatchSingleton, ast.Pass, ast.Break, ast.Continue, str, int, type(None)})
_FIELDS |= dict.fromkeys([ast.Constant, ast.MatchSingleton], ())


class Around(NamedTuple):
    """What stands around an expression, as far as it matters for the names in it."""

    checks_type: bool = False
    """Whether it stands where only the type matters: in isinstance, or as an annotation."""
    f_string: ast.JoinedStr | None = None

    @property
    def plain(self) -> Around:
        return Around(False, self.f_string) if self.checks_type else self


class Chain(NamedTuple):
    """A name or a chain of attributes on a name, where it is read."""

    node: ast.Attribute | ast.Name
    scope: Scope
    call: ast.Call | None
    """The call of which this is the function."""
    around: Around


_chain = tuple.__new__  # in half the time that `Chain(…)` takes: there is one for each name of a module
_NOTHING = Around()
_UNKNOWN = Binding()
_GIVEN = Binding(giver='a caller')


class Walk:
    """What the walk over a module found, in no order. `chains` are by their first word.

    `lines`, if given, are those on which something matters, in order: functions that hold none of them are left out
    but for their names, until `walk_rest`.
    """

    def __init__(self, tree: ast.Module, lines: Sequence[int] | None = None) -> None:
        self.tree = tree
        self._lines = lines
        self.body = tree.body
        self.root = Scope((0, 0), END, None)
        self.chains: defaultdict[str, list[Chain]] = defaultdict(list)
        self.imports: list[ast.Import | ast.ImportFrom] = []
        self.assigned: list[tuple[str, str]] = []
        """(name, first word of the dotted name that is assigned to it)"""
        self.loaded: list[tuple[str, str]] = []
        """(name, module that `importlib.import_module` or the like gives it)"""
        self.given: set[str] = set()
        """names that TensorFlow goes by, and that a call or a caller gives"""
        self.assigns: list[ast.Assign] = []
        self.calls: list[ast.Call] = []
        self.classes: list[ast.ClassDef] = []
        self.withs: list[ast.With] = []
        self._declared: list[tuple[ast.Global | ast.Nonlocal, Scope]] = []
        self._stack: list[tuple[Any, Scope, Around]] = [(tree, self.root, _NOTHING)]
        self._left: list[tuple[ast.FunctionDef | ast.AsyncFunctionDef, Scope, Around]] = []
        self._walk()

    def walk_rest(self) -> None:
        """Goes through the functions that were left out."""
        self._lines = None
        for node, scope, around in self._left:
            self._inside(node, scope, around)
        self._left = []
        self._walk()

    def _walk(self) -> None:
        stack = self._stack
        pop, push = stack.pop, stack.append
        while stack:
            node, scope, around = pop()
            kind = type(node)
            handler = _HANDLERS.get(kind)
            if handler is not None:
                handler(self, node, scope, around)
                continue
            if around.checks_type and kind not in _PARTS_OF_TYPES:
                around = around.plain
            for name in _FIELDS[kind]:
                value = getattr(node, name, None)
                if value.__class__ is list:
                    for item in reversed(value):
                        if type(item) is ast.Name:
                            self._name(item, scope, around)
                        elif type(item) not in _NAMELESS:
                            push((item, scope, around))
                elif type(value) is ast.Name:
                    self._name(value, scope, around)
                elif type(value) not in _NAMELESS:
                    push((value, scope, around))
        self._place_declared()

    def _push(self, nodes: Sequence[Any], scope: Scope, around: Around) -> None:
        self._stack += [(node, scope, around) for node in reversed(nodes) if type(node) not in _NAMELESS]

    # -- names ---------------------------------------------------------------------------------------------------

    def _name(self, node: ast.Name, scope: Scope, around: Around, call: ast.Call | None = None) -> None:
        if type(node.ctx) is ast.Load:
            self.chains[node.id].append(_chain(Chain, (node, scope, call, around)))
        else:
            scope.bind(node.id, _UNKNOWN)

    def _attribute(self, node: ast.Attribute, scope: Scope, around: Around, call: ast.Call | None = None) -> None:
        base: ast.expr = node.value
        while type(base) is ast.Attribute:
            base = base.value
        if type(base) is ast.Name:
            self.chains[base.id].append(_chain(Chain, (node, scope, call, around)))
        else:
            self._stack.append((base, scope, around.plain))

    def _call(self, node: ast.Call, scope: Scope, around: Around) -> None:
        function, around = node.func, around.plain
        self.calls.append(node)
        is_check = type(function) is ast.Name and function.id in _TYPE_CHECKS
        stack = self._stack
        for keyword in node.keywords:
            if type(keyword.value) is ast.Name:
                self._name(keyword.value, scope, around)
            elif type(keyword.value) is not ast.Constant:
                stack.append((keyword.value, scope, around))
        for argument in node.args:
            if is_check and argument is not node.args[0]:
                stack.append((argument, scope, Around(True, around.f_string)))
            elif type(argument) is ast.Name:
                self._name(argument, scope, around)
            elif type(argument) is not ast.Constant:
                stack.append((argument, scope, around))
        if type(function) is ast.Attribute:
            self._attribute(function, scope, around, node)
        elif type(function) is ast.Name:
            self._name(function, scope, around, node)
        else:
            stack.append((function, scope, around))

    def _f_string(self, node: ast.JoinedStr, scope: Scope, around: Around) -> None:
        self._push(node.values, scope, Around(False, around.f_string or node))

    # -- statements that bind ------------------------------------------------------------------------------------

    def _assign(self, node: ast.Assign, scope: Scope, around: Around) -> None:
        self.assigns.append(node)
        self._stack.append((node.value, scope, around))
        for target in node.targets:
            if type(target) is ast.Name:
                self._assign_to(target.id, node.value, scope)
            elif type(target) is ast.Tuple and type(node.value) is ast.Tuple and _are_pairs(target, node.value):
                for name, value in zip(target.elts, node.value.elts, strict=True):
                    assert isinstance(name, ast.Name)
                    self._assign_to(name.id, value, scope)
            else:
                self._push([target], scope, around)
                if type(target) is ast.Tuple and type(node.value) is ast.Call:
                    self._assign_results(target, node.value, scope)

    def _assign_results(self, targets: ast.Tuple, call: ast.Call, scope: Scope) -> None:
        for target in targets.elts:
            if type(target) is ast.Name and target.id in TENSORFLOW_NAMES:
                self._give(target.id, _result(call), scope)

    def _give(self, name: str, binding: Binding, scope: Scope) -> None:
        self.given.add(name)
        scope.bind(name, binding)

    def _assign_to(self, name: str, value: ast.expr, scope: Scope) -> None:
        # `except ImportError: tf = None` takes nothing away from what `tf` means where it is used.
        if type(value) is ast.Constant and value.value is None:
            return
        kind = type(value)
        expression = dotted_name(value) if kind is ast.Name or kind is ast.Attribute else None
        module = _loaded_module(value) if isinstance(value, ast.Call) else None
        if expression:
            scope.bind(name, Binding(expression=expression, line=value.lineno))
            self.assigned.append((name, expression.partition('.')[0]))
        elif module:
            scope.bind(name, Binding(imported=module))
            self.loaded.append((name, module))
        elif kind is ast.Call and name in TENSORFLOW_NAMES:
            self._give(name, _result(value), scope)
        else:
            scope.bind(name, _UNKNOWN)

    def _annotated(self, node: ast.AnnAssign, scope: Scope, around: Around) -> None:
        self._push([node.target, node.value], scope, around)
        self._annotation(node.annotation, scope, around)

    def _import(self, node: ast.Import, scope: Scope, around: Around) -> None:
        self.imports.append(node)
        for alias in node.names:
            name = alias.asname or alias.name.partition('.')[0]
            scope.bind(name, Binding(imported=alias.name if alias.asname else name))

    def _import_from(self, node: ast.ImportFrom, scope: Scope, around: Around) -> None:
        self.imports.append(node)
        for alias in node.names:
            imported = f'{node.module}.{alias.name}' if node.module and not node.level else None
            scope.bind(alias.asname or alias.name, Binding(imported=imported))

    def _named(self, node: Any, scope: Scope, around: Around) -> None:
        """`except E as name`, `case [*name]`, `case {**rest}`."""
        for name in (getattr(node, 'name', None), getattr(node, 'rest', None)):
            if name:
                scope.bind(name, _UNKNOWN)
        for name in _FIELDS[type(node)]:
            value = getattr(node, name, None)
            self._push(value if isinstance(value, list) else [value], scope, around)

    def _with(self, node: ast.With, scope: Scope, around: Around) -> None:
        self.withs.append(node)
        self._push(node.body, scope, around)
        self._push(node.items, scope, around)

    def _declare(self, node: ast.Global | ast.Nonlocal, scope: Scope, around: Around) -> None:
        self._declared.append((node, scope))

    def _place_declared(self) -> None:
        """What `global` and `nonlocal` names are bound to belongs to the scope that they are declared to be of."""
        for node, scope in reversed(self._declared):
            for name in node.names:
                bindings = scope.bindings.pop(name, [])
                owner = self.root if isinstance(node, ast.Global) else scope.owner(name)
                for binding in bindings:
                    (owner or scope).bind(name, binding if binding.imported else _UNKNOWN)
        self._declared = []

    # -- statements and expressions that open a scope ------------------------------------------------------------

    def _function(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, around: Around) -> None:
        scope.bind(node.name, _UNKNOWN)
        if self._lines is None or holds_any(node, self._lines):
            self._inside(node, scope, around)
        else:
            self._left.append((node, scope, around))

    def _inside(self, node: ast.FunctionDef | ast.AsyncFunctionDef, scope: Scope, around: Around) -> None:
        inner = scope.open(node.body[0], node)
        self._push(node.body, inner, around)
        self._annotation(node.returns, scope, around)
        self._arguments(node.args, inner, scope, around)
        self._push([*node.decorator_list, *getattr(node, 'type_params', ())], scope, around)

    def _arguments(self, node: ast.arguments, inner: Scope, outer: Scope, around: Around) -> None:
        self._push([*node.defaults, *node.kw_defaults], outer, around)
        for argument in (*node.posonlyargs, *node.args, *node.kwonlyargs, node.vararg, node.kwarg):
            if argument is None:
                continue
            if argument.arg in TENSORFLOW_NAMES:
                self._give(argument.arg, _GIVEN, inner)
            else:
                inner.bind(argument.arg, _UNKNOWN)
            self._annotation(argument.annotation, outer, around)

    def _annotation(self, node: ast.expr | None, scope: Scope, around: Around) -> None:
        if node is None:
            return
        if type(node) is ast.Constant and type(node.value) is str:
            node = _in_string(node, node.value)
        self._push([node], scope, Around(True, around.f_string))

    def _class(self, node: ast.ClassDef, scope: Scope, around: Around) -> None:
        self.classes.append(node)
        scope.bind(node.name, _UNKNOWN)
        self._push(node.body, scope.open(node.body[0], node, is_class=True), around)
        outside = [*node.decorator_list, *node.bases, *node.keywords, *getattr(node, 'type_params', ())]
        self._push(outside, scope, around)

    def _lambda(self, node: ast.Lambda, scope: Scope, around: Around) -> None:
        inner = scope.open(node, node)
        self._stack.append((node.body, inner, around.plain))
        self._arguments(node.args, inner, inner, around.plain)

    def _comprehension(self, node: Any, scope: Scope, around: Around) -> None:
        inner = scope.open(node, node)
        for name in _FIELDS[type(node)]:
            value = getattr(node, name)
            self._push(value if isinstance(value, list) else [value], inner, around.plain)


def _result(call: ast.expr) -> Binding:
    assert isinstance(call, ast.Call)
    return Binding(giver=f'`{dotted_name(call.func) or "…"}()`')


def holds_any(node: ast.stmt, lines: Sequence[int]) -> bool:
    """Whether a statement, decorators included, has one of the lines, which are in order."""
    first = min([node.lineno, *(decorator.lineno for decorator in getattr(node, 'decorator_list', ()))])
    at = bisect.bisect_left(lines, first)
    return at < len(lines) and lines[at] <= (node.end_lineno or node.lineno)


def _are_pairs(targets: ast.Tuple, values: ast.Tuple) -> bool:
    """Whether each of some names gets one of the values: `a, b = tf, np`."""
    is_starred = any(type(value) is ast.Starred for value in values.elts)
    return len(targets.elts) == len(values.elts) and not is_starred and all(type(t) is ast.Name for t in targets.elts)


def _loaded_module(call: ast.Call) -> str | None:
    """`tensorflow` for `importlib.import_module('tensorflow')` and `pytest.importorskip('tensorflow')`."""
    argument = call.args[0] if call.args else None
    if type(argument) is not ast.Constant or type(argument.value) is not str:
        return None
    function = (dotted_name(call.func) or '').rpartition('.')[2]
    if function not in IMPORTERS:
        return None
    return argument.value.partition('.')[0] if function == '__import__' else argument.value


def _in_string(node: ast.Constant, text: str) -> ast.expr | None:
    """The expression in a string, which stands behind the opening quote if the string is written plainly."""
    try:
        expression = ast.parse(text, mode='eval').body
    except (SyntaxError, ValueError):
        return None
    is_plain = node.lineno == node.end_lineno and (node.end_col_offset or 0) - node.col_offset == len(text.encode()) + 2
    for part in ast.walk(expression):
        if is_plain and isinstance(part, ast.expr) and part.end_col_offset is not None:
            part.col_offset += node.col_offset + 1
            part.end_col_offset += node.col_offset + 1
            part.lineno = part.end_lineno = node.lineno
        elif isinstance(part, ast.expr):
            ast.copy_location(part, node)
    return expression


def dotted_name(node: ast.AST) -> str | None:
    """`a.b.c` for a chain of attributes on a name, else None."""
    parts: list[str] = []
    while isinstance(node, ast.Attribute):
        parts.append(node.attr)
        node = node.value
    if not isinstance(node, ast.Name):
        return None
    return '.'.join([node.id, *reversed(parts)])


_HANDLERS: dict[type[ast.AST], Callable[..., None]] = {
    ast.AnnAssign: Walk._annotated,
    ast.Assign: Walk._assign,
    ast.AsyncFunctionDef: Walk._function,
    ast.Attribute: Walk._attribute,
    ast.Call: Walk._call,
    ast.ClassDef: Walk._class,
    ast.DictComp: Walk._comprehension,
    ast.ExceptHandler: Walk._named,
    ast.FunctionDef: Walk._function,
    ast.GeneratorExp: Walk._comprehension,
    ast.Global: Walk._declare,
    ast.Import: Walk._import,
    ast.ImportFrom: Walk._import_from,
    ast.JoinedStr: Walk._f_string,
    ast.Lambda: Walk._lambda,
    ast.ListComp: Walk._comprehension,
    ast.MatchAs: Walk._named,
    ast.MatchMapping: Walk._named,
    ast.MatchStar: Walk._named,
    ast.Name: Walk._name,
    ast.Nonlocal: Walk._declare,
    ast.SetComp: Walk._comprehension,
    ast.With: Walk._with,
}
