"""Writes an Estimator's export: functions derived from model_fn, a training loop, a serving class, an export function.

https://www.tensorflow.org/guide/migrate/migrating_estimator
"""

from __future__ import annotations

import keyword
from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.change import Change
from rewriters.modules.estimator_text import class_text, export_function_text, train_function_text
from rewriters.modules.model_fn import Derived, ServedOutput, derive_predict, derive_train
from rewriters.modules.serving import with_blank_line, with_leading
from rewriters.plan import EstimatorPlan, Kind, Receiver, Writer
from rewriters.refusal import Refusal
from rewriters.syntax import code, comments, replace_nodes, statement

_REVIEW = (
    'Check the training, if there is any here: it runs in a MonitoredTrainingSession with that class\'s defaults, not '
    'with those of an Estimator\'s RunConfig. The variables are read from the checkpoint by name; a name that is not '
    'in it raises an error.'
)


@dataclass(frozen=True)
class Names:
    """The names that the written code introduces."""

    tf: str
    os: str
    time: str
    predict: str
    train_fn: str
    train: str
    cls: str
    export: str


def write(view: ModuleView, plan: EstimatorPlan) -> Change:
    """The module with the Estimator's statements rewritten.

    Raises:
        Refusal: the Estimator can't take this form; the reason names what stood in the way.
    """
    tf = view.tensorflow_name()
    if tf is None:
        raise Refusal('the file has no `import tensorflow as tf` that names TensorFlow 2\'s API')
    predict, served = derive_predict(view, plan)
    _check_inputs(plan.receiver, served)
    for training in plan.trainings:
        _check_input_fn(view, training.arguments['input_fn'])
    imports: list[str] = []
    names = Names(
        tf=tf,
        os=_module(view, 'os', imports),
        time=_module(view, 'time', imports),
        predict=view.new_name(f'{plan.model_fn.name.value}_predict'),
        train_fn=view.new_name(f'{plan.model_fn.name.value}_train') if plan.trainings else '',
        train=view.new_name('train') if plan.trainings else '',
        cls=view.new_name('Serving'),
        export=view.new_name('export_saved_model'),
    )
    definitions = _definitions(view, plan, names, predict, served)
    replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]] = {plan.model_fn: tuple(definitions)}
    replacements.update(_receiver_replacements(view, plan))
    replacements.update(_call_replacements(view, plan, names, 'params' in plan.parameters))
    _keep_comments(view, replacements)
    return Change(replacements, (), Writer.GRAPH_FUNCTION, _REVIEW, tuple(imports))


def _module(view: ModuleView, name: str, imports: list[str]) -> str:
    """The name under which the module has a standard module; imports it if it has none."""
    known = view.symbols.module_names(name)
    if known:
        return known[0]
    new = view.new_name(name)
    imports.append(f'import {name}' if new == name else f'import {name} as {new}')
    return new


def _check_inputs(receiver: Receiver, served: Sequence[ServedOutput]) -> None:
    for given in receiver.inputs:
        if not given.name.isidentifier() or keyword.iskeyword(given.name) or given.name.startswith('_'):
            raise Refusal(f'the input name "{given.name}" can\'t be an argument\'s')
    single_string = len(receiver.inputs) == 1 and receiver.inputs[0].dtype.endswith('.string')
    if any(output.kind is not Kind.PREDICT for output in served) and not single_string:
        raise Refusal('classify and regress outputs without a single string input: TF1 exports no signature for them')


def _check_input_fn(view: ModuleView, node: cst.BaseExpression) -> None:
    """An input_fn is called without arguments; TF1 would hand it `mode`, `params` and `config`."""
    function = view.functions.get(node.value) if isinstance(node, cst.Name) else None
    parameters = node.params if isinstance(node, cst.Lambda) else function.params if function is not None else None
    if parameters is None:
        raise Refusal('the input_fn is not a function of this file', node)
    if parameters.params or parameters.kwonly_params:
        raise Refusal('the input_fn takes arguments', node)


def _definitions(
    view: ModuleView, plan: EstimatorPlan, names: Names, predict: Derived, served: Sequence[ServedOutput]
) -> list[cst.BaseStatement]:
    """The functions and the class that stand in place of model_fn."""
    definitions: list[cst.BaseStatement] = []
    notes = comments(predict.returned)
    takes_params = 'params' in plan.parameters
    if plan.trainings:
        train, loss, train_op = derive_train(view, plan)
        returned = statement(f'return {code(loss)}, {code(train_op)}\n')
        definitions.append(_function(names.train_fn, train, returned, comments(train.returned)))
        text = train_function_text(names, 'labels' in train.parameters, 'params' in train.parameters, takes_params)
        definitions.append(statement(text))
        notes = []
    returned = statement(_returned_outputs(served))
    definitions.insert(1 if plan.trainings else 0, _function(names.predict, predict, returned, notes))
    makes_features = plan.receiver.function.name.value if plan.receiver.function is not None else ''
    definitions.append(statement(class_text(plan, names, served, makes_features, 'params' in predict.parameters)))
    definitions.append(statement(export_function_text(names, served)))
    first = with_leading(definitions[0].with_changes(leading_lines=[]), plan.model_fn.leading_lines)
    return [first, *(with_blank_line(definition, 2) for definition in definitions[1:])]


def _function(
    name: str, derived: Derived, returned: cst.BaseStatement, notes: Sequence[cst.EmptyLine]
) -> cst.BaseStatement:
    node = statement(f'def {name}({", ".join(derived.parameters)}):\n    pass\n')
    assert isinstance(node, cst.FunctionDef)
    body = [*derived.statements, with_leading(returned, notes)]
    return node.with_changes(body=cst.IndentedBlock(body))


def _returned_outputs(served: Sequence[ServedOutput]) -> str:
    entries = []
    for output in served:
        values = ', '.join(f'{name!r}: {code(value)}' for name, value in output.outputs)
        entries.append(f'{output.key!r}: {{{values}}}')
    line = 'return {' + ', '.join(entries) + '}\n'
    if len(line) <= 96 and len(entries) == 1:
        return line
    return 'return {\n' + ''.join(f'    {entry},\n' for entry in entries) + '}\n'


def _receiver_replacements(
    view: ModuleView, plan: EstimatorPlan
) -> dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]:
    """A receiver function takes its placeholders as parameters, and returns the features."""
    receiver = plan.receiver
    if receiver.function is None or receiver.features is None:
        return {node: () for node in receiver.statements}
    variables = {given.variable for given in receiver.inputs}
    block = cst.ensure_type(receiver.function.body, cst.IndentedBlock)
    kept: list[cst.BaseStatement] = []
    notes: list[cst.EmptyLine] = []
    for node in block.body[:-1]:
        if view.binds_placeholder(node) in variables:
            notes += comments(node)
            continue
        kept.append(with_leading(node, notes))
        notes = []
    kept.append(with_leading(statement(f'return {code(receiver.features)}\n'), [*notes, *comments(block.body[-1])]))
    parameters = [cst.Param(cst.Name(given.variable)) for given in receiver.inputs]
    function = receiver.function.with_changes(
        params=cst.Parameters(parameters), body=block.with_changes(body=kept), returns=None
    )
    return {receiver.function: (function,)}


def _call_replacements(
    view: ModuleView, plan: EstimatorPlan, names: Names, takes_params: bool
) -> dict[cst.CSTNode, tuple[cst.BaseStatement, ...]]:
    """The statements that made, trained and exported the Estimator."""
    kept: list[cst.BaseStatement] = []
    model_dir = _stable(view, plan.model_dir, 'model_dir', kept)
    params = _stable(view, plan.params, 'params', kept) if plan.params is not None else '{}'
    if kept:
        kept[0] = with_leading(kept[0], plan.created.leading_lines)
    replacements: dict[cst.CSTNode, tuple[cst.BaseStatement, ...]] = {plan.created: tuple(kept)}
    for training in plan.trainings:
        given = [code(training.arguments['input_fn']), model_dir, *([params] if takes_params else [])]
        text = f'{names.train}({", ".join(given)}, steps={code(training.arguments["steps"])})'
        replacements[training.statement] = (_with_call(training.statement, training.call, text),)
    given_path = plan.export.arguments.get('checkpoint_path')
    checkpoint = code(given_path) if given_path is not None else f'{names.tf}.train.latest_checkpoint({model_dir})'
    module = f'{names.cls}({", ".join([checkpoint, *([params] if takes_params else [])])})'
    text = f'{names.export}({code(plan.export.arguments["export_dir_base"])}, {module})'
    replacements[plan.export.statement] = (_with_call(plan.export.statement, plan.export.call, text),)
    return replacements


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


def _stable(view: ModuleView, node: cst.BaseExpression, name: str, kept: list[cst.BaseStatement]) -> str:
    """Source text that can be written more than once: a literal, a name, or a name that gets the value here."""
    if isinstance(node, cst.Name | cst.Attribute | cst.SimpleString):
        return code(node)
    name = view.new_name(name)
    kept.append(statement(f'{name} = {code(node)}\n'))
    return name


def _with_call(node: cst.SimpleStatementLine, call: cst.Call, text: str) -> cst.BaseStatement:
    return replace_nodes(node, {call: cst.parse_expression(text)})
