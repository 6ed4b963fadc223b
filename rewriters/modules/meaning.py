"""What can't go into a tf.function without meaning something else there: it runs once a signature, and later."""

from __future__ import annotations

from collections.abc import Iterable

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.functions import Functions
from rewriters.mutation import mutated
from rewriters.refusal import Refusal
from rewriters.syntax import declared_names, find_all, free_names, one_line

_RANDOM = ('random', 'dropout', 'truncated_normal', 'multinomial')


def check_meaning(view: ModuleView, functions: Functions, moved: Iterable[cst.CSTNode]) -> None:
    """Refuses statements and expressions that would not do in the class what they did where they stood.

    Raises:
        Refusal: names what would change.
    """
    for node in moved:
        if functions.varies(node):
            raise Refusal('a value that is another one each time it is asked for goes into the graph', node)
        for _, function in functions.named_through(node):
            _check_state(view, function)
        for body in functions.bodies(node):
            _check_shapes(body)


def draws_random_numbers(view: ModuleView, functions: Functions, moved: Iterable[cst.CSTNode]) -> bool:
    """Whether the graph itself is random: what it serves differs from call to call."""
    bodies = (body for node in moved for body in functions.bodies(node))
    called = (view.called(call) or '' for body in bodies for call in find_all(body, cst.Call))
    return any(word in name for name in called for word in _RANDOM)


def _check_state(view: ModuleView, function: cst.FunctionDef) -> None:
    """A function that changes what is around it would change it once a signature."""
    changed = (mutated(view, function.body) | declared_names(function)) & free_names(function)
    if changed or declared_names(function):
        name = min(changed or declared_names(function))
        raise Refusal(f'`{function.name.value}` changes `{name}` each time it builds graph', function)


def _check_shapes(body: cst.CSTNode) -> None:
    """`x.shape[1]` is a Dimension in TensorFlow 1, and an int or None in TensorFlow 2."""
    for found in find_all(body, (cst.Attribute, cst.Comparison, cst.If, cst.IfExp, cst.BooleanOperation)):
        if isinstance(found, cst.Attribute):
            if found.attr.value == 'value' and _is_size_of_shape(found.value):
                raise Refusal(f'`{one_line(found)}` is what TensorFlow 2 gives without `.value`', found)
            continue
        size = next((part for part in _judged(found) if _is_size_of_shape(part)), None)
        if size is not None:
            raise Refusal(f'`{one_line(size)}` compares in another way in TensorFlow 2 where it is not known', size)


def _judged(node: cst.CSTNode) -> list[cst.BaseExpression]:
    """The expressions whose truth or order decides something."""
    if isinstance(node, cst.Comparison):
        return [node.left, *(target.comparator for target in node.comparisons)]
    if isinstance(node, cst.BooleanOperation):
        return [node.left, node.right]
    return [node.test] if isinstance(node, cst.If | cst.IfExp) else []


def _is_size_of_shape(node: cst.BaseExpression) -> bool:
    shape = node.value.func if isinstance(node, cst.Subscript) and isinstance(node.value, cst.Call) else None
    if shape is None and isinstance(node, cst.Subscript):
        shape = node.value
    return isinstance(shape, cst.Attribute) and shape.attr.value in ('shape', 'get_shape')
