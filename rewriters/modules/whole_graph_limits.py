"""What a function that `wrap_function` runs once may hold, so that it builds the graph that TensorFlow 1 built."""

from __future__ import annotations

from dataclasses import replace

import libcst as cst

from rewriters.exports.common import definition
from rewriters.modules.functions import Effect, Functions
from rewriters.modules.graph_code import (
    CACHES,
    CACHING,
    LOOKUPS,
    STEPS,
    VARIABLE_VALUES,
    GraphCode,
    initial_value,
    reached_by,
)
from rewriters.modules.open_graph import check_collections, check_lookups
from rewriters.modules.roles import GRAPH_ROLES, Role, Roles
from rewriters.modules.slices import Slice, Slicer
from rewriters.modules.specs import spec_of
from rewriters.plan import ExportPlan, NamedTensor
from rewriters.refusal import Refusal, UnfedPlaceholder
from rewriters.region import Region, Step
from rewriters.syntax import arguments, dotted_name, find_all, name_nodes, names_used, one_line

# What needs a session, what a Saver does not restore, what must be tracked, and what another graph would hold.
_LEFT_OUT = frozenset(
    'FIFOQueue Graph InteractiveSession PaddingFIFOQueue RandomShuffleQueue Session TFRecordReader TextLineReader '
    'WholeFileReader add_to_collection assign assign_add assign_sub get_local_variable global_variables_initializer '
    'global_variables local_variables local_variables_initializer numpy_function py_func py_function scatter_add '
    'scatter_sub scatter_update summary.FileWriter tables_initializer trainable_variables '
    'variables_initializer'.split()
)
_LEFT_OUT_PACKAGES = (
    'contrib.', 'data.', 'estimator.', 'feature_column.categorical_column_with_vocabulary',
    'feature_column.sequence_categorical_column_with_vocabulary', 'feature_column.shared_embedding', 'keras.',
    'lookup.', 'metrics.', 'train.',
)  # fmt: skip
# Methods of what a graph function makes that only build graph.
_METHODS = LOOKUPS | {'control_dependencies', 'device', 'get_operations', 'name_scope', 'set_shape', 'zero_state'}
# Methods that run a graph, in the session that is open.
_RUNS = frozenset({'eval', 'run'})
# Statements that would leave the function, or that bind names of another scope.
_LEAVE = (cst.Await, cst.Del, cst.Global, cst.Nonlocal, cst.Return, cst.Yield)


def with_local_values(region: Region, roles: Roles, functions: Functions, save_at: int) -> Roles:
    """The roles, with the plain values that graph statements bind or change as well taken for a part of the graph.

    `layers = []` goes with the loop that appends tensors to it.
    """
    of = list(roles.of)
    while True:
        bound = frozenset().union(*(s.binds for s in region.steps[:save_at] if of[s.index] in GRAPH_ROLES))
        more = [s for s in region.steps[:save_at] if of[s.index] is Role.PLAIN and _is_value(s, functions, bound)]
        if not more:
            return replace(roles, of=tuple(of))
        for step in more:
            of[step.index] = Role.GRAPH


def _is_value(step: Step, functions: Functions, bound: frozenset[str]) -> bool:
    is_line = isinstance(step.node, cst.SimpleStatementLine)
    return is_line and bool(step.binds) and step.binds <= bound and functions.effect(step.node) is Effect.NONE


def check_graph_code(graph: GraphCode, slicer: Slicer) -> set[int]:
    """The plain steps that the graph's statements need.

    Raises:
        Refusal: a statement would do something else in the function.
    """
    needs = Slice()
    check_collections(graph)
    check_lookups(graph)
    for step in graph.steps:
        _check_statement(step, slicer)
        _check_inner_functions(graph, step)
        _check_calls(graph, step)
        for name in name_nodes(step.node):
            _check_name(graph, slicer, step, name, needs)
    return needs.plain


def _check_statement(step: Step, slicer: Slicer) -> None:
    for found in find_all(step.node, _LEAVE):
        raise Refusal("graph is built by a statement that a function can't hold", found)
    slicer.require_no_waiting(step.node)


def _check_inner_functions(graph: GraphCode, step: Step) -> None:
    """Refuses variables that another function makes when it calls back: `tf.map_fn(net, x)`."""
    called = [cst.ensure_type(call, cst.Call).func for call in find_all(step.node, cst.Call)]
    for name, function in graph.functions.named(step.node):
        if name not in called and graph.functions.effect(function.body).value > Effect.BUILDS_GRAPH.value:
            raise Refusal(f'`{name.value}` may create variables, and is handed on', name)
    for inner in find_all(step.node, (cst.Lambda, cst.FunctionDef)):
        if graph.functions.effect(inner).value > Effect.BUILDS_GRAPH.value:
            raise Refusal("a function inside of the graph's code may create variables", inner)


def _check_calls(graph: GraphCode, step: Step) -> None:
    view = graph.view
    for call in graph.calls(step):
        called = view.called(call) or ''
        method = call.func.attr.value if isinstance(call.func, cst.Attribute) else ''
        left_out = called in _LEFT_OUT or called.startswith(_LEFT_OUT_PACKAGES)
        runs = not called and method in _RUNS and view.imported(call.func) is None
        if runs or (left_out and called not in STEPS) or (not called and method in _LEFT_OUT):
            raise Refusal(f"`{one_line(call.func)}` can't go into a graph function", call)
        if called.startswith(CACHING):
            raise Refusal(f'`tf.{called}` {CACHES}', call)
        if called in VARIABLE_VALUES:
            _check_variable(graph, step, call, called)
        if 'partitioner' in called:
            raise Refusal('a partitioned variable has other names in a checkpoint', call)
    for node in find_all(step.node, cst.Call):
        call = cst.ensure_type(node, cst.Call)
        if graph.functions.effect_of_call(call) is Effect.UNKNOWN:
            _check_owner(graph, step, call)


def _check_variable(graph: GraphCode, step: Step, call: cst.Call, called: str) -> None:
    """A variable's value must not be a tensor: wrap_function sets it before anything of the graph runs."""
    for argument in call.args:
        if argument.keyword is not None and argument.keyword.value in ('collections', 'partitioner', 'variable_def'):
            raise Refusal(f'`{argument.keyword.value}=…` of a variable is not understood', call)
        if argument.star:
            raise Refusal('a variable is made with `*` arguments', call)
    value = initial_value(call, called)
    if value is None and called == 'Variable':
        raise Refusal('a variable has no initial value', call)
    if value is not None and dotted_name(value) != 'None' and not _is_plain_value(graph, step, value):
        raise Refusal(f'the initial value `{one_line(value)}` may be a tensor', call)


def _is_plain_value(graph: GraphCode, step: Step, value: cst.BaseExpression) -> bool:
    """Whether it is an initializer, or made of numbers. A name in a function of its own may be a parameter."""
    value, _, _ = definition(graph.region, value, step.index)
    if 'initializer' in (graph.view.called(value) or graph.view.symbol(value) or ''):
        return True
    if graph.functions.effect(value) is not Effect.NONE:
        return False
    names = [name for name in name_nodes(value) if graph.view.imported(name) is None]
    sources = [graph.region.reaching(name.value, step.index) for name in names]
    return all(source is not None and graph.roles.of[source.index] is Role.PLAIN for source in sources)


def _check_owner(graph: GraphCode, step: Step, call: cst.Call) -> None:
    """A method of an object may build graph from what the object keeps, unless the function makes it itself."""
    dotted = dotted_name(call.func)
    if graph.is_lookup(call) and dotted is None:
        return
    if dotted is None:
        raise Refusal(f'`{one_line(call.func)}` may keep tensors or variables of its own', call)
    head = dotted.partition('.')[0]
    source = graph.region.reaching(head, step.index)
    made_here = head in step.binds or (source is not None and graph.roles.of[source.index] in GRAPH_ROLES)
    is_known = made_here and dotted.rpartition('.')[2] in _METHODS
    if '.' in dotted and not is_known and graph.view.imported(call.func) is None:
        raise Refusal(f'`{one_line(call.func)}` may keep tensors or variables of its own', call)
    if '.' not in dotted and dotted.lstrip('_')[:1].isupper():
        raise Refusal(f'`{dotted}` may keep tensors or variables of its own', call)


def _check_name(graph: GraphCode, slicer: Slicer, step: Step, name: cst.Name, needs: Slice) -> None:
    source = graph.region.reaching(name.value, step.index)
    if source is not None and graph.roles.of[source.index] in GRAPH_ROLES:
        return
    if name.value in step.binds:
        others = [s for s in graph.region.steps if name.value in s.binds]
        if any(graph.roles.of[s.index] not in GRAPH_ROLES for s in others) or _is_bound_around(graph, name.value):
            raise Refusal(f'`{name.value}` names a value here and something of the graph elsewhere', name)
        return
    slicer.visit_name(name, step.index, needs)


def _is_bound_around(graph: GraphCode, name: str) -> bool:
    """Whether a statement of the module around the region binds the name: a function would make it its own."""
    root = graph.region.root
    if isinstance(root, cst.Module) or graph.view.enclosing_function(root) is not None:
        return False
    inside = {root, *graph.view.ancestors(root)}
    return any(name in names_used(node)[1] for node in graph.view.module.body if node not in inside)


def check_inputs(graph: GraphCode, plan: ExportPlan) -> None:
    """Refuses inputs that are no dense tensors, and outputs that need a placeholder which is no input.

    Raises:
        Refusal: names the tensor.
    """
    for signature in plan.signatures:
        if not signature.outputs:
            raise Refusal(f'signature "{signature.key_value}" has no output', signature.key)
        for position, named in enumerate(signature.inputs):
            _check_dense(graph, named)
            if any(_is_same(graph, named, other) for other in signature.inputs[:position]):
                reason = f'signature "{signature.key_value}" lists one tensor under two input names'
                raise Refusal(reason, named.tensor)
        reached = reached_by(graph, signature)
        for step in graph.steps:
            if step.index in reached and graph.roles.of[step.index] is Role.PLACEHOLDER:
                raise UnfedPlaceholder(min(step.binds), step.node)


def _is_same(graph: GraphCode, a: NamedTensor, b: NamedTensor) -> bool:
    first, second = (definition(graph.region, named.tensor, named.at)[0] for named in (a, b))
    two_calls = isinstance(first, cst.Call) and not graph.is_lookup(first)
    return first is second or (first.deep_equals(second) and not two_calls)


_MAKES_DENSE = frozenset({'placeholder_with_default', 'identity', 'map_fn', 'reshape', 'cast', 'expand_dims'})


def _check_dense(graph: GraphCode, named: NamedTensor) -> None:
    value, _, _ = definition(graph.region, named.tensor, named.at)
    if graph.view.called(value) in _MAKES_DENSE or _looks_up(value):
        return
    spec_of(graph.view, graph.region, named.tensor, named.at)


def _looks_up(value: cst.BaseExpression) -> bool:
    if not isinstance(value, cst.Call) or not isinstance(value.func, cst.Attribute):
        return False
    given = arguments(value, ['name']) or {}
    return value.func.attr.value == 'get_tensor_by_name' and isinstance(given.get('name'), cst.SimpleString)
