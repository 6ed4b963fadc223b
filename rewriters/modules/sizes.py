"""Where the size of a static shape decides something: a Dimension in TensorFlow 1, an int or None in TensorFlow 2.

https://www.tensorflow.org/guide/migrate/behavior_changes
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.refusal import Refusal
from rewriters.syntax import dotted_name, find_all, name_nodes, one_line

# What tells a Dimension from an int, and from None.
_TELLS = frozenset({'bool', 'format', 'isinstance', 'repr', 'str', 'type'})
_BINDS = (cst.AnnAssign, cst.Assign, cst.CompFor, cst.For, cst.NamedExpr)


@dataclass
class _Names:
    """The names of shapes and of sizes."""

    shapes: set[str]
    sizes: set[str]

    def count(self) -> int:
        return len(self.shapes) + len(self.sizes)


def check_sizes(bodies: Sequence[cst.CSTNode], functions: Sequence[cst.FunctionDef]) -> None:
    """Refuses where a size is asked for its value, compared, or judged, also by a name that it was given.

    `functions` are those of the module that the bodies lead to: a size may be handed to them, and be what they return.

    Raises:
        Refusal: names the size.
    """
    names = _Names(set(), set())
    bound = [pair for body in bodies for node in find_all(body, _BINDS) for pair in bound_by(node)]
    bound += [pair for function in functions for pair in _called(function, bodies)]
    count = -1
    while count < names.count():
        count = names.count()
        for target, value, is_loop in bound:
            _bind(names, target, value, is_loop)
    for body in bodies:
        _check(body, names)


def bound_by(node: cst.CSTNode) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression, bool]]:
    """What is bound to what, and whether it is each element of it."""
    if isinstance(node, cst.Assign):
        yield from ((target.target, node.value, False) for target in node.targets)
    elif isinstance(node, cst.AnnAssign | cst.NamedExpr) and node.value is not None:
        yield node.target, node.value, False
    elif isinstance(node, cst.For | cst.CompFor):
        yield node.target, node.iter, True


def _called(
    function: cst.FunctionDef, bodies: Sequence[cst.CSTNode]
) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression, bool]]:
    """What the function's parameters are in its calls, and what its name, called, stands for."""
    yield from ((function.name, value, False) for value in returned(function))
    yield from ((name, value, False) for body in bodies for name, value in handed_over(function, body))


def returned(function: cst.FunctionDef) -> list[cst.BaseExpression]:
    """What a function returns."""
    values = (cst.ensure_type(node, cst.Return).value for node in find_all(function.body, cst.Return))
    return [value for value in values if value is not None]


def handed_over(
    function: cst.FunctionDef, body: cst.CSTNode
) -> Iterator[tuple[cst.BaseExpression, cst.BaseExpression]]:
    """The function's parameters, each with what a call in `body` gives for it."""
    names = [parameter.name for parameter in (*function.params.posonly_params, *function.params.params)]
    by_name = {name.value: name for name in (*names, *(p.name for p in function.params.kwonly_params))}
    rest = function.params.star_arg
    for node in find_all(body, cst.Call):
        call = cst.ensure_type(node, cst.Call)
        if not isinstance(call.func, cst.Name) or call.func.value != function.name.value:
            continue
        plain = [argument.value for argument in call.args if argument.keyword is None]
        yield from zip(names, plain, strict=False)
        if isinstance(rest, cst.Param):
            yield from ((rest.name, value) for value in plain[len(names) :])
        for argument in call.args:
            if argument.keyword is not None and argument.keyword.value in by_name:
                yield by_name[argument.keyword.value], argument.value
            elif argument.keyword is not None and function.params.star_kwarg is not None:
                yield function.params.star_kwarg.name, argument.value


def _bind(names: _Names, target: cst.BaseExpression, value: cst.BaseExpression, is_loop: bool) -> None:
    if is_loop:
        given = [argument.value for argument in value.args] if isinstance(value, cst.Call) else []
        if any(_is_shape(part, names) for part in (value, *given)):
            names.sizes |= {name.value for name in name_nodes(target)}
    elif isinstance(target, cst.Name):
        if _is_shape(value, names):
            names.shapes.add(target.value)
        elif _is_size(value, names):
            names.sizes.add(target.value)
    elif isinstance(target, cst.Tuple | cst.List):
        parts = [element.value for element in target.elements]
        if _is_shape(value, names):
            names.sizes |= {part.value for part in parts if isinstance(part, cst.Name)}
        elif isinstance(value, cst.Tuple | cst.List) and len(value.elements) == len(parts):
            for part, element in zip(parts, value.elements, strict=True):
                _bind(names, part, element.value, is_loop)


def _is_shape(node: cst.BaseExpression, names: _Names) -> bool:
    """`x.shape`, `x.get_shape()`, a name for it, a slice of it, or a list of its sizes."""
    if isinstance(node, cst.Call):
        if isinstance(node.func, cst.Name):
            is_list = node.func.value in ('list', 'tuple') and len(node.args) == 1
            return node.func.value in names.shapes or (is_list and _is_shape(node.args[0].value, names))
        return isinstance(node.func, cst.Attribute) and node.func.attr.value == 'get_shape'
    if isinstance(node, cst.Subscript):
        return _is_slice(node) and _is_shape(node.value, names)
    if isinstance(node, cst.Name):
        return node.value in names.shapes
    return isinstance(node, cst.Attribute) and node.attr.value == 'shape'


def _is_slice(node: cst.Subscript) -> bool:
    return any(isinstance(element.slice, cst.Slice) for element in node.slice)


def _is_size(node: cst.BaseExpression, names: _Names) -> bool:
    if isinstance(node, cst.Name):
        return node.value in names.sizes
    if isinstance(node, cst.Call):
        return isinstance(node.func, cst.Name) and node.func.value in names.sizes
    return isinstance(node, cst.Subscript) and not _is_slice(node) and _is_shape(node.value, names)


def _is_judged_size(node: cst.BaseExpression, names: _Names) -> bool:
    """As _is_size; `tf.shape(x)[0]` as well, which is a tensor that compares in another way."""
    called = node.value.func if isinstance(node, cst.Subscript) and isinstance(node.value, cst.Call) else None
    is_tensor = isinstance(called, cst.Attribute) and called.attr.value == 'shape'
    is_part = isinstance(node, cst.Subscript) and _is_shape(node.value, _Names(set(), set()))
    return is_tensor or is_part or _is_size(node, names)


def _check(body: cst.CSTNode, names: _Names) -> None:
    for found in find_all(body, cst.Attribute):
        attribute = cst.ensure_type(found, cst.Attribute)
        if attribute.attr.value == 'value' and _is_judged_size(attribute.value, names):
            raise Refusal(f'`{one_line(attribute)}` is what TensorFlow 2 gives without `.value`', attribute)
    for found in find_all(body, _JUDGES):
        size = next((part for part in _judged(found) if _is_judged_size(part, names)), None)
        if size is not None:
            raise Refusal(f'`{one_line(size)}` compares in another way in TensorFlow 2 where it is not known', size)


_JUDGES = (
    cst.Assert, cst.BooleanOperation, cst.Call, cst.CompIf, cst.Comparison, cst.FormattedStringExpression, cst.If,
    cst.IfExp, cst.UnaryOperation, cst.While,
)  # fmt: skip


def _judged(node: cst.CSTNode) -> Iterable[cst.BaseExpression]:
    """The expressions whose truth, order or type decides something."""
    if isinstance(node, cst.Comparison):
        return [node.left, *(target.comparator for target in node.comparisons)]
    if isinstance(node, cst.BooleanOperation):
        return [node.left, node.right]
    if isinstance(node, cst.Call):
        return [argument.value for argument in node.args if dotted_name(node.func) in _TELLS]
    if isinstance(node, cst.UnaryOperation):
        return [node.expression] if isinstance(node.operator, cst.Not) else []
    if isinstance(node, cst.FormattedStringExpression):
        return [node.expression]
    return [node.test] if isinstance(node, cst.Assert | cst.CompIf | cst.If | cst.IfExp | cst.While) else []
