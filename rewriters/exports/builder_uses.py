"""What is done with a builder after it is made: what is added to it, and where it is saved."""

from __future__ import annotations

from dataclasses import dataclass

import libcst as cst

from rewriters.exports import paths
from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.syntax import assigned_name, assigned_value, dotted_name, find_all, names_used, only_small_statement


@dataclass(frozen=True)
class Uses:
    """The statement that makes a builder, and the calls of its methods in source order.

    `adds` write variables and a MetaGraph, each in another branch; `further` write MetaGraphs of other tags.
    `spread` says that these stand in several methods of a class.
    """

    made: cst.SimpleStatementLine
    name: str
    adds: list[cst.Call]
    further: list[cst.Call]
    saves: list[cst.Call]
    spread: bool = False


def find(view: ModuleView, call: cst.Call) -> Uses:
    """The uses of the builder that this call makes.

    Raises:
        Refusal: the builder has no name of its own, or goes elsewhere.
    """
    made = paths.statement_of(view, call)
    name = _bound_name(made) if assigned_value(made) is call else None
    if name is None:
        raise Refusal('the builder is not bound to a name of its own', call)
    uses = _sorted(view, made, name, _mentions(view, made, name), spread=False)
    if '.' in name and not (uses.adds and uses.saves):
        uses = _sorted(view, made, name, _mentions_in_class(view, made, name), spread=True)
    _check_complete(uses, call)
    return uses


def _sorted(
    view: ModuleView, made: cst.SimpleStatementLine, name: str, mentions: list[cst.CSTNode], spread: bool
) -> Uses:
    uses = Uses(made, name, [], [], [], spread)
    methods = {'add_meta_graph_and_variables': uses.adds, 'add_meta_graph': uses.further, 'save': uses.saves}
    for node in mentions:
        method_call = view.method_call(node)
        func = method_call.func if method_call is not None else None
        found = methods.get(func.attr.value) if isinstance(func, cst.Attribute) else None
        if method_call is None or found is None:
            raise Refusal(f'the builder `{name}` has a use that is not understood', node)
        found.append(method_call)
    return uses


def check_flow(view: ModuleView, uses: Uses) -> None:
    """Refuses unless whatever is added is saved, once.

    Raises:
        Refusal: the calls stand in an order, or under conditions, in which TensorFlow 1 may have written no model.
    """
    _check_tried(view, uses)
    if uses.spread:
        _check_spread(view, uses)
        return
    function = view.enclosing_function(uses.made)
    loops = paths.loops(view, uses.made)
    used_in = view.enclosing_function(uses.adds[0])
    if function is None and used_in is not None:  # a builder of the whole module, used in one function
        function, loops = used_in, []
    for add in [*uses.adds, *uses.further]:
        if view.enclosing_function(add) is not function:
            raise Refusal('the builder is filled in another function than the one that makes it', add)
        if paths.loops(view, add) != loops:
            raise Refusal('the builder is filled inside of a loop that does not make it', add)
        if not paths.runs_with(view, uses.made, add):
            raise Refusal('the builder is made under a condition, and filled elsewhere', uses.made)
    for index, add in enumerate(uses.adds):
        if not all(paths.excludes(view, add, other) for other in uses.adds[:index]):
            raise Refusal(f'the builder `{uses.name}` gets variables more than once', add)
    for save in uses.saves:
        if view.enclosing_function(save) is not function:
            raise Refusal('the builder is saved in another function than the one that makes it', save)
        if paths.loops(view, save) != loops:
            raise Refusal('the builder is saved inside of a loop that does not make it', save)
    for add in [*uses.adds, *uses.further]:
        _check_saved(view, uses, add)


def _check_tried(view: ModuleView, uses: Uses) -> None:
    """Refuses where an `except` waits for the error that Builder raises if its directory is not empty."""
    around = list(view.ancestors(uses.made))
    tried = [node.body for node in around if isinstance(node, cst.Try) and node.handlers and node.body in around]
    for add in [*uses.adds, *uses.further]:
        inside = list(view.ancestors(add))
        if any(body not in inside for body in tried):
            raise Refusal('the builder is made in a `try`, and filled outside of it', uses.made)


def _check_spread(view: ModuleView, uses: Uses) -> None:
    """Refuses unless one method fills the builder, once. Which methods are called, and when, nobody can tell here."""
    add, *more = [*uses.adds, *uses.further]
    if more or paths.loops(view, add):
        raise Refusal(f'the builder `{uses.name}` may be filled more than once', more[0] if more else add)
    beside = [save for save in uses.saves if view.enclosing_function(save) is view.enclosing_function(add)]
    if beside:
        _check_saved(view, Uses(paths.statement_of(view, add), uses.name, uses.adds, [], beside), add)


def _check_saved(view: ModuleView, uses: Uses, add: cst.Call) -> None:
    reached = [save for save in uses.saves if not paths.excludes(view, save, add)]
    after = [save for save in reached if view.line(save) >= view.line(add)]
    is_global = view.enclosing_function(uses.made) is not view.enclosing_function(add)
    if len(after) != len(reached) or (not is_global and view.line(add) < view.line(uses.made)):
        raise Refusal('the builder is not made, filled and saved in this order', add)
    if len(after) != 1 or not paths.runs_with(view, after[0], add):
        raise Refusal('what is added to the builder is not always saved', add)
    ends = find_all(view.enclosing_function(add) or view.module, (cst.Return, cst.Raise, cst.Break, cst.Continue))
    for end in ends:
        between = view.line(add) < view.line(end) < view.line(after[0])
        if between and not paths.excludes(view, end, add):
            raise Refusal('the code may end between what is added to the builder and where it is saved', end)


def _check_complete(uses: Uses, call: cst.Call) -> None:
    if not uses.saves and '.' not in uses.name:
        reason = f'the builder `{uses.name}` is never saved: TensorFlow 1 writes variables, but no model to load'
        raise Refusal(reason, call, 'Save it, and it can be rewritten; or delete it.')
    if not uses.saves:
        raise Refusal(f'the builder `{uses.name}` is not saved in the function that makes it', call)
    if not uses.adds:
        raise Refusal(f'the builder `{uses.name}` is not filled in the function that makes it', call)


def _bound_name(statement: cst.SimpleStatementLine) -> str | None:
    """`builder` or `self.builder`, where the statement is a plain assignment to it."""
    small = only_small_statement(statement)
    if not isinstance(small, cst.Assign) or len(small.targets) != 1:
        return None
    return assigned_name(statement) or dotted_name(small.targets[0].target)


def _mentions(view: ModuleView, made: cst.SimpleStatementLine, name: str) -> list[cst.CSTNode]:
    """Where the builder may be meant: until its name is bound again in the same block."""
    scope = view.enclosing_function(made) or view.module
    first, last = _lifetime(view, made, name)
    return [
        node
        for node in find_all(scope, (cst.Name, cst.Attribute))
        if dotted_name(node) == name
        and not view.is_attribute_name(node)
        and first < view.line(node) < last
        and made not in view.ancestors(node)
        and not _is_imported(view, node)
        and not _is_of_inner_function(view, node, scope, name)
    ]


def _mentions_in_class(view: ModuleView, made: cst.SimpleStatementLine, name: str) -> list[cst.CSTNode]:
    """Where `self.builder` is meant in the class of the method that makes it.

    Raises:
        Refusal: it is no attribute of `self`, or something else in the module has an attribute of that name.
    """
    owner, _, attribute = name.partition('.')
    method = view.enclosing_function(made)
    parameters = method.params.params if method is not None else ()
    cls = next((outer for outer in view.ancestors(made) if isinstance(outer, cst.ClassDef)), None)
    if cls is None or not parameters or parameters[0].name.value != owner or '.' in attribute:
        raise Refusal(f'the builder `{name}` is not filled in the function that makes it', made)
    mentions: list[cst.CSTNode] = []
    for node in view.find_all(cst.Attribute):
        if cst.ensure_type(node, cst.Attribute).attr.value != attribute or made in view.ancestors(node):
            continue
        if dotted_name(node) == name and cls in view.ancestors(node):
            mentions.append(node)
        elif view.symbol(node) is None and view.imported(node) is None:
            raise Refusal(f'the builder `{name}` has a use that is not understood', node)
    return mentions


def _lifetime(view: ModuleView, made: cst.SimpleStatementLine, name: str) -> tuple[float, float]:
    """The lines between which the name means this builder."""
    first = view.range(made).end.line
    beside = paths.blocks(view, made)[0]
    statements = beside.body if isinstance(beside, cst.Module | cst.IndentedBlock) else ()
    again = [s for s in statements if _binds(s, name)]
    later = [view.line(s) for s in again if view.line(s) > first]
    earlier = any(view.line(s) < view.line(made) for s in again)
    return (first if earlier or later else 0.0), min(later, default=float('inf'))


def _binds(node: cst.CSTNode, name: str) -> bool:
    return isinstance(node, cst.SimpleStatementLine) and _bound_name(node) == name


def _is_imported(view: ModuleView, node: cst.CSTNode) -> bool:
    return any(isinstance(outer, cst.Import | cst.ImportFrom) for outer in view.ancestors(node))


def _is_of_inner_function(view: ModuleView, node: cst.CSTNode, scope: cst.CSTNode, name: str) -> bool:
    """Whether a function inside of the scope has a variable of this name, and the node stands there."""
    for outer in view.ancestors(node):
        if outer is scope:
            break
        if isinstance(outer, cst.FunctionDef):
            params = [p.name.value for p in find_all(outer.params, cst.Param) if isinstance(p, cst.Param)]
            declared = [cst.ensure_type(n, cst.NameItem).name.value for n in find_all(outer.body, cst.NameItem)]
            if name in params or (name in names_used(outer.body)[1] and name not in declared):
                return True
    return False
