"""Reads Estimators with a custom model_fn that are exported: `Estimator(model_fn, dir)`, `.train(…)`, `.export_…(…)`.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/Estimator
"""

from __future__ import annotations

from collections.abc import Sequence

import libcst as cst

from rewriters.exports.common import find_calls, region_of
from rewriters.exports.receivers import read_receiver
from rewriters.module_view import ModuleView
from rewriters.plan import EstimatorCall, EstimatorPlan
from rewriters.refusal import Refusal
from rewriters.region import Region, Step
from rewriters.syntax import arguments, assigned_name, assigned_value, dotted_name, find_all, name_nodes

NAME = 'estimator'
_ESTIMATOR = ('model_fn', 'model_dir', 'config', 'params', 'warm_start_from')
_TRAIN = ('input_fn', 'hooks', 'steps', 'max_steps', 'saving_listeners')
_EXPORT = ('export_dir_base', 'serving_input_receiver_fn', 'assets_extra', 'as_text', 'checkpoint_path')
_EXPORTS = {
    'export_saved_model': (*_EXPORT, 'experimental_mode'),
    'export_savedmodel': (*_EXPORT, 'strip_default_attrs'),
}
_MODEL_FN = frozenset({'features', 'labels', 'mode', 'params'})


def find(view: ModuleView) -> list[cst.Call]:
    """The calls that make an Estimator from a model_fn, if anything in the module exports one."""
    return find_calls(view, 'estimator.Estimator') if export_calls(view) else []


def export_calls(view: ModuleView) -> list[cst.Call]:
    """The calls of `.export_saved_model(…)` and `.export_savedmodel(…)` on anything but a module."""
    calls = [call for call in find_all(view.module, cst.Call) if isinstance(call, cst.Call)]
    methods = [c for c in calls if isinstance(c.func, cst.Attribute) and c.func.attr.value in _EXPORTS]
    return [call for call in methods if view.imported(call.func) is None]


def owner(call: cst.Call) -> str:
    """`est` of `est.export_saved_model(…)`."""
    return (dotted_name(call.func) or '').rpartition('.')[0]


def bound_name(view: ModuleView, call: cst.Call) -> str | None:
    """`est` of `est = Estimator(…)`."""
    lines = [node for node in view.ancestors(call) if isinstance(node, cst.SimpleStatementLine)]
    return assigned_name(lines[0]) if lines else None


def read(view: ModuleView, regions: Sequence[Region], call: cst.Call) -> EstimatorPlan:
    """The plan of the Estimator that this call makes.

    Raises:
        Refusal: its parts don't stand together, or hold what is not understood yet.
    """
    region, made = region_of(view, regions, call)
    name = assigned_name(made.node)
    values = arguments(call, _ESTIMATOR)
    if name is None or values is None or 'model_fn' not in values:
        raise Refusal('the Estimator is made in a way that is not understood', call)
    if 'model_dir' not in values:
        raise Refusal('the Estimator has no model_dir: its checkpoints are in a folder that nobody knows', call)
    for option in ('config', 'warm_start_from'):
        if option in values:
            raise Refusal(f'{option}=… of the Estimator is not understood yet', values[option])
    model_fn = _model_fn(view, values['model_fn'])
    calls = _uses(view, region, made, name)
    exports = [c for method, c in calls if method in _EXPORTS]
    if len(exports) != 1:
        raise Refusal('the Estimator is exported more than once, or not in the same block', call)
    export = exports[0]
    receiver_fn = export.arguments['serving_input_receiver_fn']
    assert isinstance(made.node, cst.SimpleStatementLine)
    return EstimatorPlan(
        place=view.place(export.call),
        created=made.node,
        model_fn=model_fn,
        parameters=_parameters(model_fn),
        model_dir=values['model_dir'],
        params=values.get('params'),
        trainings=tuple(c for method, c in calls if method == 'train'),
        export=export,
        receiver=read_receiver(view, region, receiver_fn, _index(region, export)),
    )


def _index(region: Region, call: EstimatorCall) -> int:
    return next(step.index for step in region.steps if step.node is call.statement)


def _model_fn(view: ModuleView, node: cst.BaseExpression) -> cst.FunctionDef:
    function = view.functions.get(node.value) if isinstance(node, cst.Name) else None
    if function is None:
        raise Refusal('the model_fn is not a function of this file', node)
    if function.decorators or function.asynchronous is not None:
        raise Refusal('the model_fn has decorators', function)
    uses = [name for name in name_nodes(view.module) if name.value == function.name.value and name is not node]
    if any(use is not function.name for use in uses):
        raise Refusal('the model_fn is used elsewhere too', function)
    return function


def _parameters(function: cst.FunctionDef) -> tuple[str, ...]:
    parameters = function.params
    plain = not (parameters.kwonly_params or parameters.star_kwarg or parameters.posonly_params)
    names = tuple(parameter.name.value for parameter in parameters.params)
    has_star = isinstance(parameters.star_arg, cst.Param)
    if not plain or has_star or not set(names) <= _MODEL_FN or 'features' not in names:
        raise Refusal('the model_fn has other parameters than features, labels, mode and params', function)
    return names


def _uses(view: ModuleView, region: Region, made: Step, name: str) -> list[tuple[str, EstimatorCall]]:
    """Every call of the Estimator's methods, which must be its only uses."""
    calls: list[tuple[str, EstimatorCall]] = []
    counted = 1
    for step in region.steps[made.index + 1 :]:
        if name not in step.reads | step.binds:
            continue
        calls.append(_use(step, name))
        counted += 1
    if sum(node.value == name for node in name_nodes(view.module)) != counted:
        raise Refusal(f'the Estimator `{name}` is used outside of the block that makes it', made.node)
    return calls


def _use(step: Step, name: str) -> tuple[str, EstimatorCall]:
    call = assigned_value(step.node)
    owner, _, method = (dotted_name(call.func) or '').rpartition('.') if isinstance(call, cst.Call) else ('', '', '')
    if owner != name or not isinstance(call, cst.Call) or not isinstance(step.node, cst.SimpleStatementLine):
        raise Refusal(f'the Estimator `{name}` is used in a way that is not understood yet', step.node)
    if method == 'train':
        return method, EstimatorCall(step.node, call, _train_arguments(call))
    if method in _EXPORTS:
        return method, EstimatorCall(step.node, call, _export_arguments(call, _EXPORTS[method]))
    raise Refusal(f'{method}() of the Estimator is not understood yet', step.node)


def _train_arguments(call: cst.Call) -> dict[str, cst.BaseExpression]:
    values = arguments(call, _TRAIN)
    if values is None or set(values) != {'input_fn', 'steps'}:
        raise Refusal('train() with other arguments than input_fn and steps is not understood yet', call)
    return values


def _export_arguments(call: cst.Call, parameters: tuple[str, ...]) -> dict[str, cst.BaseExpression]:
    values = arguments(call, parameters)
    known = {'export_dir_base', 'serving_input_receiver_fn', 'checkpoint_path', 'strip_default_attrs'}
    if values is None or not {'export_dir_base', 'serving_input_receiver_fn'} <= values.keys() <= known:
        raise Refusal('the export has options that are not understood yet', call)
    return values
