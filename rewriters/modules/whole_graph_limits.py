"""What a function that `wrap_function` runs once may hold, so that it builds the graph that TensorFlow 1 built."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from rewriters.exports.common import definition
from rewriters.module_view import ModuleView
from rewriters.modules.functions import Effect, Functions
from rewriters.modules.roles import GRAPH_ROLES, Role, Roles
from rewriters.modules.slices import Parameter, Slice, Slicer
from rewriters.modules.specs import Spec, spec_of
from rewriters.plan import ExportPlan, NamedTensor, Signature
from rewriters.refusal import Refusal
from rewriters.region import Region, Step, opens
from rewriters.syntax import arguments, assigned_value, dotted_name, find_all, name_nodes, names_used, one_line

_KERAS = ('layers.', 'nn.rnn_cell.', 'nn.dynamic_rnn', 'nn.bidirectional_dynamic_rnn', 'nn.static_rnn', 'nn.raw_rnn')
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
_STEPS = ('train.get_global_step', 'train.get_or_create_global_step', 'train.create_global_step')
_DRAWS_VALUES = (*_KERAS, 'Variable', 'feature_column.embedding_column', 'get_variable')
_MAKES_VARIABLES = (*_DRAWS_VALUES, *_STEPS, 'feature_column.input_layer', 'feature_column.linear_model')
_CONSTANT = ('zeros', 'ones', 'constant')
_LOOKUPS = frozenset({'get_tensor_by_name', 'get_operation_by_name', 'as_graph_element', 'get_collection'})
_OPEN_GRAPH = frozenset({'get_default_graph', 'get_collection', 'get_collection_ref'})
# Methods of what a graph function makes that only build graph.
_METHODS = _LOOKUPS | {'control_dependencies', 'device', 'get_operations', 'name_scope', 'set_shape', 'zero_state'}
# Methods that run a graph, in the session that is open.
_RUNS = frozenset({'eval', 'run'})
_READS_VARIABLES = frozenset({'get_collection', 'get_collection_ref'})
_VARIABLE_VALUES = {
    'get_variable': ('name', 'shape', 'dtype', 'initializer', 'regularizer', 'trainable'),
    'Variable': ('initial_value', 'trainable'),
}
# Statements that would leave the function, or that bind names of another scope.
_LEAVE = (cst.Await, cst.Del, cst.Global, cst.Nonlocal, cst.Return, cst.Yield)


@dataclass(frozen=True)
class GraphCode:
    """The steps that build a graph, and what they call."""

    view: ModuleView
    region: Region
    roles: Roles
    functions: Functions
    steps: Sequence[Step]

    @property
    def needs_keras(self) -> bool:
        return any(
            (self.view.called(call) or '').startswith(_KERAS) for step in self.steps for call in self.calls(step)
        )

    def calls(self, step: Step) -> Iterator[cst.Call]:
        """The calls of a step, and of the functions of this module that it leads to."""
        for body in self.functions.bodies(step.node):
            yield from (call for call in find_all(body, cst.Call) if isinstance(call, cst.Call))

    def makes_variables(self, step: Step) -> bool:
        """Whether a step may make variables."""
        called = [self.view.called(call) for call in self.calls(step)]
        effects = [self.functions.effect_of_call(call) for call in self.calls(step) if not self.is_lookup(call)]
        return any((name or '').startswith(_MAKES_VARIABLES) for name in called) or Effect.UNKNOWN in effects

    def draws_values(self, step: Step) -> bool:
        """Whether the variables of a step may start with random values."""
        return not all(self._starts_alike(call) for call in self.calls(step))

    def served_nodes(self, plan: ExportPlan) -> list[cst.CSTNode]:
        """The statements that the outputs depend on, by name."""
        reached = set().union(*(reached_by(self, signature) for signature in plan.signatures))
        outputs = [named.tensor for signature in plan.signatures for named in signature.outputs]
        return [*(step.node for step in self.steps if step.index in reached), *outputs]

    def is_lookup(self, call: cst.Call) -> bool:
        """`graph.get_tensor_by_name(…)` of a graph that has a name or is the default one: it builds nothing."""
        if not isinstance(call.func, cst.Attribute) or call.func.attr.value not in _LOOKUPS:
            return False
        return isinstance(call.func.value, cst.Name) or self.view.called(call.func.value) == 'get_default_graph'

    def _starts_alike(self, call: cst.Call) -> bool:
        called = self.view.called(call) or ''
        if called in _VARIABLE_VALUES:
            value = _initial_value(call, called)
            made = (self.view.called(value) or '').removeprefix('initializers.')
            return made.startswith(_CONSTANT) or (value is not None and not find_all(value, (cst.Call, cst.Name)))
        known = self.functions.effect_of_call(call) is not Effect.UNKNOWN or self.is_lookup(call)
        return known and not called.startswith(_DRAWS_VALUES)


def _initial_value(call: cst.Call, called: str) -> cst.BaseExpression | None:
    """The initializer or the initial value that a variable is given."""
    wanted = 'initializer' if called == 'get_variable' else 'initial_value'
    by_keyword = [a.value for a in call.args if a.keyword is not None and a.keyword.value == wanted]
    position = _VARIABLE_VALUES[called].index(wanted)
    plain = [a.value for a in call.args if a.keyword is None]
    return by_keyword[0] if by_keyword else plain[position] if len(plain) > position else None


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


def check_one_graph(view: ModuleView, region: Region, moved: Sequence[Step]) -> None:
    """Refuses where a session or a `with` opens another graph than the one that is built here."""
    assigned = [value for step in region.steps if isinstance(value := assigned_value(step.node), cst.Call)]
    for call in [*(item.item for opening in region.openings for item in opening.items), *assigned]:
        given = _graph_of(view, call)
        if given is not None and (call in assigned or view.called(given) != 'Graph'):
            raise Refusal(f'`{one_line(call)}` is about a graph that may come from elsewhere', call)
    for opening in _new_graphs(view, region):
        inside = find_all(opening, (cst.SimpleStatementLine, cst.If, cst.For, cst.While, cst.With, cst.Try))
        out = next((step for step in moved if step.node not in inside), None)
        if out is not None:
            raise Refusal('graph is built outside of the graph that is exported', out.node)


def _new_graphs(view: ModuleView, region: Region) -> list[cst.With]:
    """The `with` statements that open a graph, or a session that is given one."""
    given = {o: [_graph_of(view, item.item) for item in o.items] for o in region.openings}
    return [o for o in region.openings if opens(view, o) == 'graph' or any(given[o])]


def _graph_of(view: ModuleView, node: cst.CSTNode) -> cst.BaseExpression | None:
    """The graph that a session is given."""
    if not isinstance(node, cst.Call) or view.called(node) not in ('Session', 'InteractiveSession'):
        return None
    return (arguments(node, ['target', 'graph', 'config']) or {'graph': node}).get('graph') if node.args else None


def check_graph_code(graph: GraphCode, slicer: Slicer) -> set[int]:
    """The plain steps that the graph's statements need.

    Raises:
        Refusal: a statement would do something else in the function.
    """
    needs = Slice()
    _check_collections(graph)
    _check_lookups(graph)
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


def _check_lookups(graph: GraphCode) -> None:
    """What is looked up in the graph that is open must have been built here: who calls may have built some of it."""
    calls = [call for step in graph.steps for call in graph.calls(step)]
    lookup = next((call for call in calls if graph.view.called(call) in _OPEN_GRAPH or graph.is_lookup(call)), None)
    if lookup is None:
        return
    start = _start_of_graph(graph)
    if start is None:
        raise Refusal(f'`{one_line(lookup)}` may find what is built outside of this block', lookup)
    for step in graph.region.steps[start : graph.steps[-1].index]:
        defines = isinstance(step.node, cst.FunctionDef | cst.ClassDef)
        is_plain = graph.roles.of[step.index] is Role.PLAIN and not defines
        if is_plain and graph.functions.effect(step.node) is Effect.UNKNOWN:
            raise Refusal(f'`{one_line(lookup)}` may find what another call builds', step.node)


def _start_of_graph(graph: GraphCode) -> int | None:
    """The index of the step from which on the graph is a new one; None if it is that of whoever comes before."""
    region = graph.region
    resets = [s for s in region.steps if graph.view.called(assigned_value(s.node)) == 'reset_default_graph']
    if resets and resets[-1].index < graph.steps[0].index:
        return resets[-1].index
    is_new = isinstance(region.root, cst.Module | cst.With) or bool(_new_graphs(graph.view, region))
    return 0 if is_new else None


def _check_collections(graph: GraphCode) -> None:
    """TensorFlow 2's tf.Variable is in no collection."""
    calls = [call for step in graph.steps for call in graph.calls(step)]
    reads = [c for c in calls if isinstance(c.func, cst.Attribute | cst.Name) and _last(c.func) in _READS_VARIABLES]
    if reads and any(graph.view.called(call) == 'Variable' for call in calls):
        raise Refusal(f'`{one_line(reads[0])}` may be about variables', reads[0])


def _last(node: cst.Attribute | cst.Name) -> str:
    return node.attr.value if isinstance(node, cst.Attribute) else node.value


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
        if runs or (left_out and called not in _STEPS) or (not called and method in _LEFT_OUT):
            raise Refusal(f"`{one_line(call.func)}` can't go into a graph function", call)
        if called in _VARIABLE_VALUES:
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
    value = _initial_value(call, called)
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
                name = min(step.binds)
                reason = f'an output depends on the placeholder `{name}`, which is no input of its signature'
                raise Refusal(reason, step.node)


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


def reached_by(graph: GraphCode, signature: Signature) -> set[int]:
    """The steps that a signature's outputs depend on, by name, up to its inputs."""
    slicer = Slicer(graph.view, graph.region, graph.roles, graph.functions)
    fed = tuple(_fed(graph, named) for named in signature.inputs)
    reached: set[int] = set()
    todo: list[tuple[cst.CSTNode, int]] = [(named.tensor, named.at) for named in signature.outputs]
    while todo:
        node, at = todo.pop()
        names = {name.value for name in slicer.free_names(node, at, fed)}
        for step in graph.steps:
            if step.index < at and step.binds & names and step.index not in reached:
                reached.add(step.index)
                todo.append((step.node, step.index))
    return reached


def _fed(graph: GraphCode, named: NamedTensor) -> Parameter:
    return Parameter(named.name, named.name, Spec('None', '', (), named.at), named.tensor, named.at, None)
