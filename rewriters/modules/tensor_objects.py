"""Where code takes a tensor for an object: it compares it, or has it as a key.

TensorFlow 1 compares objects; TensorFlow 2 compares elements, and tensors have no hash. Inside of a `tf.function` an
`if` on such a comparison becomes a part of the graph, so nothing would fail.

https://www.tensorflow.org/guide/migrate/behavior_changes
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.functions import Effect, Functions
from rewriters.modules.sizes import bound_by, handed_over, returned
from rewriters.refusal import Refusal
from rewriters.syntax import dotted_name, find_all, free_names, names_used, one_line, string_value

# What a tensor tells about itself that is no tensor, and the same in both.
_ABOUT = frozenset({'as_list', 'device', 'dtype', 'graph', 'is_fully_defined', 'keys', 'name', 'ndims', 'rank'})
# Functions of Python that give a part of what they are given, or collect it.
_COLLECT = frozenset({'dict', 'enumerate', 'filter', 'list', 'map', 'next', 'reversed', 'sum', 'tuple', 'zip'})
_HASHES = frozenset({'frozenset', 'hash', 'set'})
# Methods of lists, sets and dicts that compare or hash what they are given.
_FIND = frozenset({'add', 'count', 'discard', 'index', 'remove', 'setdefault'})
_KEEP = frozenset({'append', 'extend', 'insert', 'update'})
_COMPREHENSIONS = (cst.GeneratorExp, cst.ListComp)
_BINDS = (cst.AnnAssign, cst.Assign, cst.CompFor, cst.For, cst.NamedExpr)


def check_objects(
    view: ModuleView, functions: Functions, moved: Sequence[cst.CSTNode], tensors: frozenset[str]
) -> None:
    """Refuses what means something else, or fails, once tensors compare their elements.

    `tensors` are the names around `moved` that are bound to something of the graph.

    Raises:
        Refusal: names the comparison or the key.
    """
    uses = _Tensors(view, functions, moved, tensors)
    for scope, body in uses.bodies:
        for node in find_all(body, cst.Comparison):
            comparison = cst.ensure_type(node, cst.Comparison)
            if any(uses.is_one(side, scope) for side in _compared(comparison)):
                reason = f'`{one_line(comparison)}` compares objects in TensorFlow 1 and elements in TensorFlow 2'
                raise Refusal(reason, comparison)
        key = next((key for key in _hashed(view, body) if uses.is_one(key, scope)), None)
        if key is not None:
            raise Refusal(f'`{one_line(key)}` is looked for as an object, and TensorFlow 2 compares its elements', key)


class _Tensors:
    """What is bound to tensors, or to lists of them: the names of the module's functions, each for itself."""

    def __init__(
        self, view: ModuleView, functions: Functions, moved: Sequence[cst.CSTNode], tensors: frozenset[str]
    ) -> None:
        self._view = view
        self._functions = functions
        called = dict.fromkeys(function for node in moved for _, function in functions.named_through(node))
        self._free = {function: free_names(function) for function in called}
        self.bodies: list[tuple[cst.FunctionDef | None, cst.CSTNode]] = [
            *((None, node) for node in moved),
            *((function, function.body) for function in called),
        ]
        self._names: set[tuple[cst.FunctionDef | None, str]] = {(None, name) for name in tensors}
        count = -1
        while count < len(self._names):
            count = len(self._names)
            self._follow()

    def is_one(self, node: cst.BaseExpression, scope: cst.FunctionDef | None) -> bool:
        """Whether an expression of a function may give a tensor, or a list of some."""
        if isinstance(node, cst.Name):
            is_free = scope is not None and node.value in self._free[scope]
            return (None if is_free else scope, node.value) in self._names
        if isinstance(node, cst.Attribute):
            return node.attr.value not in _ABOUT and self.is_one(node.value, scope)
        if isinstance(node, cst.Call):
            return self._is_made(node, scope)
        if isinstance(node, cst.Comparison) and _compared(node):
            return False
        return any(self.is_one(part, scope) for part in _parts(node))

    def _is_made(self, call: cst.Call, scope: cst.FunctionDef | None) -> bool:
        if isinstance(call.func, cst.Name) and self._view.is_global(call.func):
            function = self._view.functions.get(call.func.value)
            if function in self._free:
                return (function, function.name.value) in self._names
        if dotted_name(call.func) in _COLLECT:
            return any(self.is_one(argument.value, scope) for argument in call.args)
        is_method = isinstance(call.func, cst.Attribute) and self._view.imported(call.func) is None
        if is_method and self._view.called(call) is None and self.is_one(call.func, scope):
            return True
        return self._functions.effect_of_call(call) is not Effect.NONE

    def _follow(self) -> None:
        for scope, body in self.bodies:
            for node in find_all(body, _BINDS):
                for target, value, is_loop in bound_by(node):
                    self._bind(self._values_of(target, value, scope) if is_loop else target, value, scope, scope)
            for node in find_all(body, cst.Call):
                self._follow_call(cst.ensure_type(node, cst.Call), scope)
            for node in find_all(body, (cst.FunctionDef, cst.Lambda)):
                # Whoever calls it may hand it tensors.
                self._names |= {(scope, name) for name in _parameters(node)}
        for function in self._free:
            for scope, body in self.bodies:
                for target, value in handed_over(function, body):
                    self._bind(target, value, function, scope)
            for value in returned(function):
                self._bind(function.name, value, function, function)

    def _values_of(
        self, target: cst.BaseExpression, iterated: cst.BaseExpression, scope: cst.FunctionDef | None
    ) -> cst.BaseExpression:
        """The part of a loop's target that a dict's keys don't go to: no tensor is a key, or that key is refused."""
        while isinstance(iterated, cst.Call) and dotted_name(iterated.func) in ('list', 'sorted') and iterated.args:
            iterated = iterated.args[0].value
        method = iterated.func if isinstance(iterated, cst.Call) else None
        is_items = isinstance(method, cst.Attribute) and method.attr.value == 'items'
        if is_items and isinstance(target, cst.Tuple) and len(target.elements) == 2:
            return target.elements[1].value
        return cst.Tuple([]) if self._is_dict(iterated, target, scope) else target

    def _is_dict(self, node: cst.BaseExpression, key: cst.BaseExpression, scope: cst.FunctionDef | None) -> bool:
        """Whether a name is asked for a string or for `key`, and is bound to nothing else."""
        bodies = [body for of, body in self.bodies if of is scope]
        if not isinstance(node, cst.Name) or any(node.value in names_used(body)[1] for body in bodies):
            return False
        return any(_asks_by_key(found, node, key) for body in bodies for found in find_all(body, cst.Subscript))

    def _follow_call(self, call: cst.Call, scope: cst.FunctionDef | None) -> None:
        """What a list is given; what another function may hand to the ones that it is given: `tf.map_fn(net, x)`."""
        if isinstance(call.func, cst.Attribute) and call.func.attr.value in _KEEP:
            for argument in call.args:
                self._bind(call.func.value, argument.value, scope, scope)
        given = [argument.value for argument in call.args]
        handed_on = [*given, *([call.func] if any(argument.star for argument in call.args) else [])]
        for function in self._free:
            if any(isinstance(node, cst.Name) and node.value == function.name.value for node in handed_on):
                self._names |= {(function, name) for name in _parameters(function)}

    def _bind(
        self,
        target: cst.BaseExpression,
        value: cst.BaseExpression,
        into: cst.FunctionDef | None,
        scope: cst.FunctionDef | None,
    ) -> None:
        if self.is_one(value, scope):
            self._names |= {(into, name) for name in _owners(target)}


def _asks_by_key(node: cst.CSTNode, owner: cst.Name, key: cst.BaseExpression) -> bool:
    subscript = cst.ensure_type(node, cst.Subscript)
    index = subscript.slice[0].slice
    if not isinstance(index, cst.Index) or not subscript.value.deep_equals(owner):
        return False
    return string_value(index.value) is not None or index.value.deep_equals(key)


def _parameters(function: cst.CSTNode) -> list[str]:
    parameters = [cst.ensure_type(node, cst.Param) for node in find_all(function, cst.Param)]
    return [parameter.name.value for parameter in parameters]


def _owners(target: cst.BaseExpression) -> list[str]:
    """The names that a target binds, or whose objects it changes."""
    while isinstance(target, cst.Attribute | cst.Subscript | cst.StarredElement):
        target = target.value
    if isinstance(target, cst.Tuple | cst.List):
        return [name for element in target.elements for name in _owners(element.value)]
    return [target.value] if isinstance(target, cst.Name) else []


def _compared(comparison: cst.Comparison) -> list[cst.BaseExpression]:
    """The expressions whose equality is asked for. Nothing but None is equal to None, in both."""
    sides: list[cst.BaseExpression] = []
    left = comparison.left
    for target in comparison.comparisons:
        pair = [left, target.comparator]
        if isinstance(target.operator, cst.Equal | cst.NotEqual) and not any(_is_none(side) for side in pair):
            sides += pair
        elif isinstance(target.operator, cst.In | cst.NotIn):
            sides.append(left)
        left = target.comparator
    return sides


def _is_none(node: cst.BaseExpression) -> bool:
    return isinstance(node, cst.Name) and node.value == 'None'


def _hashed(view: ModuleView, body: cst.CSTNode) -> Iterator[cst.BaseExpression]:
    """The expressions that are keys, elements of sets, or looked for in a collection."""
    for node in find_all(body, (cst.DictElement, cst.DictComp)):
        if isinstance(node, cst.DictElement | cst.DictComp):
            yield node.key
    for node in find_all(body, (cst.Set, cst.SetComp)):
        yield from [e.value for e in node.elements] if isinstance(node, cst.Set) else [node.elt]  # type: ignore[attr-defined]
    for node in find_all(body, cst.AssignTarget):
        target = cst.ensure_type(node, cst.AssignTarget).target
        if isinstance(target, cst.Subscript):
            yield from (e.slice.value for e in target.slice if isinstance(e.slice, cst.Index))
    for node in find_all(body, cst.Call):
        call = cst.ensure_type(node, cst.Call)
        method = call.func.attr.value if isinstance(call.func, cst.Attribute) and view.called(call) is None else ''
        if call.args and (dotted_name(call.func) in _HASHES or method in _FIND):
            yield call.args[0].value


def _parts(node: cst.BaseExpression) -> Iterable[cst.BaseExpression]:
    """The expressions of which one may be what the expression gives, or a part of it."""
    if isinstance(node, cst.BinaryOperation | cst.BooleanOperation):
        return [node.left, node.right]
    if isinstance(node, cst.Comparison):
        return [node.left, *(target.comparator for target in node.comparisons)]
    if isinstance(node, cst.UnaryOperation):
        return [node.expression]
    if isinstance(node, cst.IfExp):
        return [node.body, node.orelse]
    if isinstance(node, cst.Subscript | cst.NamedExpr | cst.StarredElement):
        return [node.value]
    if isinstance(node, cst.Tuple | cst.List):
        return [element.value for element in node.elements]
    if isinstance(node, cst.Dict):
        return [element.value for element in node.elements]
    if isinstance(node, cst.DictComp):
        return [node.value]
    return [node.elt] if isinstance(node, _COMPREHENSIONS) else []
