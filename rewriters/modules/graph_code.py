"""The steps that build a whole graph, what they call, and which of them make variables."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.functions import Effect, Functions
from rewriters.modules.roles import Roles
from rewriters.modules.slices import Parameter, Slicer
from rewriters.modules.specs import Spec
from rewriters.plan import ExportPlan, NamedTensor, Signature
from rewriters.region import Region, Step
from rewriters.syntax import find_all

_KERAS = ('layers.', 'nn.rnn_cell.', 'nn.dynamic_rnn', 'nn.bidirectional_dynamic_rnn', 'nn.static_rnn', 'nn.raw_rnn')
# They set a caching device for the variables of their cells.
CACHING = ('nn.bidirectional_dynamic_rnn', 'nn.dynamic_rnn', 'nn.raw_rnn', 'nn.static_')
CACHES = "sets a caching device for variables, which wrap_function can't take"
STEPS = ('train.get_global_step', 'train.get_or_create_global_step', 'train.create_global_step')
_DRAWS_VALUES = (*_KERAS, 'Variable', 'feature_column.embedding_column', 'get_variable')
MAKES_VARIABLES = (*_DRAWS_VALUES, *STEPS, 'feature_column.input_layer', 'feature_column.linear_model')
_CONSTANT = ('zeros', 'ones', 'constant')
LOOKUPS = frozenset({'get_tensor_by_name', 'get_operation_by_name', 'as_graph_element', 'get_collection'})
VARIABLE_VALUES = {
    'get_variable': ('name', 'shape', 'dtype', 'initializer', 'regularizer', 'trainable'),
    'Variable': ('initial_value', 'trainable'),
}


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
        return any((name or '').startswith(MAKES_VARIABLES) for name in called) or Effect.UNKNOWN in effects

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
        if not isinstance(call.func, cst.Attribute) or call.func.attr.value not in LOOKUPS:
            return False
        return isinstance(call.func.value, cst.Name) or self.view.called(call.func.value) == 'get_default_graph'

    def _starts_alike(self, call: cst.Call) -> bool:
        called = self.view.called(call) or ''
        if called in VARIABLE_VALUES:
            value = initial_value(call, called)
            made = (self.view.called(value) or '').removeprefix('initializers.')
            return made.startswith(_CONSTANT) or (value is not None and not find_all(value, (cst.Call, cst.Name)))
        known = self.functions.effect_of_call(call) is not Effect.UNKNOWN or self.is_lookup(call)
        return known and not called.startswith(_DRAWS_VALUES)


def initial_value(call: cst.Call, called: str) -> cst.BaseExpression | None:
    """The initializer or the initial value that a variable is given."""
    wanted = 'initializer' if called == 'get_variable' else 'initial_value'
    by_keyword = [a.value for a in call.args if a.keyword is not None and a.keyword.value == wanted]
    position = VARIABLE_VALUES[called].index(wanted)
    plain = [a.value for a in call.args if a.keyword is None]
    return by_keyword[0] if by_keyword else plain[position] if len(plain) > position else None


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
