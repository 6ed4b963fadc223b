"""Which names' objects a statement changes in place: `names.append(…)`, `names[0] = …`, `random.shuffle(names)`."""

from __future__ import annotations

from collections.abc import Iterator

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.syntax import dotted_name, find_all
from rewriters.trees import children

# Methods of lists, dicts, sets and arrays that change them.
_METHODS = frozenset(
    'MergeFromString ParseFromString '
    'add append appendleft clear discard difference_update extend extendleft fill insert intersection_update itemset '
    'pop popitem popleft put remove resize reverse rotate setdefault setflags sort symmetric_difference_update '
    'update'.split()
)
# Functions of the standard library and numpy that change their first argument.
_FUNCTIONS = frozenset(
    'heapify heappop heappush heapreplace heappushpop shuffle setattr delattr put place copyto putmask '
    'fill_diagonal'.split()
)


def mutated(view: ModuleView, node: cst.CSTNode) -> frozenset[str]:
    """The names whose objects running `node` changes, by its own calls or by storing into them."""
    by_calls = {name for call in calls_made(node) for name in _changed_by(view, call)}
    return frozenset(by_calls.union(*(_stored_into(target) for target in _targets(node))))


def _changed_by(view: ModuleView, call: cst.Call) -> Iterator[str]:
    method = (dotted_name(call.func) or '').split('.')[-1]
    if not method and isinstance(call.func, cst.Attribute):
        method = call.func.attr.value
    owner = call.func.value if isinstance(call.func, cst.Attribute) else None
    base = _base(owner) if owner is not None else None
    if method in _METHODS and base is not None and view.imported(base) is None:
        yield base.value
    if method in _FUNCTIONS and call.args:
        first = _base(call.args[0].value)
        if first is not None:
            yield first.value


def _targets(node: cst.CSTNode) -> list[cst.CSTNode]:
    kinds = (cst.AssignTarget, cst.AnnAssign, cst.AugAssign, cst.Del, cst.For)
    found = find_all(node, kinds)
    return [cst.ensure_type(target, kinds).target for target in found]  # type: ignore[arg-type]


def _stored_into(target: cst.CSTNode) -> set[str]:
    """`x` of a target `x[0]` or `x.y`, wherever it stands in a tuple."""
    if isinstance(target, cst.Tuple | cst.List):
        return set().union(*(_stored_into(element.value) for element in target.elements))
    base = _base(target)
    return {base.value} if base is not None and base is not target else set()


def _base(node: cst.CSTNode) -> cst.Name | None:
    """`x` of `x.y[0].z`."""
    while isinstance(node, cst.Attribute | cst.Subscript):
        node = node.value
    return node if isinstance(node, cst.Name) else None


def calls_made(node: cst.CSTNode) -> list[cst.Call]:
    """The calls that running `node` makes; functions that it defines run later, if at all."""
    found: list[cst.Call] = []
    todo = [node]
    while todo:
        node = todo.pop()
        if type(node) is cst.Call:
            found.append(node)
        if type(node) is not cst.FunctionDef and type(node) is not cst.Lambda:
            todo += reversed(children(node))
    return found
