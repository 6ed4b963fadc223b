"""What takes the place of the statements that make, train and export an Estimator."""

from __future__ import annotations

from collections.abc import Mapping

import libcst as cst

from rewriters.exports.common import find_calls
from rewriters.module_view import ModuleView
from rewriters.modules.estimator_checks import changes_between
from rewriters.modules.estimator_text import Names
from rewriters.modules.model_fn import Derived
from rewriters.modules.rebuilding import replaced
from rewriters.modules.serving import with_leading
from rewriters.plan import EstimatorPlan
from rewriters.refusal import Refusal
from rewriters.syntax import code, find_all, name_nodes, one_line, statement


def call_replacements(
    view: ModuleView, plan: EstimatorPlan, names: Names, train: Derived | None, predict: Derived
) -> dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]:
    """The statements that made, trained and exported the Estimator.

    Raises:
        Refusal: the params change after the Estimator has made a copy of them.
    """
    kept: list[cst.BaseStatement] = []
    given_path = plan.export.arguments.get('checkpoint_path')
    model_dir = params = ''
    if plan.trainings or given_path is None:
        model_dir = _stable(view, plan, plan.model_dir, 'model_dir', kept)
    if any('params' in derived.parameters for derived in (train, predict) if derived is not None):
        params = _params(view, plan, kept)
    if kept:
        kept[0] = with_leading(kept[0], plan.created.leading_lines)
    replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]] = {plan.created: tuple(kept)}
    for training in plan.trainings:
        takes_params = train is not None and 'params' in train.parameters
        given = [code(training.arguments['input_fn']), model_dir, *([params] if takes_params else [])]
        text = f'{names.train}({", ".join(given)}, steps={code(training.arguments["steps"])})'
        replacements[training.statement] = (_with_calls(training.statement, {training.call: text}),)
    checkpoint = code(given_path) if given_path is not None else f'{names.tf}.train.latest_checkpoint({model_dir})'
    module = f'{names.cls}({", ".join([checkpoint, *([params] if "params" in predict.parameters else [])])})'
    text = f'{names.export}({code(plan.export.arguments["export_dir_base"])}, {module})'
    replacements[plan.export.statement] = (_with_calls(plan.export.statement, {plan.export.call: text}),)
    return replacements


def _params(view: ModuleView, plan: EstimatorPlan, kept: list[cst.BaseStatement]) -> str:
    """An Estimator copies its params when it is made: nothing may change them from then on."""
    if plan.params is None:
        return '{}'
    if changes_between(view, plan, plan.params):
        raise Refusal(f'the params `{one_line(plan.params)}` may change after the Estimator is made', plan.params)
    return _stable(view, plan, plan.params, 'params', kept)


def _stable(
    view: ModuleView, plan: EstimatorPlan, node: cst.BaseExpression, name: str, kept: list[cst.BaseStatement]
) -> str:
    """Source text that can be written more than once: a literal, a name, or a name that gets the value here."""
    is_plain = isinstance(node, cst.Name | cst.Attribute | cst.SimpleString) and not find_all(node, cst.Call)
    if is_plain and not changes_between(view, plan, node):
        return code(node)
    name = _new_name(view, plan, name)
    kept.append(statement(f'{name} = {code(node)}\n'))
    return name


def _new_name(view: ModuleView, plan: EstimatorPlan, name: str) -> str:
    """`name`, if nothing means anything by it where the Estimator is made, nor may come to mean this."""
    uses = [node for node in name_nodes(view.module) if node.value == name]
    function = view.enclosing_function(plan.created)
    inside = set(find_all(function, cst.Name)) if function is not None else set()
    clashes = [use for use in uses if (view.is_global(use) if function is None else use in inside)]
    alone = len(find_calls(view, 'estimator.Estimator')) == 1
    return name if alone and not clashes else view.new_name(name)


def _with_calls(
    node: cst.SimpleStatementLine, calls: Mapping[cst.CSTNode, str]
) -> cst.SimpleStatementLine:
    return replaced(node, lambda inner: cst.parse_expression(calls[inner]) if inner in calls else None)
