"""Backward slices: which steps a signature's outputs need, up to its inputs, and which resources they use."""

from __future__ import annotations

import keyword
from dataclasses import dataclass, field

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.functions import Effect, Functions
from rewriters.modules.roles import RESOURCES, Role, Roles
from rewriters.modules.specs import Spec, spec_of
from rewriters.plan import NamedTensor, Signature
from rewriters.refusal import Refusal, UnfedPlaceholder
from rewriters.region import Region, Step
from rewriters.syntax import assigned_value, find_all, name_nodes, names_used, one_line


@dataclass(frozen=True)
class Parameter:
    """One input of a signature as a method's parameter.

    `name` is the parameter's name in the source, `key` the name that clients use. `step` is the step that binds the
    tensor where the tensor is a plain name, else None; then `tensor` is what the parameter replaces.
    """

    name: str
    key: str
    spec: Spec
    tensor: cst.BaseExpression
    at: int
    step: Step | None


@dataclass
class Slice:
    """What a set of expressions needs: steps to move (by index), resources to make, plain names to find around it."""

    body: set[int] = field(default_factory=set)
    resources: set[int] = field(default_factory=set)
    outer: set[str] = field(default_factory=set)
    plain: set[int] = field(default_factory=set)


class Slicer:
    """Walks back from expressions through the region's steps."""

    def __init__(self, view: ModuleView, region: Region, roles: Roles, functions: Functions) -> None:
        self._view = view
        self._region = region
        self._roles = roles
        self._functions = functions

    def parameters(self, signature: Signature) -> tuple[Parameter, ...]:
        """The signature's inputs as parameters.

        Raises:
            Refusal: a name that no Python parameter can have, one tensor under two names, or an unknown spec.
        """
        check_argument_names(signature)
        parameters: list[Parameter] = []
        for named in signature.inputs:
            parameter = self._parameter(signature, named, {p.name for p in parameters})
            if any(_same_tensor(parameter, other) for other in parameters):
                raise Refusal(f'signature "{signature.key_value}" lists one tensor under two input names', named.tensor)
            parameters.append(parameter)
        names, keys = [p.name for p in parameters], [p.key for p in parameters]
        if names != keys and sorted(names) == sorted(keys):
            # A loaded signature is called with its keys; where these are the parameters' names, they bind as such.
            raise Refusal(f'signature "{signature.key_value}" names its inputs crosswise', signature.key)
        return tuple(parameters)

    def slice_signature(self, signature: Signature, parameters: tuple[Parameter, ...]) -> Slice:
        """What the signature's outputs need beyond its parameters."""
        result = Slice()
        for named in signature.outputs:
            self.require_no_waiting(named.tensor)
            self._visit(named.tensor, named.at, parameters, result)
        for parameter in parameters:
            if parameter.step is not None and parameter.step.index in result.body:
                reason = f'the input `{parameter.name}` is made together with a tensor that is served'
                raise Refusal(reason, parameter.tensor)
            for part in parameter.spec.parts:
                self.visit_plain(part, parameter.spec.at, result)
        return result

    def slice_resource(self, step: Step) -> Slice:
        """What making a resource needs: no input may be among it."""
        result = Slice()
        self._visit(step.node, step.index, (), result)
        return result

    def _parameter(self, signature: Signature, named: NamedTensor, taken: set[str]) -> Parameter:
        spec = spec_of(self._view, self._region, named.tensor, named.at)
        if isinstance(named.tensor, cst.Name):
            step = self._region.reaching(named.tensor.value, named.at)
            return Parameter(named.tensor.value, named.name, spec, named.tensor, named.at, step)
        name = named.name
        while name in taken | self._region.names():
            name += '_'
        return Parameter(name, named.name, spec, named.tensor, named.at, None)

    def _visit(self, node: cst.CSTNode, at: int, parameters: tuple[Parameter, ...], result: Slice) -> None:
        for name in self.free_names(node, at, parameters):
            self.visit_name(name, at, result, parameters)

    def free_names(self, node: cst.CSTNode, at: int, parameters: tuple[Parameter, ...]) -> list[cst.Name]:
        """The names below `node` that are read and that no parameter stands for."""
        covered: set[cst.Name] = set()
        for _, replaced in self.parameter_uses(node, at, parameters):
            covered.update(name_nodes(replaced))
        targets = _bound_name_nodes(node)
        return [name for name in name_nodes(node) if name not in covered and name not in targets]

    def parameter_uses(
        self, node: cst.CSTNode, at: int, parameters: tuple[Parameter, ...]
    ) -> list[tuple[Parameter, cst.BaseExpression]]:
        """The expressions below `node` that are a parameter's tensor."""
        uses: list[tuple[Parameter, cst.BaseExpression]] = []
        for parameter in parameters:
            for candidate in _expressions_like(node, parameter.tensor):
                if self._same_value(candidate, at, parameter.tensor, parameter.at):
                    uses.append((parameter, candidate))
        return uses

    def _same_value(self, a: cst.BaseExpression, a_at: int, b: cst.BaseExpression, b_at: int) -> bool:
        names = {name.value for name in name_nodes(a)}
        return all(self._region.reaching(name, a_at) is self._region.reaching(name, b_at) for name in names)

    def visit_name(self, name: cst.Name, at: int, result: Slice, parameters: tuple[Parameter, ...] = ()) -> None:
        """Visits a name that is read in step `at`."""
        if name.value in ('super', '__class__') or (name.value.startswith('__') and not name.value.endswith('__')):
            raise Refusal(f'`{name.value}` means something else in another class', name)
        step = self._region.reaching(name.value, at)
        if step is None:
            self._visit_outer(name, result)
            return
        role = self._roles.of[step.index]
        if role in RESOURCES:
            result.resources.add(step.index)
        elif role is Role.GRAPH:
            self._require_simple(step)
            if step.index not in result.body:
                result.body.add(step.index)
                self._visit(step.node, step.index, parameters, result)
        elif role is Role.PLAIN:
            self._visit_plain_step(step, name, result)
        elif role is Role.PLACEHOLDER:
            raise UnfedPlaceholder(name.value, name)
        else:
            raise Refusal(f'an output depends on `{name.value}`, which belongs to the session or the export', name)

    def _require_simple(self, step: Step) -> None:
        if not isinstance(step.node, cst.SimpleStatementLine):
            raise Refusal('a served tensor is built inside a compound statement', step.node)
        if not all(isinstance(small, cst.Assign | cst.AnnAssign | cst.AugAssign) for small in step.node.body):
            raise Refusal('a served tensor is built by a statement that also does something else', step.node)
        for small in step.node.body:
            changed = names_used(small.target)[0] if isinstance(small, cst.AugAssign) else ()
            sources = [self._region.reaching(name, step.index) for name in changed]
            if any(source is not None and self._roles.of[source.index] in RESOURCES for source in sources):
                raise Refusal('a variable or table is changed in place', step.node)
        if self._view.called(assigned_value(step.node)) == 'saved_model.build_tensor_info':
            raise Refusal('a TensorInfo is served in a way that is not understood', step.node)
        self.require_no_waiting(step.node)

    def require_no_waiting(self, node: cst.CSTNode) -> None:
        """Refuses what a method body can't hold."""
        if find_all(node, (cst.Await, cst.Yield)):
            raise Refusal('a served tensor is built from what is awaited or yielded', node)

    def visit_plain(self, node: cst.BaseExpression, at: int, result: Slice) -> None:
        """Visits an expression that must not hold a tensor: a shape, a dtype."""
        for name in name_nodes(node):
            step = self._region.reaching(name.value, at)
            if step is None:
                self._visit_outer(name, result)
            elif self._roles.of[step.index] is Role.PLAIN:
                self._visit_plain_step(step, name, result)
            else:
                raise Refusal(f'`{one_line(node)}` is not known before the graph is built', node)

    def _visit_plain_step(self, step: Step, name: cst.Name, result: Slice) -> None:
        """A plain value stays where it is; the class closes over its name, so nothing else may have that name."""
        for other in self._region.steps:
            if name.value in other.binds:
                if self._roles.of[other.index] is not Role.PLAIN:
                    raise Refusal(f'`{name.value}` names a value here and something of the graph elsewhere', name)
                self._require_known(other, name)
                if other.index <= step.index:
                    result.plain.add(other.index)

    def _require_known(self, step: Step, name: cst.Name) -> None:
        defines = isinstance(step.node, cst.FunctionDef | cst.ClassDef)
        if not defines and self._functions.effect(step.node) is Effect.UNKNOWN:
            raise Refusal(f'`{name.value}` comes from a call that may build graph out of sight', step.node)

    def _visit_outer(self, name: cst.Name, result: Slice) -> None:
        if name.value == 'self':
            raise Refusal('the graph is built from attributes of `self`', name)
        if name.value in self._region.sessions | self._region.graphs:
            raise Refusal(f'an output depends on `{name.value}`, which belongs to the session or the export', name)
        if name.value in self._region.binds():
            raise Refusal(f'what `{name.value}` means here depends on when it is read', name)
        result.outer.add(name.value)


def check_argument_names(signature: Signature) -> None:
    """Refuses inputs that can't be a method's arguments, which TensorFlow 2 exports by their names: `in`, `x:0`."""
    for named in signature.inputs:
        name = named.name
        plain = name.isidentifier() and name.isascii() and not keyword.iskeyword(name)
        if not plain or name.startswith('_') or name == 'self':
            reason = f'the input name "{name}" can\'t be an argument\'s: tf.function would export another one'
            raise Refusal(reason, named.tensor)


def _same_tensor(a: Parameter, b: Parameter) -> bool:
    return a.tensor.deep_equals(b.tensor) and a.step is b.step


def _expressions_like(node: cst.CSTNode, pattern: cst.BaseExpression) -> list[cst.BaseExpression]:
    if isinstance(pattern, cst.Name):
        targets = _bound_name_nodes(node)
        return [name for name in name_nodes(node) if name.value == pattern.value and name not in targets]
    finder = _LikeFinder(pattern)
    node.visit(finder)
    return finder.found


class _LikeFinder(cst.CSTVisitor):
    def __init__(self, pattern: cst.BaseExpression) -> None:
        self._pattern = pattern
        self.found: list[cst.BaseExpression] = []

    def on_visit(self, node: cst.CSTNode) -> bool:
        if isinstance(node, type(self._pattern)) and node.deep_equals(self._pattern):
            self.found.append(node)
            return False
        return True


def _bound_name_nodes(node: cst.CSTNode) -> frozenset[cst.Name]:
    """The name nodes that a simple assignment binds and does not read."""
    if not isinstance(node, cst.SimpleStatementLine):
        return frozenset()
    bound: set[cst.Name] = set()
    for small in node.body:
        if isinstance(small, cst.Assign):
            for target in small.targets:
                bound.update(_plain_targets(target.target))
        elif isinstance(small, cst.AnnAssign):
            bound.update(_plain_targets(small.target))
    return frozenset(bound)


def _plain_targets(target: cst.CSTNode) -> list[cst.Name]:
    if isinstance(target, cst.Name):
        return [target]
    if isinstance(target, cst.Tuple | cst.List):
        return [name for element in target.elements for name in _plain_targets(element.value)]
    return []
