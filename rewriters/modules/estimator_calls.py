"""What takes the place of the statements that make, train and export an Estimator."""

from __future__ import annotations

import libcst as cst

from rewriters.exports.common import find_calls
from rewriters.module_view import ModuleView
from rewriters.modules.estimator_checks import changes_between
from rewriters.modules.estimator_text import Names
from rewriters.modules.model_fn import Derived
from rewriters.modules.notes import blank_lines, notes_of
from rewriters.modules.serving import with_leading
from rewriters.plan import EstimatorCall, EstimatorPlan
from rewriters.refusal import Refusal
from rewriters.syntax import code, find_all, name_nodes, one_line, statement
from rewriters.trees import replaced


def call_replacements(
    view: ModuleView, plan: EstimatorPlan, names: Names, train: Derived | None, predict: Derived
) -> dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]:
    """The statements that made, trained and exported the Estimator."""
    kept: list[cst.BaseStatement] = []
    given_path = plan.export.arguments.get('checkpoint_path')
    model_dir = params = ''
    if plan.trainings or not isinstance(given_path, cst.SimpleString):
        model_dir = _stable(view, plan, plan.model_dir, 'model_dir', kept)
    if _reads_params(train, predict):
        params = _stable(view, plan, plan.params, 'params', kept) if plan.params is not None else '{}'
    if kept:
        notes = notes_of(plan.created, [plan.model_dir, *([plan.params] if params and plan.params is not None else [])])
        kept[0] = with_leading(kept[0], [*blank_lines(plan.created), *notes])
    replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]] = {plan.created: tuple(kept)}
    if plan.config.statement is not None:
        replacements[plan.config.statement] = ()
    for training in plan.trainings:
        takes_params = train is not None and 'params' in train.parameters
        given = [code(training.arguments['input_fn']), model_dir, *([params] if takes_params else [])]
        steps = 'steps' if 'steps' in training.arguments else 'max_steps'
        text = f'{names.train}({", ".join(given)}, {steps}={code(training.arguments[steps])})'
        replacements[training.statement] = (_with_call(training, text),)
    checkpoint = _checkpoint(given_path, f'{names.tf}.train.latest_checkpoint({model_dir})')
    module = f'{names.cls}({", ".join([checkpoint, *([params] if "params" in predict.parameters else [])])})'
    text = f'{names.export}({code(plan.export.arguments["export_dir_base"])}, {module})'
    replacements[plan.export.statement] = (_with_call(plan.export, text),)
    return replacements


def _checkpoint(given: cst.BaseExpression | None, newest: str) -> str:
    """The checkpoint to serve: the newest one where no path is given, or one that turns out to be empty."""
    if given is None:
        return newest
    if isinstance(given, cst.SimpleString):
        return code(given)
    plain = isinstance(given, cst.Name | cst.Attribute | cst.Subscript | cst.Call)
    return f'{code(given)} or {newest}' if plain else f'({code(given)}) or {newest}'


def check_params(view: ModuleView, plan: EstimatorPlan, train: Derived | None, predict: Derived) -> None:
    """An Estimator copies its params when it is made: nothing may change them from then on.

    Raises:
        Refusal: something does.
    """
    if plan.params is not None and _reads_params(train, predict) and changes_between(view, plan, plan.params):
        raise Refusal(f'the params `{one_line(plan.params)}` may change after the Estimator is made', plan.params)


def _reads_params(*derived: Derived | None) -> bool:
    return any('params' in function.parameters for function in derived if function is not None)


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


def _with_call(given: EstimatorCall, text: str) -> cst.BaseStatement:
    """The statement with another call in it, and the comments that stood between the old one's arguments before it."""
    new = replaced(given.statement, lambda node: cst.parse_expression(text) if node is given.call else None)
    own = [line for line in new.leading_lines if line.comment is not None]
    return new.with_changes(leading_lines=[*blank_lines(new), *own, *notes_of(given.call, given.arguments.values())])
