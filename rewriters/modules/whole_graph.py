"""Writer B for a whole graph: all statements that build it go into one function, which `wrap_function` runs once.

They run there in their order, with the same names, as they ran in TensorFlow 1; what is served is pruned from it.

https://www.tensorflow.org/api_docs/python/tf/compat/v1/wrap_function
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.assembly import Assembly, assemble, save_index
from rewriters.modules.captures import check_captures
from rewriters.modules.change import Change
from rewriters.modules.functions import Functions
from rewriters.modules.graph_code import GraphCode
from rewriters.modules.leftovers import check_leftovers, check_values
from rewriters.modules.meaning import check_meaning, draws_random_numbers, of_other_files
from rewriters.modules.open_graph import check_one_graph, check_tensors_of_variables
from rewriters.modules.restore import Checkpoint, check_saver, find_checkpoint, restore_statements
from rewriters.modules.roles import GRAPH_ROLES, Role, Roles, assign_roles
from rewriters.modules.serving import (
    BLANK,
    Method,
    ServingClass,
    bracketed,
    unique,
    with_blank_line,
    without_blank_lines_before,
)
from rewriters.modules.slices import Parameter, Slicer, check_argument_names
from rewriters.modules.specs import Spec
from rewriters.modules.surroundings import check_surroundings, tensorflow_name
from rewriters.modules.tf_function import (
    NEEDS_KERAS,
    RANDOM_OPS,
    RANDOM_VALUES,
    check_method_names,
    check_session,
    method_name,
)
from rewriters.modules.whole_graph_limits import check_graph_code, check_inputs, with_local_values
from rewriters.outcome import Writer
from rewriters.plan import ExportPlan, NamedTensor, Signature
from rewriters.refusal import Refusal
from rewriters.region import Region, Step
from rewriters.syntax import code, name_nodes, statement


def write(view: ModuleView, region: Region, plan: ExportPlan, why: Refusal) -> Change:
    """The region with the export site rewritten. `why` is what kept it from the forms before.

    Raises:
        Refusal: the site can't take this form; the reason names what stood in the way.
    """
    tf = tensorflow_name(view, region)
    functions = Functions(view)
    save_at = save_index(region, plan)
    roles = with_local_values(region, assign_roles(view, region, plan, functions), functions, save_at)
    check_session(plan, roles)
    check_surroundings(view, region)
    check_method_names(plan.signatures)
    moved = _moved(region, roles, save_at)
    check_one_graph(view, region, moved)
    graph = GraphCode(view, region, roles, functions, moved)
    slicer = Slicer(view, region, roles, functions)
    needed = check_graph_code(graph, slicer)
    check_inputs(graph, plan)
    check_tensors_of_variables(graph, plan)
    for signature in plan.signatures:
        check_argument_names(signature)
    tensors = _tensors(region, plan, roles, save_at)
    checkpoint = find_checkpoint(region, roles, slicer)
    makers = [step for step in moved if graph.makes_variables(step)]
    if checkpoint is not None:
        check_saver(region, roles, [step.index for step in makers])
        needed |= checkpoint.plain
    indices = frozenset(step.index for step in moved)
    check_leftovers(view, region, roles, indices)
    check_values(view, region, roles, moved, save_at)
    check_meaning(view, region, roles, functions, [step.node for step in moved])
    extra: list[tuple[cst.CSTNode, int]] = [(node, save_at) for node in tensors.expressions]
    paths = [(checkpoint.path, checkpoint.step.index)] if checkpoint is not None else []
    check_captures(view, region, roles, indices, [*extra, *paths], save_at)
    cls = ServingClass(view.new_name('Serving'), _doc(plan, checkpoint), tf)
    cls.init = _init_statements(plan, moved, tensors, checkpoint, bool(makers), tf)
    methods = [(s, _method(s)) for s in plan.signatures]
    reviews = [RANDOM_VALUES] * (checkpoint is None and any(graph.draws_values(step) for step in makers))
    reviews += [RANDOM_OPS] * draws_random_numbers(view, functions, graph.served_nodes(plan))
    reviews += [NEEDS_KERAS] * graph.needs_keras
    reviews += of_other_files(view, functions, [step.node for step in makers])
    assembly = Assembly(cls, methods, indices, frozenset(needed), Writer.GRAPH_FUNCTION, ' '.join(reviews), why)
    return assemble(view, region, plan, roles, assembly)


@dataclass(frozen=True)
class _Tensors:
    """The tensors that are fed and served: their expressions, each with its key in what the function returns."""

    expressions: Sequence[cst.BaseExpression]
    keys: Sequence[str]

    def key(self, node: cst.BaseExpression) -> str:
        return next(key for key, other in zip(self.keys, self.expressions, strict=True) if other.deep_equals(node))


def _moved(region: Region, roles: Roles, save_at: int) -> list[Step]:
    """Every step that builds graph."""
    steps = roles.steps(region, *GRAPH_ROLES)
    for step in steps:
        if roles.of[step.index] in (Role.TABLE, Role.ASSET):
            raise Refusal('the graph has a lookup table or an asset', step.node)
        if step.index > save_at:
            raise Refusal('graph is built after the export', step.node)
    if not steps:
        raise Refusal('no statement here builds graph')
    return steps


def _tensors(region: Region, plan: ExportPlan, roles: Roles, save_at: int) -> _Tensors:
    """What the function must return.

    Raises:
        Refusal: an expression means another tensor at the end of the function than where it stands.
    """
    expressions: list[cst.BaseExpression] = []
    keys: list[str] = []
    for named in (named for s in plan.signatures for named in [*s.inputs, *s.outputs]):
        _check_same_at_end(region, roles, named, save_at)
        if not any(other.deep_equals(named.tensor) for other in expressions):
            expressions.append(named.tensor)
            own_name = named.tensor.value if isinstance(named.tensor, cst.Name) else named.name
            keys.append(unique(own_name, keys))
    return _Tensors(expressions, keys)


def _check_same_at_end(region: Region, roles: Roles, named: NamedTensor, save_at: int) -> None:
    names = {name.value for name in name_nodes(named.tensor)}
    sources = [region.reaching(name, named.at) for name in names]
    if not any(source is not None and roles.of[source.index] in GRAPH_ROLES for source in sources):
        raise Refusal(f'`{code(named.tensor)}` is not made by the statements that build the graph', named.tensor)
    for name in names:
        if region.reaching(name, named.at) is not region.reaching(name, save_at):
            raise Refusal(f'`{name}` means something else further down', named.tensor)


def _method(signature: Signature) -> Method:
    """A signature as an attribute of the module, for what calls it."""
    parameters = tuple(_parameter(named) for named in signature.inputs)
    outputs = tuple((named.name, '') for named in signature.outputs)
    return Method(method_name(signature.key_value), parameters, (), outputs)


def _parameter(named: NamedTensor) -> Parameter:
    return Parameter(named.name, named.name, Spec('None', '', (), named.at), named.tensor, named.at, None)


def _doc(plan: ExportPlan, checkpoint: Checkpoint | None) -> str:
    outputs = dict.fromkeys(named.name for signature in plan.signatures for named in signature.outputs)
    values = f' with the variables of `{checkpoint.text}`' if checkpoint is not None else ''
    return re.sub(r'["\\\n]', '', f'Serves {", ".join(f"`{name}`" for name in outputs)}{values}.')


def _init_statements(
    plan: ExportPlan,
    moved: Sequence[Step],
    tensors: _Tensors,
    checkpoint: Checkpoint | None,
    has_variables: bool,
    tf: str,
) -> list[cst.BaseStatement]:
    taken = frozenset().union(*(step.reads | step.binds for step in moved))
    if checkpoint is not None:
        taken |= {name.value for name in name_nodes(checkpoint.path)}
    build, graph, values = unique('build_graph', taken), unique('graph', taken), unique('tensors', taken)
    statements: list[cst.BaseStatement] = [
        with_blank_line(_build_function(build, moved, tensors)),
        with_blank_line(statement(f'{graph} = {tf}.compat.v1.wrap_function({build}, [])\n')),
    ]
    if has_variables:
        statements.append(statement(f'self._variables = {graph}.variables\n'))
    if checkpoint is not None and has_variables:
        statements += restore_statements(tf, checkpoint, taken)
    statements.append(statement(f'{values} = {graph}.structured_outputs\n'))
    return [*statements, *(_signature_statement(s, tensors, graph, values, tf) for s in plan.signatures)]


def _build_function(name: str, moved: Sequence[Step], tensors: _Tensors) -> cst.BaseStatement:
    items = [f'{key!r}: {code(node)}' for key, node in zip(tensors.keys, tensors.expressions, strict=True)]
    node = statement(f'def {name}():\n    {bracketed("return {", items, "}", indent=4)}\n')
    assert isinstance(node, cst.FunctionDef)
    block = cst.ensure_type(node.body, cst.IndentedBlock)
    body = without_blank_lines_before([_with_bare_blank_lines(step.node) for step in moved])
    return node.with_changes(body=block.with_changes(body=[*body, *block.body]))


def _with_bare_blank_lines(node: cst.BaseStatement) -> cst.BaseStatement:
    """The statement with blank lines above it that don't follow its indentation."""
    lines: Iterable[cst.EmptyLine] = getattr(node, 'leading_lines', ())
    bare = [line if line.comment is not None else BLANK for line in lines]
    return node.with_changes(leading_lines=bare) if bare else node


def _signature_statement(
    signature: Signature, tensors: _Tensors, graph: str, values: str, tf: str
) -> cst.BaseStatement:
    """`self.key = tf.function(…)`: the specs come from the graph, so no decorator can hold them."""
    fed = [(named.name, f'{values}[{tensors.key(named.tensor)!r}]') for named in signature.inputs]
    outputs = [f'{named.name!r}: {values}[{tensors.key(named.tensor)!r}]' for named in signature.outputs]
    pruned = f'{graph}.prune([{", ".join(tensor for _, tensor in fed)}], {bracketed("{", outputs, "}", 4)})'
    specs = [f'{tf}.TensorSpec.from_tensor({tensor}, name={name!r})' for name, tensor in fed]
    arguments = [pruned, bracketed('input_signature=[', specs, ']', 4)]
    return statement(bracketed(f'self.{method_name(signature.key_value)} = {tf}.function(', arguments, ')') + '\n')
