"""Writer A: the statements between the placeholders and the served tensors become signature methods of a `tf.Module`.

https://www.tensorflow.org/guide/migrate/saved_model
"""

from __future__ import annotations

import builtins
import keyword
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules import graph_function
from rewriters.modules.assembly import Assembly, assemble, save_index
from rewriters.modules.captures import check_captures
from rewriters.modules.change import Change
from rewriters.modules.functions import Functions
from rewriters.modules.leftovers import check_leftovers, check_values
from rewriters.modules.meaning import check_meaning, draws_random_numbers, of_other_files
from rewriters.modules.resources import resource_statement
from rewriters.modules.restore import (
    Checkpoint,
    check_saver,
    check_variable_names,
    find_checkpoint,
    restore_statements,
)
from rewriters.modules.roles import Role, Roles, assign_roles
from rewriters.modules.serving import Method, ServingClass, unique
from rewriters.modules.slices import Parameter, Slice, Slicer
from rewriters.modules.substitution import Substitution
from rewriters.modules.surroundings import check_surroundings, tensorflow_name
from rewriters.outcome import Writer
from rewriters.plan import ExportPlan, Signature
from rewriters.refusal import Refusal
from rewriters.region import Region, Step
from rewriters.syntax import code, comments, find_all, name_nodes

# Names that mean something else as attributes of a tf.Module.
_RESERVED = frozenset(
    'name name_scope non_trainable_variables submodules trainable_variables variables with_name_scope'.split()
)

_RANDOM = re.compile(r'random|truncated_normal|xavier|glorot|initializer')
RANDOM_VALUES = (
    'Nothing is restored before this export, so it serves initial values, which may be random: each export then has '
    "others. Check that this is what is meant; two such exports can't be compared."
)
RANDOM_OPS = 'What is served may be random by itself: where no two calls give the same, nothing can be proven about it.'
NEEDS_KERAS = 'Check that it runs: what builds the graph needs Keras 2, so tf_keras and TF_USE_LEGACY_KERAS=1.'


def write(view: ModuleView, region: Region, plan: ExportPlan) -> Change:
    """The region with the export site rewritten.

    Raises:
        Refusal: the site can't take this form; the reason names what stood in the way.
    """
    tf = tensorflow_name(view, region)
    functions = Functions(view)
    roles = assign_roles(view, region, plan, functions)
    check_session(plan, roles)
    check_surroundings(view, region)
    check_method_names(plan.signatures)
    slicer = Slicer(view, region, roles, functions)
    served = [_serve(slicer, signature) for signature in plan.signatures]
    resources = _resources(region, roles, slicer, served)
    init = {step.index: slicer.slice_resource(step) for step in resources}
    body = frozenset().union(*(s.slice.body for s in served))
    body_steps = [region.steps[index] for index in sorted(body)]
    outputs = [(named.tensor, named.at) for s in served for named in s.signature.outputs]
    moved_nodes = [*((step.node, step.index) for step in body_steps), *outputs]
    wrapped = graph_function.find_graph_functions(view, region, roles, functions, moved_nodes)
    checkpoint = find_checkpoint(region, roles, slicer)
    variables = [step for step in resources if roles.of[step.index] is Role.VARIABLE]
    check_variable_names(region, variables, checkpoint, bool(wrapped))
    if checkpoint is not None:
        check_saver(region, roles, [*(step.index for step in variables), *(f.step.index for f in wrapped)])
    moved = body.union(init, *(s.body for s in init.values()))
    save_at = save_index(region, plan)
    check_leftovers(view, region, roles, moved)
    check_values(view, region, roles, [*variables, *(f.step for f in wrapped)], save_at)
    nodes = [*(region.steps[index].node for index in sorted(moved)), *(node for node, _ in outputs)]
    check_meaning(view, region, roles, functions, nodes)
    used = {*moved, *(step.index for step in resources)}
    check_captures(view, region, roles, used, _expressions(served, checkpoint), save_at)
    names = _attribute_names(served, resources)
    substitution = Substitution(region, slicer, names, wrapped)
    cls = ServingClass(view.new_name('Serving'), _doc(view, plan, body_steps, checkpoint), tf)
    cls.init = _init_statements(view, region, roles, substitution, init, tf)
    for function in wrapped:
        cls.init += graph_function.init_statements(function, tf)
    if checkpoint is not None:
        cls.init += restore_statements(tf, checkpoint, {n.value for s in cls.init for n in name_nodes(s)})
    methods = [(s.signature, _method(region, substitution, s)) for s in served]
    cls.methods = [method for _, method in methods]
    needed = _needed_before([*(s.slice for s in served), *init.values()], checkpoint)
    writer = Writer.GRAPH_FUNCTION if wrapped else Writer.TF_FUNCTION
    random = checkpoint is None and (bool(wrapped) or _is_random(view, region, resources, init))
    served_nodes = [node for node, _ in moved_nodes]
    reviews = [RANDOM_VALUES] * random
    reviews += [RANDOM_OPS] * draws_random_numbers(view, functions, served_nodes)
    reviews += [NEEDS_KERAS] * any(f.needs_keras for f in wrapped)
    reviews += of_other_files(view, functions, [f.call for f in wrapped])
    review = ' '.join(reviews)
    why = wrapped[0].why if wrapped else None
    return assemble(view, region, plan, roles, Assembly(cls, methods, moved, needed, writer, review, why))


@dataclass(frozen=True)
class _Served:
    signature: Signature
    parameters: tuple[Parameter, ...]
    slice: Slice


def check_session(plan: ExportPlan, roles: Roles) -> None:
    """Refuses where the exported session is not one that the region opens."""
    if not isinstance(plan.session, cst.Name) or plan.session.value not in roles.sessions:
        raise Refusal(f'the session `{code(plan.session)}` is not opened in the same block', plan.session)


def _serve(slicer: Slicer, signature: Signature) -> _Served:
    if not signature.outputs:
        raise Refusal(f'signature "{signature.key_value}" has no output', signature.key)
    parameters = slicer.parameters(signature)
    return _Served(signature, parameters, slicer.slice_signature(signature, parameters))


def _resources(region: Region, roles: Roles, slicer: Slicer, served: Sequence[_Served]) -> list[Step]:
    """Variables, tables and assets in source order: those that outputs use, what these use, and every asset."""
    wanted = {step.index for step in roles.steps(region, Role.ASSET)}
    wanted = wanted.union(*(s.slice.resources for s in served))
    todo = list(wanted)
    while todo:
        more = slicer.slice_resource(region.steps[todo.pop()]).resources - wanted
        wanted |= more
        todo += more
    return [region.steps[index] for index in sorted(wanted)]


def _expressions(served: Sequence[_Served], checkpoint: Checkpoint | None) -> list[tuple[cst.CSTNode, int]]:
    """What goes into the class besides whole steps: outputs, specs and the checkpoint's path."""
    outputs: list[tuple[cst.CSTNode, int]] = [(n.tensor, n.at) for s in served for n in s.signature.outputs]
    specs = [(part, p.spec.at) for s in served for p in s.parameters for part in p.spec.parts]
    return [*outputs, *specs, *([(checkpoint.path, checkpoint.step.index)] if checkpoint is not None else [])]


def _attribute_names(served: Sequence[_Served], resources: Sequence[Step]) -> dict[int, str]:
    """An attribute name for each resource, other than the methods' and tf.Module's own."""
    taken = {method_name(s.signature.key_value) for s in served} | _RESERVED
    names: dict[int, str] = {}
    for step in resources:
        (name,) = step.binds
        names[step.index] = unique(name, taken)
        taken.add(names[step.index])
    return names


def _init_statements(
    view: ModuleView, region: Region, roles: Roles, substitution: Substitution, init: Mapping[int, Slice], tf: str
) -> list[cst.BaseStatement]:
    """The resources, and the statements that they are made with, in source order."""
    indices = set(init).union(*(s.body for s in init.values()))
    statements: list[cst.BaseStatement] = []
    for step in (region.steps[index] for index in sorted(indices)):
        node = step.node
        if step.index in init:
            node = resource_statement(view, step, roles.of[step.index], substitution.attributes[step.index], tf)
        statements.append(substitution.apply(node, step.index))
    return statements


def _method(region: Region, substitution: Substitution, served: _Served) -> Method:
    indices = sorted(served.slice.body)
    body = [substitution.apply(region.steps[i].node, i, served.parameters) for i in indices]
    outputs = [
        (named.name, code(substitution.apply(named.tensor, named.at, served.parameters)))
        for named in served.signature.outputs
    ]
    notes = [line for p in served.parameters if p.step is not None for line in comments(p.step.node)]
    return Method(method_name(served.signature.key_value), served.parameters, tuple(body), tuple(outputs), tuple(notes))


def _doc(view: ModuleView, plan: ExportPlan, body: Sequence[Step], checkpoint: Checkpoint | None) -> str:
    calls = [call for step in body for call in find_all(step.node, cst.Call) if isinstance(call, cst.Call)]
    called = [c.func.value for c in calls if isinstance(c.func, cst.Name) and c.func.value in view.functions]
    outputs = [named.name for signature in plan.signatures for named in signature.outputs]
    what = ', '.join(f'`{name}`' for name in dict.fromkeys(called or outputs))
    values = f' with the variables of `{checkpoint.text}`' if checkpoint is not None else ''
    return re.sub(r'["\\\n]', '', f'Serves {what}{values}.')


def _needed_before(slices: Iterable[Slice], checkpoint: Checkpoint | None) -> frozenset[int]:
    """The plain steps that must have run before the module is made."""
    needed = frozenset().union(*(s.plain for s in slices))
    return needed | checkpoint.plain if checkpoint is not None else needed


def _is_random(view: ModuleView, region: Region, resources: Sequence[Step], init: Mapping[int, Slice]) -> bool:
    """Whether initial values are made with a random op."""
    indices = {step.index for step in resources}.union(*(s.body for s in init.values()))
    calls = [call for index in indices for call in find_all(region.steps[index].node, cst.Call)]
    return any(_RANDOM.search(view.called(call) or '') for call in calls)


def method_name(key: str) -> str:
    """A method name for a signature key."""
    name = re.sub(r'\W', '_', key)
    means_something = keyword.iskeyword(name) or name in dir(builtins) or name in _RESERVED or name.startswith('_')
    return name if name.isidentifier() and not means_something else f'signature_{name}'


def check_method_names(signatures: Sequence[Signature]) -> None:
    """Refuses signature keys that would make one method."""
    names = [method_name(signature.key_value) for signature in signatures]
    for index, signature in enumerate(signatures):
        if names[index] in names[:index]:
            raise Refusal(f'two signatures would be a method `{names[index]}`', signature.key)
