"""Derives from a model_fn the functions for training and for serving: the mode folded, what is dead dropped.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/EstimatorSpec
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import libcst as cst

from rewriters.exports.common import CONSTANTS
from rewriters.module_view import ModuleView
from rewriters.modules.functions import Effect, Functions
from rewriters.modules.mode_folding import PREDICT, TRAIN, fold
from rewriters.plan import EstimatorPlan, Kind
from rewriters.refusal import Refusal
from rewriters.syntax import (
    arguments,
    assigned_name,
    assigned_value,
    dict_items,
    dotted_name,
    find_all,
    names_used,
    one_line,
    only_small_statement,
    reads,
    string_value,
)

_SPEC = (
    'mode predictions loss train_op eval_metric_ops export_outputs training_chief_hooks training_hooks scaffold '
    'evaluation_hooks prediction_hooks'
).split()
_HOOKS = ('training_chief_hooks', 'training_hooks', 'scaffold', 'prediction_hooks')
_DEFAULT_KEY = 'serving_default'
# Calls that look like state and are none: they only look up the global step.
_LOOKUPS = frozenset({'train.get_global_step', 'train.get_or_create_global_step'})


@dataclass(frozen=True)
class ServedOutput:
    """One entry of `export_outputs`: the signature's key and kind, and its outputs' names and expressions."""

    key: str
    kind: Kind
    outputs: tuple[tuple[str, cst.BaseExpression], ...]


@dataclass(frozen=True)
class Derived:
    """A function derived for one mode. `parameters` are `features`, and those of the model_fn that it still reads."""

    statements: tuple[cst.BaseStatement, ...]
    parameters: tuple[str, ...]
    returned: cst.BaseStatement


def derive_predict(view: ModuleView, plan: EstimatorPlan) -> tuple[Derived, tuple[ServedOutput, ...]]:
    """The statements that the served outputs need, and these outputs.

    Raises:
        Refusal: the model_fn can't be evaluated for PREDICT.
    """
    statements, spec = _folded(view, plan, PREDICT)
    served = _served_outputs(view, statements, spec)
    needed = frozenset().union(*(reads(value) for output in served for _, value in output.outputs))
    derived = _derived(view, plan, statements, needed, PREDICT)
    if 'labels' in derived.parameters:
        raise Refusal('what is served reads `labels`, which are None when a model is exported', plan.model_fn)
    if any(_reads_global_step(view, statement) for statement in derived.statements):
        raise Refusal('what is served reads the global step', plan.model_fn)
    return derived, served


def derive_train(view: ModuleView, plan: EstimatorPlan) -> tuple[Derived, cst.BaseExpression, cst.BaseExpression]:
    """The statements that training needs, the loss and the train_op.

    Raises:
        Refusal: the model_fn can't be evaluated for TRAIN.
    """
    statements, spec = _folded(view, plan, TRAIN)
    if 'loss' not in spec or 'train_op' not in spec:
        raise Refusal('the model_fn returns no loss or no train_op for training', plan.model_fn)
    derived = _derived(view, plan, statements, reads(spec['loss']) | reads(spec['train_op']), TRAIN)
    return derived, spec['loss'], spec['train_op']


def _folded(
    view: ModuleView, plan: EstimatorPlan, mode: str
) -> tuple[list[cst.BaseStatement], dict[str, cst.BaseExpression]]:
    """The statements that run in a mode, and the arguments of the EstimatorSpec that the last one returns."""
    statements = fold(view, plan.model_fn, 'mode', mode)
    small = only_small_statement(statements[-1])
    value = small.value if isinstance(small, cst.Return) else None
    if isinstance(value, cst.Name):
        value = _assigned_once(statements, value)
    if not isinstance(value, cst.Call) or view.called(value) != 'estimator.EstimatorSpec':
        raise Refusal('the model_fn returns something else than an EstimatorSpec', statements[-1])
    spec = arguments(value, _SPEC)
    if spec is None:
        raise Refusal('the EstimatorSpec is made in a way that is not understood', value)
    for option in _HOOKS:
        if option in spec and dotted_name(spec[option]) != 'None':
            raise Refusal(f'{option}=… of the EstimatorSpec is not understood yet', spec[option])
    kept = [s for s in statements[:-1] if assigned_value(s) is not value]
    return [*kept, statements[-1]], spec


def _assigned_once(statements: Sequence[cst.BaseStatement], node: cst.BaseExpression) -> cst.BaseExpression:
    """What a name was plainly assigned, if it is bound once and what it was made from is not bound again; else it."""
    if not isinstance(node, cst.Name):
        return node
    binding = [s for s in statements if node.value in names_used(s)[1]]
    value = assigned_value(binding[0]) if len(binding) == 1 and assigned_name(binding[0]) == node.value else None
    if value is None:
        return node
    later = statements[list(statements).index(binding[0]) + 1 :]
    rebound = frozenset().union(*(names_used(s)[1] for s in later))
    return node if reads(value) & rebound else value


def _served_outputs(
    view: ModuleView, statements: Sequence[cst.BaseStatement], spec: dict[str, cst.BaseExpression]
) -> tuple[ServedOutput, ...]:
    """`export_outputs`, with the entries that TF1 adds: `serving_default` for a single one, or for bare predictions."""
    if 'export_outputs' not in spec or dotted_name(spec['export_outputs']) == 'None':
        if 'predictions' not in spec:
            raise Refusal('the EstimatorSpec has neither export_outputs nor predictions', statements[-1])
        outputs = _named(statements, spec['predictions'], 'output')
        return (ServedOutput(_DEFAULT_KEY, Kind.PREDICT, outputs),)
    node = _assigned_once(statements, spec['export_outputs'])
    items = dict_items(node)
    if not items:
        raise Refusal(f'export_outputs `{one_line(node)}` is not a dict written out here', node)
    served = tuple(_served_output(view, statements, key, value) for key, value in items)
    keys = [output.key for output in served]
    if _DEFAULT_KEY in keys:
        return served
    if len(served) > 1:
        raise Refusal('several export_outputs, and none is the default: TF1 refuses that too', node)
    return (*served, ServedOutput(_DEFAULT_KEY, served[0].kind, served[0].outputs))


def _served_output(
    view: ModuleView, statements: Sequence[cst.BaseStatement], key: cst.BaseExpression, value: cst.BaseExpression
) -> ServedOutput:
    name = string_value(key) or CONSTANTS.get(view.symbol(key) or '')
    if name is None:
        raise Refusal(f'the signature key `{one_line(key)}` is not a string written out here', key)
    value = _assigned_once(statements, value)
    called = view.called(value)
    if isinstance(value, cst.Call) and called == 'estimator.export.PredictOutput':
        values = arguments(value, ['outputs'])
        if values:
            return ServedOutput(name, Kind.PREDICT, _named(statements, values['outputs'], 'output'))
    if isinstance(value, cst.Call) and called == 'estimator.export.ClassificationOutput':
        values = arguments(value, ['scores', 'classes']) or {}
        given = tuple((n, values[n]) for n in ('classes', 'scores') if n in values and dotted_name(values[n]) != 'None')
        if given:
            return ServedOutput(name, Kind.CLASSIFY, given)
    if isinstance(value, cst.Call) and called == 'estimator.export.RegressionOutput':
        values = arguments(value, ['value'])
        if values:
            return ServedOutput(name, Kind.REGRESS, (('outputs', values['value']),))
    raise Refusal(f'the export output `{one_line(value)}` is not understood', value)


def _named(
    statements: Sequence[cst.BaseStatement], node: cst.BaseExpression, default: str
) -> tuple[tuple[str, cst.BaseExpression], ...]:
    """A dict's entries, or a single tensor under TF1's name for it."""
    value = _assigned_once(statements, node)
    items = dict_items(value)
    if items is None:
        if isinstance(value, cst.Name):
            raise Refusal(f'`{value.value}` may be a tensor or a dict of tensors', node)
        return ((default, node),)
    named: list[tuple[str, cst.BaseExpression]] = []
    for key, tensor in items:
        name = string_value(key)
        if name is None:
            raise Refusal(f'the output name `{one_line(key)}` is not a string written out here', key)
        named.append((name, tensor))
    return tuple(named)


def _derived(
    view: ModuleView, plan: EstimatorPlan, statements: Sequence[cst.BaseStatement], needed: frozenset[str], mode: str
) -> Derived:
    """What is left without assignments that nothing reads and that create no variables."""
    functions = Functions(view)
    kept: list[cst.BaseStatement] = []
    for statement in reversed(statements[:-1]):
        if _is_dead(view, functions, statement, needed, mode):
            continue
        kept.append(statement)
        needed |= names_used(statement)[0]
    if 'mode' in needed:
        raise Refusal('the mode is handed on, or compared in a way that is not understood', plan.model_fn)
    wanted = (needed | {'features'}) - {'mode'}
    parameters = tuple(name for name in plan.parameters if name in wanted)
    return Derived(tuple(reversed(kept)), parameters, statements[-1])


def _is_dead(
    view: ModuleView, functions: Functions, statement: cst.BaseStatement, needed: frozenset[str], mode: str
) -> bool:
    small = only_small_statement(statement)
    if isinstance(small, cst.Expr):
        called = view.called(small.value) or ''
        return mode == PREDICT and called.startswith(('summary.', 'logging.'))
    if not isinstance(small, cst.Assign) or names_used(statement)[1] & needed:
        return False
    return all(_may_drop(view, functions, call) for call in find_all(statement, cst.Call) if isinstance(call, cst.Call))


def _may_drop(view: ModuleView, functions: Functions, call: cst.Call) -> bool:
    """Whether leaving a call out changes nothing else: it makes no variables, losses or collections."""
    called = view.called(call) or ''
    if called in _LOOKUPS:
        return True
    return not called.startswith('losses.') and functions.effect_of_call(call) in (Effect.NONE, Effect.BUILDS_GRAPH)


def _reads_global_step(view: ModuleView, statement: cst.BaseStatement) -> bool:
    return any(view.called(call) in _LOOKUPS for call in find_all(statement, cst.Call))
