"""What stands around a load: without its session and graph, the code around it must still mean the same."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import libcst as cst

from rewriters.loads.flow import Flow
from rewriters.module_view import ModuleView
from rewriters.refusal import Refusal
from rewriters.syntax import find_all, one_line

_TURNS_BACK = frozenset(
    {'disable_eager_execution', 'disable_resource_variables', 'disable_v2_behavior', 'disable_v2_tensorshape'}
)
# Functions that see names which the source does not spell out.
_NAMESPACES = frozenset({'eval', 'exec', 'globals', 'locals', 'vars'})
# Calls that build no graph and look at none.
_HARMLESS = frozenset(
    'ConfigProto GPUOptions GraphOptions OptimizerOptions io.tf_record_iterator make_ndarray make_tensor_proto '
    'random.set_seed reset_default_graph saved_model.contains_saved_model saved_model.maybe_saved_model_directory '
    'set_random_seed train.BytesList train.Example train.Feature train.FeatureList train.FeatureLists train.Features '
    'train.FloatList train.Int64List train.SequenceExample train.latest_checkpoint'.split()
)
_HARMLESS_MODULES = (
    'app.', 'compat.', 'errors.', 'flags.', 'gfile.', 'io.TFRecord', 'io.gfile.', 'logging.', 'nest.', 'python_io.'
)  # fmt: skip


def check_surroundings(view: ModuleView, flow: Flow, load: cst.Call, has_own_graph: bool) -> None:
    """Refuses where other code builds into the session's graph, or where the new code would run in a graph.

    Raises:
        Refusal: names what stands in the way.
    """
    check_eager(view)
    check_place(view, [load, *flow.runs], flow.entered)
    for node in (load, *flow.runs):
        _check_namespaces(view.enclosing_function(node) or view.module)
    scopes: list[cst.CSTNode] = [flow.parent(item) for item in flow.entered]
    if not has_own_graph:
        scopes += [view.enclosing_function(node) or view.module for node in (load, *flow.runs)]
    _check_calls(view, scopes, {*flow.parts, *flow.runs, *flow.lookups, *flow.loads, *_creations(flow)})


def _creations(flow: Flow) -> set[cst.CSTNode]:
    """The calls that make the session and its graph."""
    made: set[cst.CSTNode] = set()
    for where in [*flow.bindings.values(), *flow.entered]:
        if isinstance(where, cst.WithItem):
            made.update(find_all(where, cst.Call))
    for variable, where in flow.bindings.items():
        if flow.variables[variable].kind.value in ('session', 'graph'):
            made.update(find_all(where, cst.Call))
    return made


def _check_namespaces(scope: cst.CSTNode) -> None:
    for call in _calls(scope):
        if isinstance(call.func, cst.Name) and call.func.value in _NAMESPACES:
            raise Refusal(f'`{one_line(call)}` may use the session', call)


def check_eager(view: ModuleView) -> None:
    """Refuses where the module turns TensorFlow 2's behaviour off."""
    for call in _calls(view.module):
        if view.called(call) in _TURNS_BACK:
            raise Refusal(f'`{one_line(call)}` turns TensorFlow 2\'s behaviour off', call)


def check_place(view: ModuleView, nodes: Sequence[cst.Call], entered: Sequence[cst.WithItem] = ()) -> None:
    """Refuses where a graph, session or scope is open around a node or its function.

    `entered` are those that go away.
    """
    for node in nodes:
        for outer in view.ancestors(node):
            if isinstance(outer, cst.FunctionDef):
                _check_callers(view, outer, nodes, entered)
                break
            for item in outer.items if isinstance(outer, cst.With) else ():
                if item not in entered and _opens(view, item.item):
                    raise Refusal(f'`{one_line(item.item)}` opens a graph, a session or a scope around it', item.item)


def _opens(view: ModuleView, item: cst.BaseExpression) -> bool:
    if not isinstance(item, cst.Call):
        return False
    called = view.called(item)
    method = item.func.attr.value if isinstance(item.func, cst.Attribute) else ''
    return method == 'as_default' or (called is not None and called != 'device' and not _is_harmless(called))


def _check_callers(
    view: ModuleView, function: cst.FunctionDef, known: Collection[cst.CSTNode], entered: Sequence[cst.WithItem]
) -> None:
    """A function that is called with a graph open would load and run into that graph."""
    for with_ in view.find_all(cst.With):
        items = [item for item in with_.items if item not in entered] if isinstance(with_, cst.With) else []
        if not isinstance(with_, cst.With) or not any(_opens(view, item.item) for item in items):
            continue
        for call in _calls(with_.body):
            if call not in known and _may_call(view, call, function):
                name = function.name.value
                raise Refusal(f'`{name}` is called in a block that opens a graph, a session or a scope', call)


def _may_call(view: ModuleView, call: cst.Call, function: cst.FunctionDef) -> bool:
    """Whether a call may be one of a function: by its name, or, for methods, as an attribute of some object."""
    around = [outer for outer in view.ancestors(function) if isinstance(outer, cst.FunctionDef | cst.ClassDef)]
    if around and isinstance(around[0], cst.ClassDef):
        is_class = isinstance(call.func, cst.Name) and call.func.value == around[0].name.value
        is_made = function.name.value == '__init__' and is_class
        return is_made or (isinstance(call.func, cst.Attribute) and call.func.attr.value == function.name.value)
    return isinstance(call.func, cst.Name) and call.func.value == function.name.value


def _check_calls(view: ModuleView, scopes: Sequence[cst.CSTNode], known: set[cst.CSTNode]) -> None:
    """Refuses calls of TensorFlow below `scopes`, and in the functions called there, that need a graph or session."""
    functions = [f for f in view.find_all(cst.FunctionDef) if isinstance(f, cst.FunctionDef)]
    todo, seen = [*scopes], {*scopes}
    while todo:
        for call in _calls_outside_of_graphs(view, todo.pop()):
            for function in functions if call not in known else ():
                if function not in seen and _may_call(view, call, function):
                    seen.add(function)
                    todo.append(function)
            called = view.called(call)
            if called is not None and call not in known and not _is_harmless(called):
                raise Refusal(f'`{one_line(call.func)}` may use the graph or session that the model is in', call)


def _calls_outside_of_graphs(view: ModuleView, scope: cst.CSTNode) -> Iterator[cst.Call]:
    """The calls below `scope`, those aside that stand in a `with` which opens a graph of its own."""
    inside: set[cst.CSTNode] = set()
    for with_ in find_all(scope, cst.With):
        if isinstance(with_, cst.With) and with_ is not scope and any(_makes_graph(view, i.item) for i in with_.items):
            inside.update(find_all(with_, cst.Call))
    return (call for call in _calls(scope) if call not in inside)


def _makes_graph(view: ModuleView, item: cst.BaseExpression) -> bool:
    return any(view.called(call) == 'Graph' for call in _calls(item))


def _calls(node: cst.CSTNode) -> list[cst.Call]:
    return [call for call in find_all(node, cst.Call) if isinstance(call, cst.Call)]


def _is_harmless(called: str) -> bool:
    return called in _HARMLESS or called.startswith(_HARMLESS_MODULES)
