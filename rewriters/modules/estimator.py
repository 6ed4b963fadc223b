"""Writes an Estimator's export: functions derived from model_fn, a training loop, a serving class, an export function.

https://www.tensorflow.org/guide/migrate/migrating_estimator
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.change import Change
from rewriters.modules.derived_functions import predict_function, train_function
from rewriters.modules.estimator_calls import call_replacements
from rewriters.modules.estimator_checks import check_input_fn, check_inputs, check_places
from rewriters.modules.estimator_text import (
    Names,
    class_text,
    export_function_text,
    parse_function_text,
    train_function_text,
)
from rewriters.modules.model_fn import Derived, derive_predict, derive_train
from rewriters.modules.rebuilding import replaced
from rewriters.modules.served_outputs import Served
from rewriters.modules.serving import with_blank_line, with_leading
from rewriters.plan import EstimatorPlan, Writer
from rewriters.region import Region
from rewriters.syntax import code, comments, statement


@dataclass(frozen=True)
class Written:
    """A finished rewrite of an Estimator's export, and what it serves."""

    change: Change
    served: Served


def write(view: ModuleView, regions: Sequence[Region], plan: EstimatorPlan) -> Written:
    """The module with the Estimator's statements rewritten.

    Raises:
        Refusal: the Estimator can't take this form; the reason names what stood in the way.
    """
    tf = check_places(view, regions, plan)
    predict, served = derive_predict(view, plan)
    train = derive_train(view, plan) if plan.trainings else None
    check_inputs(view, plan, [output.key for output in served.outputs])
    for training in plan.trainings:
        check_input_fn(view, training.arguments['input_fn'])
    imports: list[str] = []
    names = _names(view, plan, tf, imports)
    replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]] = {
        plan.model_fn: tuple(_definitions(view, plan, names, predict, served, train))
    }
    replacements.update(_receiver_replacements(plan))
    replacements.update(call_replacements(view, plan, names, train, predict))
    for derived in (predict, *([train] if train is not None else [])):
        replacements.update(derived.helpers)
    _keep_comments(view, replacements)
    review = _review(plan, predict, served)
    return Written(Change(replacements, (), Writer.GRAPH_FUNCTION, review, tuple(imports)), served)


def _names(view: ModuleView, plan: EstimatorPlan, tf: str, imports: list[str]) -> Names:
    receiver, name = plan.receiver, plan.model_fn.name.value
    makes_features = receiver.function.name.value if receiver.function is not None else ''
    if receiver.feature_spec is not None:
        makes_features = view.new_name('parse_features')
    return Names(
        tf=tf,
        os=_module(view, 'os', imports),
        time=_module(view, 'time', imports),
        predict=view.new_name(f'{name}_predict'),
        train_fn=view.new_name(f'{name}_train') if plan.trainings else '',
        train=view.new_name('train') if plan.trainings else '',
        cls=view.new_name('Serving'),
        export=view.new_name('export_saved_model'),
        makes_features=makes_features,
    )


def _module(view: ModuleView, name: str, imports: list[str]) -> str:
    """The name under which the module has a standard module; imports it if it has none."""
    known = view.symbols.module_names(name)
    if known:
        return known[0]
    new = view.new_name(name)
    imports.append(f'import {name}' if new == name else f'import {name} as {new}')
    return new


def _definitions(
    view: ModuleView, plan: EstimatorPlan, names: Names, predict: Derived, served: Served, train: Derived | None
) -> list[cst.BaseStatement]:
    """The functions and the class that stand in place of model_fn."""
    definitions: list[cst.BaseStatement] = []
    if train is not None:
        definitions.append(train_function(view, plan.model_fn, names.train_fn, train))
    definitions.append(predict_function(view, plan.model_fn, names.predict, predict, served, train))
    if train is not None:
        definitions.append(statement(train_function_text(names, train.parameters, 'params' in train.parameters)))
    if plan.receiver.feature_spec is not None:
        definitions.append(statement(parse_function_text(names, code(plan.receiver.feature_spec))))
    takes_params = 'params' in predict.parameters
    definitions.append(statement(class_text(plan, names, served.outputs, predict.parameters, takes_params)))
    definitions.append(statement(export_function_text(names, served.outputs)))
    leading = [*plan.model_fn.leading_lines, *comments(plan.model_fn.params)]
    first = with_leading(definitions[0].with_changes(leading_lines=[]), leading)
    return [first, *(with_blank_line(definition, 2) for definition in definitions[1:])]


def _receiver_replacements(plan: EstimatorPlan) -> dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]:
    """A receiver function takes its placeholders as parameters, and returns the features."""
    receiver = plan.receiver
    if receiver.function is None or receiver.features is None:
        return {node: () for node in receiver.statements}
    calls = dict(receiver.placeholders)
    block = cst.ensure_type(receiver.function.body, cst.IndentedBlock)
    kept: list[cst.BaseStatement] = []
    notes: list[cst.EmptyLine] = []

    def with_names(node: cst.CSTNode) -> cst.CSTNode | None:
        return cst.Name(calls[node]) if isinstance(node, cst.Call) and node in calls else None

    for node in block.body[:-1]:
        if _is_assigned(node, receiver.placeholders):
            notes += comments(node)
            continue
        kept.append(with_leading(replaced(node, with_names), notes))
        notes = []
    features = code(replaced(receiver.features, with_names))
    returned = statement(f"return {{'feature': {features}}}\n" if receiver.wraps else f'return {features}\n')
    own = [] if '#' in features else comments(block.body[-1])
    kept.append(with_leading(returned, [*notes, *own]))
    parameters = [cst.Param(cst.Name(given.variable)) for given in receiver.inputs]
    function = receiver.function.with_changes(
        params=cst.Parameters(parameters), body=block.with_changes(body=kept), returns=None
    )
    return {receiver.function: (function,)}


def _is_assigned(node: cst.BaseStatement, placeholders: Sequence[tuple[cst.Call, str]]) -> bool:
    """Whether a statement is `x = tf.placeholder(…)`: its name becomes a parameter."""
    small = node.body[0] if isinstance(node, cst.SimpleStatementLine) else None
    return isinstance(small, cst.Assign) and any(small.value is call for call, _ in placeholders)


def _keep_comments(view: ModuleView, replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]) -> None:
    """Comments of statements that go without a replacement are put before the statement that follows."""
    for node in [node for node, new in replacements.items() if not new]:
        following = view.next_statement(node)
        notes = comments(node)
        if following is None or not notes:
            continue
        notes = [*(line for line in getattr(node, 'leading_lines', ()) if line.comment is None), *notes]
        first, *rest = replacements.get(following, (following,)) or (None,)
        if first is not None:
            replacements[following] = (with_leading(first, notes), *rest)


def _review(plan: EstimatorPlan, predict: Derived, served: Served) -> str:
    """What a person must check."""
    name = plan.model_fn.name.value
    notes = ['The variables are read from the checkpoint by name; a name that is not in it raises an error.']
    if plan.trainings:
        notes.append(
            'The training runs in a MonitoredTrainingSession with that class\'s defaults, not with those of an '
            'Estimator\'s RunConfig.'
        )
    else:
        notes.append(f'Nothing in this file trains the model, so what `{name}` does for training is gone.')
    notes.append(f'`{name}` itself is gone: check that no other file imports it.')
    if served.dropped:
        keys = ' and '.join(f'"{key}"' for key in served.dropped)
        notes.append(f'TensorFlow 1 leaves {keys} out, as its input is not one string tensor; so does the new code.')
    if predict.is_random:
        notes.append('What is served may be random: TensorFlow 1 drew it from the seed 1, the new code does not.')
    return ' '.join(notes)
