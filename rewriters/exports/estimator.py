"""Reads Estimators with a custom model_fn that are exported: `Estimator(model_fn, dir)`, `.train(…)`, `.export_…(…)`.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/Estimator
"""

from __future__ import annotations

import itertools

import libcst as cst

from rewriters.exports.common import find_calls
from rewriters.exports.estimator_names import line_of, other_uses
from rewriters.exports.receivers import read_receiver
from rewriters.exports.run_config import read_run_config
from rewriters.module_view import ModuleView
from rewriters.plan import EstimatorCall, EstimatorPlan, RunConfig
from rewriters.refusal import Refusal
from rewriters.site_hints import METHODS, STRATEGIES, is_method_of_import
from rewriters.syntax import arguments, assigned_name, assigned_value, dotted_name, find_all, one_line, string_value

NAME = 'estimator'
ESTIMATOR = 'estimator.Estimator'
_ESTIMATOR = ('model_fn', 'model_dir', 'config', 'params', 'warm_start_from')
_TRAIN = ('input_fn', 'hooks', 'steps', 'max_steps', 'saving_listeners')
_EXPORT = ('export_dir_base', 'serving_input_receiver_fn', 'assets_extra', 'as_text', 'checkpoint_path')
_EXPORTS = {
    'export_saved_model': (*_EXPORT, 'experimental_mode'),
    'export_savedmodel': (*_EXPORT, 'strip_default_attrs'),
}
# Options that change nothing of the model when they have these values; a missing checkpoint_path means the newest.
_HARMLESS = {'as_text': ('False',), 'assets_extra': ('None', '{}'), 'strip_default_attrs': ('True', 'False', 'None')}
# What exports the Estimators of tf.contrib.learn.Experiment, into a folder of this name.
NAME_OF_STRATEGIES = 'Servo'
EXPORTERS = STRATEGIES | {'estimator.BestExporter', 'estimator.FinalExporter', 'estimator.LatestExporter'}
_MODEL_FN = frozenset({'features', 'labels', 'mode', 'params', 'config'})


def find(view: ModuleView) -> list[cst.Call]:
    """The calls that make an Estimator from a model_fn, if anything in the module exports one."""
    return find_calls(view, ESTIMATOR) if export_calls(view) else []


def export_calls(view: ModuleView) -> list[cst.Call]:
    """The calls of `.export_saved_model(…)` and the like on what may be an Estimator, and those that make exporters."""
    return [call for call in view.calls if view.called(call) in EXPORTERS or _exports(view, call)]


def _exports(view: ModuleView, call: cst.Call) -> bool:
    is_method = isinstance(call.func, cst.Attribute) and call.func.attr.value in METHODS
    return is_method and _may_be_estimator(view, call)


def _may_be_estimator(view: ModuleView, call: cst.Call) -> bool:
    """Not where the file has such a method itself; of what it imports, only objects that are given a receiver."""
    method = cst.ensure_type(call.func, cst.Attribute).attr.value
    if owner(call) == 'self':
        functions = [f.name.value for f in view.find_all(cst.FunctionDef) if isinstance(f, cst.FunctionDef)]
        return method not in functions
    imported = view.imported(call.func)
    if imported is None and owner(call).partition('.')[0] in _relative_imports(view):
        imported = '.' + owner(call) + '.' + method
    if imported is None:
        return True
    return is_method_of_import(imported, map(one_line, call.args))


def _relative_imports(view: ModuleView) -> set[str]:
    """What `from . import …` binds: modules or objects of the project."""
    imports = [node for node in view.find_all(cst.ImportFrom) if isinstance(node, cst.ImportFrom)]
    aliases = [alias for node in imports if node.relative for alias in find_all(node, cst.ImportAlias)]
    return {alias.evaluated_alias or alias.evaluated_name for alias in aliases if isinstance(alias, cst.ImportAlias)}


def owner(call: cst.Call) -> str:
    """`est` of `est.export_saved_model(…)`."""
    return (dotted_name(call.func) or '').rpartition('.')[0]


def creation(view: ModuleView, call: cst.Call) -> cst.SimpleStatementLine | None:
    """The statement `est = Estimator(…)`."""
    line = line_of(view, call)
    is_plain = line is not None and assigned_value(line) is call and assigned_name(line) is not None
    return line if is_plain else None


def read(view: ModuleView, call: cst.Call) -> EstimatorPlan:
    """The plan of the Estimator that this call makes.

    Raises:
        Refusal: its parts don't stand together, or hold what is not understood yet.
    """
    made = creation(view, call)
    values = arguments(call, _ESTIMATOR)
    if made is None:
        raise Refusal('the Estimator is not assigned to a name where it is made', call)
    if values is None or 'model_fn' not in values:
        raise Refusal('the Estimator is made in a way that is not understood', call)
    values = {name: value for name, value in values.items() if dotted_name(value) != 'None'}
    if 'warm_start_from' in values:
        raise Refusal('warm_start_from=… of the Estimator is not understood yet', values['warm_start_from'])
    config = read_run_config(view, values['config'], made) if 'config' in values else RunConfig()
    model_dir = values.get('model_dir') or config.model_dir
    if config.model_dir is not None and model_dir is not None and not config.model_dir.deep_equals(model_dir):
        raise Refusal('the Estimator and its RunConfig each have a model_dir', call)
    if model_dir is None:
        raise Refusal('the Estimator has no model_dir: its checkpoints are in a folder that nobody knows', call)
    model_fn = _model_fn(view, values['model_fn'])
    calls = _uses(view, made)
    exports = [c for method, c in calls if method in _EXPORTS]
    trainings = tuple(c for method, c in calls if method == 'train')
    if len({'steps' in training.arguments for training in trainings}) > 1:
        raise Refusal('train() is called with steps, and with max_steps', trainings[0].call)
    if len(exports) != 1:
        raise Refusal(f'the Estimator is exported {"more than once" if exports else "elsewhere, or not at all"}', made)
    return EstimatorPlan(
        place=view.place(exports[0].call),
        created=made,
        model_fn=model_fn,
        parameters=_parameters(model_fn),
        model_dir=model_dir,
        params=values.get('params'),
        trainings=trainings,
        export=exports[0],
        receiver=read_receiver(view, exports[0].arguments['serving_input_receiver_fn']),
        config=config,
    )


def _model_fn(view: ModuleView, node: cst.BaseExpression) -> cst.FunctionDef:
    is_global = isinstance(node, cst.Name) and view.is_global(node)
    function = view.functions.get(node.value) if isinstance(node, cst.Name) and is_global else None
    if function is None or not isinstance(node, cst.Name) or function.decorators or function.asynchronous:
        raise Refusal(f'the model_fn `{one_line(node)}` is no plain function at the top of this file', node)
    if other_uses(view, node) != [function.name] or _is_exported(view, function.name.value):
        raise Refusal('the model_fn is used elsewhere too', function)
    return function


def _is_exported(view: ModuleView, name: str) -> bool:
    """Whether `__all__` names it."""
    listed = [s for s in view.module.body if assigned_name(s) == '__all__']
    return any(string_value(node) == name for s in listed for node in find_all(s, cst.SimpleString))


def _parameters(function: cst.FunctionDef) -> tuple[str, ...]:
    parameters = function.params
    plain = not (parameters.kwonly_params or parameters.star_kwarg or parameters.posonly_params)
    names = tuple(parameter.name.value for parameter in parameters.params)
    has_star = isinstance(parameters.star_arg, cst.Param)
    if not plain or has_star or not set(names) <= _MODEL_FN or 'features' not in names:
        raise Refusal('the model_fn has other parameters than features, labels, mode, params and config', function)
    return names


def _uses(view: ModuleView, made: cst.SimpleStatementLine) -> list[tuple[str, EstimatorCall]]:
    """Every call of the Estimator's methods, which must be its only uses."""
    target = cst.ensure_type(made.body[0], cst.Assign).targets[0].target
    uses = other_uses(view, cst.ensure_type(target, cst.Name))
    for use in uses:
        if view.enclosing_function(use) is not view.enclosing_function(made) or view.line(use) <= view.line(made):
            raise Refusal(f'the Estimator `{use.value}` is used outside of the code that makes it', use)
    return [_use(view, use) for use in uses]


def _use(view: ModuleView, use: cst.Name) -> tuple[str, EstimatorCall]:
    attribute, call = itertools.islice(view.ancestors(use), 2)
    line = line_of(view, use)
    if line is None or not isinstance(attribute, cst.Attribute) or not isinstance(call, cst.Call):
        raise Refusal(f'the Estimator `{use.value}` is used in a way that is not understood yet', use)
    method = attribute.attr.value
    if call.func is attribute and method == 'train':
        if not isinstance(line.body[0], cst.Expr) or assigned_value(line) is not call:
            raise Refusal('train() is part of a larger statement', line)
        return method, EstimatorCall(line, call, _train_arguments(call))
    if call.func is attribute and method in _EXPORTS:
        return method, EstimatorCall(line, call, _export_arguments(call, _EXPORTS[method]))
    raise Refusal(f'`{use.value}.{method}` is not understood yet', line)


def _train_arguments(call: cst.Call) -> dict[str, cst.BaseExpression]:
    values = arguments(call, _TRAIN) or {}
    values = {name: value for name, value in values.items() if dotted_name(value) != 'None'}
    if set(values) not in ({'input_fn', 'steps'}, {'input_fn', 'max_steps'}):
        raise Refusal('train() with other arguments than input_fn and steps or max_steps is not understood yet', call)
    return values


def _export_arguments(call: cst.Call, parameters: tuple[str, ...]) -> dict[str, cst.BaseExpression]:
    values = arguments(call, parameters) or {}
    values = {n: v for n, v in values.items() if n != 'checkpoint_path' or dotted_name(v) != 'None'}
    odd = [n for n, v in values.items() if n in _EXPORT[2:4] and one_line(v) not in _HARMLESS[n]]
    if odd or 'experimental_mode' in values or not {'export_dir_base', 'serving_input_receiver_fn'} <= values.keys():
        reason = f'{odd[0]}=… of the export is' if odd else 'the export has options that are'
        raise Refusal(f'{reason} not understood yet', call)
    return values
