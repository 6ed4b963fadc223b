"""Writes an Estimator's export: functions derived from model_fn, a training loop, a serving class, an export function.

https://www.tensorflow.org/guide/migrate/migrating_estimator
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.exports.run_config import check_trained
from rewriters.module_view import ModuleView
from rewriters.modules.change import Change
from rewriters.modules.derived_functions import predict_function, train_function
from rewriters.modules.estimator_calls import call_replacements, check_params
from rewriters.modules.estimator_checks import check_input_fn, check_inputs, check_places
from rewriters.modules.estimator_text import (
    Names,
    class_text,
    export_function_text,
    parse_function_text,
    train_function_text,
)
from rewriters.modules.model_fn import Derived, derive_predict, derive_train
from rewriters.modules.notes import blank_lines, notes_of
from rewriters.modules.served_outputs import Served
from rewriters.modules.serving import with_blank_line, with_leading
from rewriters.outcome import Writer
from rewriters.plan import EstimatorPlan, RunConfig
from rewriters.region import Region
from rewriters.syntax import assigned_name, assigned_value, code, comments, find_all, reads, statement
from rewriters.trees import replaced


@dataclass(frozen=True)
class Written:
    """A finished rewrite of an Estimator's export, what it serves, and the names of modules that it uses."""

    change: Change
    served: Served
    modules: Mapping[str, str]


def write(
    view: ModuleView,
    regions: Sequence[Region],
    plan: EstimatorPlan,
    modules: Mapping[str, str],
    taken: Collection[cst.CSTNode],
) -> Written:
    """The module with the Estimator's statements rewritten.

    `modules` are the names of modules that another change of the file imports, `taken` the nodes that others replace.

    Raises:
        Refusal: the Estimator can't take this form; the reason names what stood in the way.
    """
    tf = check_places(view, regions, plan)
    predict, served = derive_predict(view, plan)
    train = derive_train(view, plan) if plan.trainings else None
    check_inputs(view, plan, [output.key for output in served.outputs])
    for training in plan.trainings:
        check_input_fn(view, training.arguments['input_fn'])
    if plan.trainings:
        check_trained(view, plan.config)
    check_params(view, plan, train, predict)
    imports: list[str] = []
    known = {name: modules.get(name) or _module(view, name, imports) for name in ('os', 'time')}
    names = _names(view, plan, tf, known)
    replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]] = {
        plan.model_fn: tuple(_definitions(view, plan, names, predict, served, train))
    }
    replacements.update(_receiver_replacements(plan))
    replacements.update(call_replacements(view, plan, names, train, predict))
    for derived in (predict, *([train] if train is not None else [])):
        replacements.update(derived.helpers)
    _keep_comments(view, replacements, taken)
    review = _review(plan, predict, served)
    return Written(Change(replacements, (), Writer.GRAPH_FUNCTION, review, tuple(imports)), served, known)


def _names(view: ModuleView, plan: EstimatorPlan, tf: str, modules: Mapping[str, str]) -> Names:
    receiver, name = plan.receiver, plan.model_fn.name.value
    makes_features = receiver.function.name.value if receiver.function is not None else ''
    if receiver.feature_spec is not None:
        makes_features = view.new_name('parse_features')
    return Names(
        tf=tf,
        os=modules['os'],
        time=modules['time'],
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
        takes_params = 'params' in train.parameters
        definitions.append(statement(train_function_text(plan, names, train.parameters, takes_params)))
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

    def with_names(node: cst.CSTNode) -> cst.CSTNode | None:
        return cst.Name(calls[node]) if isinstance(node, cst.Call) and node in calls else None

    block = cst.ensure_type(receiver.function.body, cst.IndentedBlock)
    read = reads(receiver.features).union(*(reads(node) for node in block.body[:-1]))
    kept: list[cst.BaseStatement] = []
    notes: list[cst.EmptyLine] = []
    for node in block.body[:-1]:
        if _only_names_inputs(node, calls, read):
            notes += comments(node)
            continue
        kept.append(with_leading(replaced(node, with_names), notes))
        notes = []
    features = code(replaced(receiver.features, with_names))
    returned = statement(f"return {{'feature': {features}}}\n" if receiver.wraps else f'return {features}\n')
    kept.append(with_leading(returned, [*notes, *notes_of(block.body[-1], [receiver.features])]))
    parameters = [cst.Param(cst.Name(given.variable)) for given in receiver.inputs]
    function = receiver.function.with_changes(
        params=cst.Parameters(parameters), body=block.with_changes(body=kept), returns=None
    )
    return {receiver.function: (function,)}


def _only_names_inputs(node: cst.BaseStatement, calls: Collection[cst.Call], read: frozenset[str]) -> bool:
    """Whether a statement is `x = tf.placeholder(…)`, or a dict of these that nothing but the receiver reads."""
    value, name = assigned_value(node), assigned_name(node)
    if name is None or value is None:
        return False
    is_dict = isinstance(value, cst.Dict) and all(call in calls for call in find_all(value, cst.Call))
    return value in calls or (is_dict and name not in read)


def _keep_comments(
    view: ModuleView,
    replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]],
    taken: Collection[cst.CSTNode],
) -> None:
    """Comments of statements that go are put before the statement that follows, after as many blank lines."""
    gone = sorted((node for node, new in replacements.items() if not new), key=view.line, reverse=True)
    for node in gone:
        following = view.next_statement(node)
        while following is not None and (following in gone or following in taken):
            following = view.next_statement(following)
        first, *rest = replacements.get(following, (following,)) if following is not None else (None,)
        if following is None or first is None:
            continue
        blank, notes = blank_lines(node), comments(node)
        if not notes:
            blank = blank[len(blank_lines(first)) :]
        replacements[following] = (with_leading(first, [*blank, *notes]), *rest)


def _review(plan: EstimatorPlan, predict: Derived, served: Served) -> str:
    """What a person must check."""
    name = plan.model_fn.name.value
    notes = ['The variables are read from the checkpoint by name; a name that is not in it raises an error.']
    if plan.trainings:
        said = ', where its RunConfig says nothing' if plan.config != RunConfig() else ''
        notes.append(
            "The training runs in a MonitoredTrainingSession with that class's defaults, not with those of an "
            f'Estimator{said}.'
        )
    else:
        notes.append(f'Nothing in this file trains the model, so what `{name}` does for training is gone.')
    notes.append(f'`{name}` itself is gone: check that no other file imports it.')
    if served.dropped:
        keys = ' and '.join(f'"{key}"' for key in served.dropped)
        notes.append(f'TensorFlow 1 leaves {keys} out, as its input is not one string tensor; so does the new code.')
    if predict.is_random:
        seed = plan.config.seed
        known = f': TensorFlow 1 drew it from the seed {code(seed)}, the new code does not' if seed is not None else ''
        notes.append(f'What is served may be random{known}.')
    return ' '.join(notes)
