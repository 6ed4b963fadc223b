"""Writer B for imported graphs: a MetaGraph file and its checkpoint, served by the names of its tensors.

https://www.tensorflow.org/api_docs/python/tf/compat/v1/train/import_meta_graph
https://www.tensorflow.org/api_docs/python/tf/compat/v1/wrap_function
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.exports.common import definition
from rewriters.module_view import ModuleView
from rewriters.modules.assembly import Assembly, assemble, save_index
from rewriters.modules.captures import check_captures
from rewriters.modules.change import Change
from rewriters.modules.functions import Functions
from rewriters.modules.leftovers import check_leftovers
from rewriters.modules.restore import Checkpoint, find_checkpoint
from rewriters.modules.roles import Role, Roles, assign_roles
from rewriters.modules.serving import Method, ServingClass, bracketed, with_blank_line
from rewriters.modules.slices import Parameter, Slice, Slicer, check_argument_names
from rewriters.modules.specs import Spec
from rewriters.modules.surroundings import check_surroundings, tensorflow_name
from rewriters.modules.tf_function import check_method_names, check_session, method_name
from rewriters.outcome import Writer
from rewriters.plan import ExportPlan, NamedTensor, Signature
from rewriters.refusal import Refusal
from rewriters.region import Region, Step
from rewriters.syntax import arguments, assigned_value, code, comments, dotted_name, name_nodes, statement, string_value

_IMPORT = ('meta_graph_or_file', 'clear_devices', 'import_scope')
_REVIEW = (
    'Check that the graph in the MetaGraph file has no lookup tables and reads no assets: the source does not tell. '
    'Making the module fails if it has tables.'
)


@dataclass(frozen=True)
class _Import:
    """The MetaGraph file, whether devices are cleared, and the checkpoint that fills the variables."""

    step: Step
    file: cst.BaseExpression
    clears_devices: bool
    checkpoint: Checkpoint
    plain: frozenset[int]


def imports_graph(view: ModuleView, region: Region) -> bool:
    """Whether the region's graph comes from a MetaGraph file."""
    return bool(_import_steps(view, region))


def write(view: ModuleView, region: Region, plan: ExportPlan) -> Change:
    """The region with the export site rewritten.

    Raises:
        Refusal: the site can't take this form; the reason names what stood in the way.
    """
    try:
        return _write(view, region, plan)
    except Refusal as refusal:
        refusal.before = _is_imported(view, region)
        raise


def _is_imported(view: ModuleView, region: Region) -> Refusal:
    """What keeps the graph from being statements of a method."""
    return Refusal('the graph comes from a MetaGraph file', _import_steps(view, region)[0].node)


def _write(view: ModuleView, region: Region, plan: ExportPlan) -> Change:
    tf = tensorflow_name(view, region)
    functions = Functions(view)
    roles = _roles(view, region, assign_roles(view, region, plan, functions))
    check_session(plan, roles)
    check_surroundings(view, region)
    check_method_names(plan.signatures)
    for signature in plan.signatures:
        check_argument_names(signature)
    imported = _read_import(view, region, roles, Slicer(view, region, roles, functions))
    names = _TensorNames(view, region)
    served = [(s, _method(s, names)) for s in plan.signatures]
    check_leftovers(view, region, roles, frozenset())
    paths = [(imported.checkpoint.path, imported.checkpoint.step.index)]
    check_captures(view, region, roles, [imported.step.index], paths, save_index(region, plan))
    cls = ServingClass(view.new_name('Serving'), _doc(imported), tf)
    cls.init = _init_statements(imported, plan.signatures, names, tf)
    moved, why = frozenset({imported.step.index}), _is_imported(view, region)
    assembly = Assembly(cls, served, moved, imported.plain, Writer.GRAPH_FUNCTION, _REVIEW, why)
    return assemble(view, region, plan, roles, assembly)


def _import_steps(view: ModuleView, region: Region) -> list[Step]:
    return [s for s in region.steps if view.called(assigned_value(s.node)) == 'train.import_meta_graph']


def _roles(view: ModuleView, region: Region, roles: Roles) -> Roles:
    """The roles, with the import as a saver and tensors looked up by name as no graph building."""
    importers = {s.index for s in _import_steps(view, region)}
    of = list(roles.of)
    for step in region.steps:
        value = assigned_value(step.node)
        if step.index in importers:
            of[step.index] = Role.SAVER
        elif _is_restore(step, region, importers):
            of[step.index] = Role.RESTORE
        elif value is not None and (_is_lookup(value) or view.called(value) == 'get_default_graph'):
            of[step.index] = Role.SESSION
    return Roles(tuple(of), roles.sessions, roles.resets)


def _is_restore(step: Step, region: Region, importers: set[int]) -> bool:
    call = assigned_value(step.node)
    owner, _, method = (dotted_name(call.func) or '').rpartition('.') if isinstance(call, cst.Call) else ('', '', '')
    saver = region.reaching(owner, step.index)
    return method == 'restore' and saver is not None and saver.index in importers


def _is_lookup(node: cst.BaseExpression) -> bool:
    if not isinstance(node, cst.Call) or not isinstance(node.func, cst.Attribute):
        return False
    return node.func.attr.value == 'get_tensor_by_name'


def _read_import(view: ModuleView, region: Region, roles: Roles, slicer: Slicer) -> _Import:
    steps = _import_steps(view, region)
    call = assigned_value(steps[0].node)
    values = arguments(call, _IMPORT) if isinstance(call, cst.Call) else None
    if len(steps) > 1 or values is None or 'meta_graph_or_file' not in values or 'import_scope' in values:
        raise Refusal('the MetaGraph is imported in a way that is not understood', steps[-1].node)
    checkpoint = find_checkpoint(region, roles, slicer)
    if checkpoint is None:
        raise Refusal('no checkpoint is restored into the imported graph', steps[0].node)
    for name in [*name_nodes(values['meta_graph_or_file']), *name_nodes(checkpoint.path)]:
        if name.value in _OWN_NAMES:
            raise Refusal(f'`{name.value}` would mean something else in the new class', name)
    needs = Slice()
    slicer.visit_plain(values['meta_graph_or_file'], steps[0].index, needs)
    clears = dotted_name(values.get('clear_devices', cst.Name('False'))) != 'False'
    plain = checkpoint.plain | needs.plain
    return _Import(steps[0], values['meta_graph_or_file'], clears, checkpoint, plain)


class _TensorNames:
    """The literal names of tensors that are looked up with `get_tensor_by_name`."""

    def __init__(self, view: ModuleView, region: Region) -> None:
        self._view = view
        self._region = region

    def of(self, named: NamedTensor) -> str:
        value, _, _ = definition(self._region, named.tensor, named.at)
        literal = None
        if isinstance(value, cst.Call) and _is_lookup(value) and len(value.args) == 1:
            literal = string_value(value.args[0].value)
        if literal is None or ':' not in literal:
            raise Refusal(f'the name of the tensor `{code(named.tensor)}` is not written out here', named.tensor)
        return literal


def _method(signature: Signature, names: _TensorNames) -> Method:
    parameters = tuple(_parameter(named) for named in signature.inputs)
    outputs = tuple((named.name, names.of(named)) for named in signature.outputs)
    return Method(method_name(signature.key_value), parameters, (), outputs)


def _parameter(named: NamedTensor) -> Parameter:
    return Parameter(named.name, named.name, Spec('None', '', (), named.at), named.tensor, named.at, None)


def _doc(imported: _Import) -> str:
    return f'Serves the graph of `{code(imported.file)}` with the variables of `{imported.checkpoint.text}`.'


def _init_statements(
    imported: _Import, signatures: Sequence[Signature], names: _TensorNames, tf: str
) -> list[cst.BaseStatement]:
    roots = sorted({names.of(named).split(':')[0] for s in signatures for named in [*s.inputs, *s.outputs]})
    text = _BUILD.format(
        tf=tf,
        file=code(imported.file),
        checkpoint=imported.checkpoint.text,
        roots=bracketed('[', [repr(root) for root in roots], ']'),
    )
    statements = _spaced([statement(part) for part in text.split('\n\n')])
    if imported.clears_devices:
        statements.insert(3, statement("for node in graph_def.node:\n    node.device = ''\n"))
    for signature in signatures:
        statements += _signature_statements(signature, names, tf)
    notes = comments(imported.step.node)
    return [statements[0].with_changes(leading_lines=notes), *statements[1:]]


def _spaced(statements: Sequence[cst.BaseStatement]) -> list[cst.BaseStatement]:
    """The statements with a blank line before and after each function."""
    spaced: list[cst.BaseStatement] = []
    for node in statements:
        beside = isinstance(node, cst.FunctionDef) or (bool(spaced) and isinstance(spaced[-1], cst.FunctionDef))
        spaced.append(with_blank_line(node) if beside else node)
    return spaced


_OWN_NAMES = frozenset('file graph graph_def handles import_graph meta_graph self values variables'.split())
# Reference variables (TF1's default) are replaced by the value of a TF2 variable, resource variables by its handle.
_BUILD = """\
meta_graph = {tf}.compat.v1.MetaGraphDef()

with {tf}.io.gfile.GFile({file}, 'rb') as file:
    meta_graph.ParseFromString(file.read())

graph_def = {tf}.compat.v1.graph_util.extract_sub_graph(meta_graph.graph_def, {roots})

if any('Table' in node.op for node in graph_def.node):
    raise ValueError('The graph has lookup tables, which would be empty in the exported model.')

values = {tf}.train.load_checkpoint({checkpoint})

variables = {{
    node.name: {tf}.Variable(values.get_tensor(node.name), name=node.name)
    for node in graph_def.node if node.op in ('Variable', 'VariableV2', 'VarHandleOp')
}}

handles = {{node.name for node in graph_def.node if node.op == 'VarHandleOp'}}

def import_graph():
    capture = {tf}.compat.v1.get_default_graph().capture
    {tf}.graph_util.import_graph_def(graph_def, name='', input_map={{
        name: capture(variable.handle) if name in handles else variable.value()
        for name, variable in variables.items()
    }})

graph = {tf}.compat.v1.wrap_function(import_graph, [])

self._variables = variables
"""


def _signature_statements(signature: Signature, names: _TensorNames, tf: str) -> list[cst.BaseStatement]:
    """`self.key = tf.function(…)`: the specs come from the imported graph, so no decorator can hold them."""
    name = method_name(signature.key_value)
    inputs = [(named.name, names.of(named)) for named in signature.inputs]
    outputs = ', '.join(f'{named.name!r}: {names.of(named)!r}' for named in signature.outputs)
    feeds = ', '.join(repr(tensor) for _, tensor in inputs)
    tensor_of = 'graph.graph.get_tensor_by_name'
    specs = [f'{tf}.TensorSpec.from_tensor({tensor_of}({tensor!r}), name={key!r})' for key, tensor in inputs]
    pruned = f'graph.prune([{feeds}], {{{outputs}}})'
    signature_specs = bracketed('input_signature=[', specs, ']', 4)
    return [statement(bracketed(f'self.{name} = {tf}.function(', [pruned, signature_specs], ')') + '\n')]
