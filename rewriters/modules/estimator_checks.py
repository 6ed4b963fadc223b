"""What must hold around an Estimator's calls, so that the code written for them means the same where it stands."""

from __future__ import annotations

import keyword
from collections.abc import Sequence

import libcst as cst

from rewriters.exports.estimator_names import other_uses
from rewriters.module_view import ModuleView
from rewriters.modules.captures import Reach
from rewriters.modules.surroundings import check_surroundings, tensorflow_name
from rewriters.modules.tf_function import method_name
from rewriters.plan import EstimatorPlan
from rewriters.refusal import Refusal
from rewriters.region import Region
from rewriters.syntax import find_all, name_nodes, names_used, one_line

_TAKEN_BY_TENSORFLOW = frozenset({'mode', 'params', 'config', 'input_context'})


def check_places(view: ModuleView, regions: Sequence[Region], plan: EstimatorPlan) -> str:
    """The name that means TensorFlow 2's API, if the code around the Estimator's calls runs eagerly.

    Raises:
        Refusal: names what stands in the way.
    """
    tf = ''
    for line in [plan.created, *(training.statement for training in plan.trainings), plan.export.statement]:
        region = next(region for region in regions if region.step_of(line) is not None)
        if region.openings or isinstance(region.root, cst.With):
            raise Refusal('the Estimator is used in a block that opens a graph or a session', line)
        check_surroundings(view, region)
        tf = tensorflow_name(view, region)
    return tf


def check_input_fn(view: ModuleView, node: cst.BaseExpression) -> None:
    """An input_fn is called without arguments; TF1 would hand it `mode`, `params` and `config`.

    Raises:
        Refusal: it takes arguments, or stands elsewhere.
    """
    function = view.functions.get(node.value) if isinstance(node, cst.Name) and view.is_global(node) else None
    parameters = node.params if isinstance(node, cst.Lambda) else function.params if function is not None else None
    if parameters is None or (function is not None and function.decorators):
        raise Refusal(f'the input_fn `{one_line(node)}` is no plain function at the top of this file', node)
    given = [*parameters.params, *parameters.kwonly_params, *parameters.posonly_params]
    if any(parameter.default is None or parameter.name.value in _TAKEN_BY_TENSORFLOW for parameter in given):
        raise Refusal('the input_fn takes arguments', node)


def check_inputs(view: ModuleView, plan: EstimatorPlan, keys: Sequence[str]) -> None:
    """Refuses names that no argument or method can have, and shapes that the class can't be given where it stands.

    Raises:
        Refusal: names what stands in the way.
    """
    taken = {'self', 'params', plan.model_fn.name.value, view.tensorflow_name()}
    if plan.receiver.function is not None:
        taken.add(plan.receiver.function.name.value)
    for given in plan.receiver.inputs:
        plain = given.name.isidentifier() and given.name.isascii() and not given.name.startswith('_')
        if not plain or keyword.iskeyword(given.name) or given.name in taken:
            raise Refusal(f'the input name "{given.name}" can\'t be an argument\'s')
        for part in given.parts:
            for name in (name for name in name_nodes(part) if name.value != 'None'):
                _require_fixed(view, plan, name)
    methods = [method_name(key) for key in keys]
    if len(set(methods)) != len(methods):
        raise Refusal('two signatures would be one method', plan.model_fn)


def _require_fixed(view: ModuleView, plan: EstimatorPlan, name: cst.Name) -> None:
    """A shape or dtype is written into the class, which stands where the model_fn stands."""
    binding = [s for s in view.module.body if name.value in names_used(s)[1]]
    imported = view.imported(name) is not None
    is_fixed = view.is_global(name) and (imported or view.constant(name) is not None)
    if not is_fixed or len(binding) != 1 or view.line(binding[0]) >= view.line(plan.model_fn):
        raise Refusal(f'a shape or dtype of the inputs is made from `{name.value}`, which may change', name)


def changes_between(view: ModuleView, plan: EstimatorPlan, node: cst.BaseExpression) -> bool:
    """Whether what an argument of the Estimator means may change between the Estimator's creation and its use."""
    names = name_nodes(node)
    function = view.enclosing_function(plan.created)
    scope: cst.CSTNode = function if function is not None else view.module
    reach = Reach(view, {})
    ours = {plan.created, plan.export.statement, *(training.statement for training in plan.trainings)}
    for statement in find_all(scope, (cst.SimpleStatementLine, cst.For, cst.With)):
        if statement in ours or not isinstance(statement, cst.SimpleStatementLine | cst.For | cst.With):
            continue
        if view.line(statement) > view.line(plan.created) and {n.value for n in names} & reach.changes(statement):
            return True
    # Another function may bind a global anew while the program runs.
    return any(
        isinstance(view.enclosing_function(other), cst.FunctionDef) and _is_declared(view, other)
        for name in names
        for other in other_uses(view, name)
    )


def _is_declared(view: ModuleView, name: cst.Name) -> bool:
    return isinstance(next(view.ancestors(name)), cst.NameItem)
