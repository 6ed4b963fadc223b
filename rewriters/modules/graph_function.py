"""Writer B: calls that may create variables out of sight are built once, with `tf.compat.v1.wrap_function`.

https://www.tensorflow.org/api_docs/python/tf/compat/v1/wrap_function
"""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.functions import Effect, Functions
from rewriters.modules.graph_code import CACHES, CACHING
from rewriters.modules.roles import GRAPH_ROLES, Role, Roles
from rewriters.modules.serving import bracketed, unique
from rewriters.modules.specs import Spec, spec_of
from rewriters.refusal import Refusal
from rewriters.region import Region, Step
from rewriters.syntax import code, dotted_name, find_all, name_nodes, one_line, replace_nodes, statement


@dataclass(frozen=True)
class GraphFunction:
    """A call that becomes `self.attribute(tensors…)`.

    `call` is the call in the source, `tensors` are its arguments that depend on the graph, `wrapped` is what
    `wrap_function` builds, `specs` are the tensors' specs.
    """

    call: cst.Call
    attribute: str
    tensors: tuple[cst.BaseExpression, ...]
    wrapped: cst.Call
    parameters: tuple[str, ...]
    specs: tuple[Spec, ...]
    step: Step
    needs_keras: bool
    """Whether what it builds needs Keras 2."""

    def replacement(self) -> cst.BaseExpression:
        """The call of the graph function, as it stands in a signature method."""
        arguments = [cst.Arg(tensor) for tensor in self.tensors]
        return cst.Call(cst.Attribute(cst.Name('self'), cst.Name(self.attribute)), arguments)

    @property
    def why(self) -> Refusal:
        """What keeps a plain `tf.function` from holding the call."""
        return _may_create_variables(self.call)


def _may_create_variables(call: cst.Call) -> Refusal:
    return Refusal(f'`{one_line(call)}` may create variables out of sight', call)


def find_graph_functions(
    view: ModuleView, region: Region, roles: Roles, functions: Functions, nodes: Iterable[tuple[cst.CSTNode, int]]
) -> list[GraphFunction]:
    """The calls in the moved nodes (each with the index of its step) that a plain `tf.function` can't hold.

    Raises:
        Refusal: more than one such call (their variables' names would depend on each other), or one whose tensors
            have unknown specs.
    """
    finder = _Finder(view, region, roles, functions)
    moved = dict(nodes)
    found = [function for node, at in moved.items() for function in finder.find(node, region.steps[at])]
    if len(found) > 1:
        calls = ' and '.join(f'`{one_line(function.call.func)}`' for function in found)
        raise Refusal(f'{calls} may each create variables, and share names', found[1].call, before=found[0].why)
    return found


_KERAS = ('layers.', 'keras.', 'nn.rnn_cell.')
_INNER_SCOPES = (cst.Lambda, cst.ListComp, cst.SetComp, cst.DictComp, cst.GeneratorExp)


class _Finder:
    def __init__(self, view: ModuleView, region: Region, roles: Roles, functions: Functions) -> None:
        self._view = view
        self._region = region
        self._roles = roles
        self._functions = functions

    def find(self, node: cst.CSTNode, step: Step) -> list[GraphFunction]:
        calls = [call for call in find_all(node, cst.Call) if isinstance(call, cst.Call)]
        self._require_no_passing(calls, node)
        return [self._wrap_or_say(call, step) for call in calls if self._needs_wrapping(call, step)]

    def _wrap_or_say(self, call: cst.Call, step: Step) -> GraphFunction:
        try:
            return self._wrap(call, step)
        except Refusal as refusal:
            refusal.before = _may_create_variables(call)
            raise

    def _require_no_passing(self, calls: list[cst.Call], node: cst.CSTNode) -> None:
        """`tf.map_fn(net, x)`: a function that may create variables is called by another."""
        called = [call.func for call in calls]
        for name, function in self._functions.named(node):
            if name not in called and self._functions.effect(function.body).value > Effect.BUILDS_GRAPH.value:
                raise Refusal(f'`{name.value}` may create variables, and is handed on', name)

    def _needs_wrapping(self, call: cst.Call, step: Step) -> bool:
        effect = self._functions.effect_of_call(call)
        if effect is Effect.CREATES_STATE and self._view.called(call) is not None:
            name = self._view.called(call)
            raise Refusal(f'`tf.{name}` would not do the same in a tf.function', call)
        if effect in (Effect.CREATES_STATE, Effect.UNKNOWN):
            self._require_known_owner(call)
        return effect in (Effect.CREATES_STATE, Effect.UNKNOWN)

    def _require_known_owner(self, call: cst.Call) -> None:
        """A method of an object may build graph from what the object keeps, and a class makes such objects."""
        dotted = dotted_name(call.func)
        is_class = dotted is not None and dotted.split('.')[-1].lstrip('_')[:1].isupper()
        if dotted is None or is_class or ('.' in dotted and self._view.imported(call.func) is None):
            raise Refusal(f'`{one_line(call.func)}` may keep tensors or variables of its own', call)

    def _wrap(self, call: cst.Call, step: Step) -> GraphFunction:
        kept = [call.func, *(a.value for a in call.args if not self._is_tensor(a.value, step))]
        if any(isinstance(outer, _INNER_SCOPES) for outer in self._inside(step, call)):
            raise Refusal(f'`{one_line(call)}` may create variables, in a lambda or comprehension', call)
        taken = {name.value for node in kept for name in name_nodes(node)}
        parameters: list[str] = []
        tensors: list[cst.BaseExpression] = []
        specs: list[Spec] = []
        arguments: dict[cst.CSTNode, cst.CSTNode] = {}
        names = self._parameter_names(call)
        for position, argument in enumerate(call.args):
            if not self._is_tensor(argument.value, step):
                continue
            if argument.star:
                raise Refusal(f'`{one_line(call)}` takes its tensors as `*` arguments', call)
            name = argument.keyword.value if argument.keyword else names[position] if position < len(names) else 'x'
            name = unique(name, taken)
            taken.add(name)
            parameters.append(name)
            tensors.append(argument.value)
            specs.append(spec_of(self._view, self._region, argument.value, step.index))
            arguments[argument.value] = cst.Name(name)
        attribute = '_' + (dotted_name(call.func) or 'graph').split('.')[-1].strip('_')
        wrapped = replace_nodes(call, arguments)
        keras = any(name.startswith(_KERAS) for name in self._built_with(call))
        return GraphFunction(call, attribute, tuple(tensors), wrapped, tuple(parameters), tuple(specs), step, keras)

    def _built_with(self, call: cst.Call) -> list[str]:
        """The TensorFlow symbols that the call leads to.

        Raises:
            Refusal: one of them is gone, or does not work in wrap_function.
        """
        bodies = self._functions.bodies(call)
        names = [self._view.called(inner) for body in bodies for inner in find_all(body, cst.Call)]
        found = [name for name in names if name is not None]
        for name in found:
            if name == 'Variable':
                reason = f'`{one_line(call.func)}` makes a tf.Variable, which wrap_function can\'t initialise'
                raise Refusal(reason, call)
            if name.startswith(CACHING):
                raise Refusal(f'`tf.{name}` {CACHES}', call)
            if name.startswith('contrib.'):
                raise Refusal(f'`{one_line(call.func)}` calls `tf.{name}`, which is gone', call)
        return found

    def _inside(self, step: Step, call: cst.Call) -> list[cst.CSTNode]:
        return list(itertools.takewhile(lambda outer: outer is not step.node, self._view.ancestors(call)))

    def _parameter_names(self, call: cst.Call) -> list[str]:
        function = self._view.functions.get(call.func.value) if isinstance(call.func, cst.Name) else None
        return [parameter.name.value for parameter in function.params.params] if function is not None else []

    def _is_tensor(self, node: cst.BaseExpression, step: Step) -> bool:
        if self._functions.builds_graph(node):
            return True
        sources = (self._region.reaching(name.value, step.index) for name in name_nodes(node))
        kinds = {self._roles.of[source.index] for source in sources if source is not None}
        if kinds & {Role.VARIABLE, Role.TABLE, Role.ASSET}:
            raise Refusal(f'`{one_line(node)}` hands a variable or table to a function that may create more', node)
        return bool(kinds & GRAPH_ROLES)


def init_statements(function: GraphFunction, tf: str) -> list[cst.BaseStatement]:
    """Statements of `__init__` that build the graph function and track its variables."""
    specs = ', '.join(f'{tf}.TensorSpec({spec.shape}, {spec.dtype})' for spec in function.specs)
    built = f'lambda {", ".join(function.parameters)}: {code(function.wrapped)}'.replace('lambda :', 'lambda:')
    text = bracketed(f'self.{function.attribute} = {tf}.compat.v1.wrap_function(', [built, f'[{specs}]'], ')')
    return [
        statement(text + '\n'),
        statement(f'self._variables = self.{function.attribute}.variables\n'),
    ]
