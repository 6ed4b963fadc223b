"""Derives from a model_fn the functions for training and for serving: the mode folded, what is dead dropped.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator/EstimatorSpec
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.adaptation import adapt
from rewriters.modules.dead_code import DeadCode
from rewriters.modules.estimator_limits import check_outputs_kept, check_served, check_trained, is_random
from rewriters.modules.mode_folding import PREDICT, TRAIN, fold, reads_of, rebinds
from rewriters.modules.served_outputs import Served, served_outputs
from rewriters.plan import EstimatorPlan
from rewriters.refusal import Refusal
from rewriters.syntax import (
    arguments,
    assigned_name,
    assigned_value,
    dotted_name,
    name_nodes,
    only_small_statement,
    reads,
)
from rewriters.trees import replaced

_SPEC = (
    'mode predictions loss train_op eval_metric_ops export_outputs training_chief_hooks training_hooks scaffold '
    'evaluation_hooks prediction_hooks'
).split()
_HOOKS = ('training_chief_hooks', 'training_hooks', 'scaffold', 'prediction_hooks')


@dataclass(frozen=True)
class Derived:
    """A function derived for one mode. `parameters` are `features`, and those of the model_fn that it still reads.

    `results` are what it returns, `returned` is the statement that returned the spec, `notes` are comments of
    statements that went into the results. `helpers` are functions of the file that it calls and that must change.
    """

    statements: tuple[cst.BaseStatement, ...]
    parameters: tuple[str, ...]
    results: tuple[cst.BaseExpression, ...]
    returned: cst.BaseStatement
    moved: tuple[cst.BaseStatement, ...]
    helpers: Mapping[cst.CSTNode, tuple[cst.BaseStatement, ...]]
    is_random: bool


def derive_predict(view: ModuleView, plan: EstimatorPlan) -> tuple[Derived, Served]:
    """The statements that the served outputs need, and these outputs.

    Raises:
        Refusal: the model_fn can't be evaluated for PREDICT.
    """
    statements, spec = _folded(view, plan, PREDICT)
    served = served_outputs(view, statements, spec, plan.receiver)
    left_out = [value for name, value in spec.items() if name not in ('mode', 'export_outputs')]
    results = tuple(output.outputs for output in served.outputs)
    check_outputs_kept(view, [value for value in left_out if value not in results])
    derived = _derived(view, plan, statements, results, served.moved, PREDICT)
    outputs = [replace(o, outputs=new) for o, new in zip(served.outputs, derived.results, strict=True)]
    return derived, replace(served, outputs=tuple(outputs))


def derive_train(view: ModuleView, plan: EstimatorPlan) -> Derived:
    """The statements that training needs; the results are the loss and the train_op.

    Raises:
        Refusal: the model_fn can't be evaluated for TRAIN.
    """
    statements, spec = _folded(view, plan, TRAIN)
    if 'loss' not in spec or 'train_op' not in spec:
        raise Refusal('the model_fn returns no loss or no train_op for training', plan.model_fn)
    results = (spec['loss'], spec['train_op'])
    check_outputs_kept(view, [value for value in spec.values() if value not in results])
    return _derived(view, plan, statements, results, (), TRAIN)


def _folded(
    view: ModuleView, plan: EstimatorPlan, mode: str
) -> tuple[list[cst.BaseStatement], dict[str, cst.BaseExpression]]:
    """The statements that run in a mode, and the arguments of the EstimatorSpec that the last one returns."""
    statements = fold(view, plan.model_fn, mode)
    small = only_small_statement(statements[-1])
    value = small.value if isinstance(small, cst.Return) else None
    made = _made_once(statements, value.value) if isinstance(value, cst.Name) else None
    value = assigned_value(made) if made is not None else value
    if not isinstance(value, cst.Call) or view.called(value) != 'estimator.EstimatorSpec':
        raise Refusal(f'the model_fn returns something else than an EstimatorSpec in mode "{mode}"', statements[-1])
    spec = arguments(value, _SPEC)
    if spec is None:
        raise Refusal('the EstimatorSpec is made in a way that is not understood', value)
    for option in _HOOKS:
        if option in spec and dotted_name(spec[option]) != 'None':
            raise Refusal(f'{option}=… of the EstimatorSpec is not understood yet', spec[option])
    # The comments at `spec = EstimatorSpec(…)` belong to the return statement, as its arguments do.
    returned = made if made is not None else statements[-1]
    return [*(s for s in statements[:-1] if s is not made), returned], spec


def _made_once(statements: Sequence[cst.BaseStatement], name: str) -> cst.BaseStatement | None:
    """`spec = …` right before `return spec`, the two only uses of the name."""
    uses = [node for s in statements for node in name_nodes(s) if node.value == name]
    last = statements[-2] if len(statements) > 1 else None
    return last if last is not None and assigned_name(last) == name and len(uses) == 2 else None


def _derived(
    view: ModuleView,
    plan: EstimatorPlan,
    statements: Sequence[cst.BaseStatement],
    results: tuple[cst.BaseExpression, ...],
    moved: tuple[cst.BaseStatement, ...],
    mode: str,
) -> Derived:
    """What is left without assignments that nothing reads and that create no variables."""
    body = [s for s in statements[:-1] if s not in moved]
    needed = frozenset().union(*(reads(result) for result in results))
    kept = DeadCode(view, mode == PREDICT).without(body, needed)
    if mode == PREDICT and 'labels' in plan.parameters and not rebinds(plan.model_fn, 'labels'):
        kept = [_without_labels(statement) for statement in kept]
    read = [name for name in plan.parameters if any(reads_of(node, name) for node in [*kept, *results])]
    if 'config' in read:
        raise Refusal('the model_fn reads its config', plan.model_fn)
    if mode == PREDICT and 'labels' in read:
        raise Refusal('what is served reads `labels`, which are None when a model is exported', plan.model_fn)
    adaptation = adapt(view, plan.model_fn, [*kept, *results], mode)
    check = check_served if mode == PREDICT else check_trained
    check(view, plan, [*kept, *results], tuple(adaptation.changes))
    return Derived(
        statements=tuple(adaptation.apply(statement) for statement in kept),
        parameters=tuple(name for name in plan.parameters if name in {'features', *read} - {'mode'}),
        results=tuple(adaptation.apply(result) for result in results),
        returned=statements[-1],
        moved=moved,
        helpers=adaptation.changed_helpers(),
        is_random=is_random(view, [*kept, *results], adaptation.changes),
    )


def _without_labels(statement: cst.BaseStatement) -> cst.BaseStatement:
    """`build(features, labels)` is called with None for labels when a model is exported."""
    labels = reads_of(statement, 'labels')
    return replaced(statement, lambda node: cst.Name('None') if node in labels else None) if labels else statement
