"""What a function derived from a model_fn must not hold: it would fail in TensorFlow 2, or serve something else."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import libcst as cst

from rewriters.module_view import ModuleView
from rewriters.modules.captures import Reach
from rewriters.modules.functions import Effect, Functions
from rewriters.modules.graph_code import CACHES, CACHING
from rewriters.modules.meaning import check_answers
from rewriters.modules.sizes import check_sizes
from rewriters.modules.tensor_objects import check_objects
from rewriters.plan import EstimatorPlan
from rewriters.refusal import Refusal
from rewriters.syntax import find_all, name_nodes, one_line

_GONE = {
    'contrib.': 'is gone from TensorFlow 2',
    'estimator.': 'is gone from TensorFlow 2',
}
_NOT_SERVED = {
    'GraphKeys.ASSET_FILEPATHS': 'adds an asset file out of sight',
    'GraphKeys.LOCAL_VARIABLES': 'makes variables that no checkpoint holds',
    'GraphKeys.SAVEABLE_OBJECTS': 'adds values to the checkpoint that are no variables',
    'InteractiveSession': 'runs a session while the model is built',
    'Session': 'runs a session while the model is built',
    'data.': 'needs an iterator that nothing initialises in a SavedModel',
    'feature_column.categorical_column_with_vocabulary': 'makes a lookup table, which is not understood yet',
    'feature_column.sequence_categorical_column_with_vocabulary': 'makes a lookup table, which is not understood yet',
    'get_local_variable': 'makes variables that no checkpoint holds',
    **{
        f'keras.{name}': 'names its variables in another way than TensorFlow 1 did'
        for name in ('Input', 'Model', 'Sequential', 'applications', 'backend', 'layers', 'models')
    },
    'local_variable': 'makes variables that no checkpoint holds',
    'lookup.': 'makes a lookup table, which is not understood yet',
    'metrics.': 'makes variables that no checkpoint holds',
    **dict.fromkeys(CACHING, CACHES),
    'numpy_function': 'runs Python code, which no server can',
    'placeholder': 'is a placeholder that no client feeds',
    'py_func': 'runs Python code, which no server can',
    'saved_model.load': 'loads another model',
    'sparse_placeholder': 'is a placeholder that no client feeds',
    'train.Saver': 'restores values out of sight',
    'train.Scaffold': 'restores values out of sight',
    'train.assert_global_step': 'reads the global step',
    'train.create_global_step': 'reads the global step',
    'train.get_global_step': 'reads the global step',
    'train.get_or_create_global_step': 'reads the global step',
    'train.global_step': 'reads the global step',
    'train.init_from_checkpoint': 'takes values from another checkpoint',
    'train.warm_start': 'takes values from another checkpoint',
}
_WITH_DEFAULT = 'placeholder_with_default'
_RANDOM = ('random.', 'random_', 'multinomial', 'truncated_normal', 'nn.dropout', 'distributions.')
# The parameters of a model_fn that are tensors, or hold some.
_GIVEN = frozenset({'features', 'labels'})
# Values that a checkpoint replaces: where they come from does not matter.
_INITIAL_VALUES = frozenset({'Variable', 'get_variable'})


def check_served(
    view: ModuleView, plan: EstimatorPlan, nodes: Sequence[cst.CSTNode], rewritten: Sequence[cst.CSTNode]
) -> None:
    """Refuses what can't be served from these statements and expressions of the model_fn.

    `rewritten` are the nodes in them that are replaced.

    Raises:
        Refusal: names it.
    """
    receiver = plan.receiver
    made = [node for node in (receiver.function, receiver.feature_spec) if node is not None]
    rewritten = [*rewritten, *(call.func for call, _ in receiver.placeholders), *_returned_calls(receiver.function)]
    _check_symbols(view, [*nodes, *made], {**_GONE, **_NOT_SERVED}, rewritten)
    _check_meaning(view, nodes)
    _check_changes(view, plan, nodes)


def check_trained(
    view: ModuleView, plan: EstimatorPlan, nodes: Sequence[cst.CSTNode], rewritten: Sequence[cst.CSTNode]
) -> None:
    """As `check_served`, of what can't be trained.

    Raises:
        Refusal: names what can't.
    """
    _check_symbols(view, nodes, _GONE, rewritten)
    _check_questions(view, Functions(view), nodes)
    _check_changes(view, plan, nodes)


def check_outputs_kept(view: ModuleView, left_out: Iterable[cst.BaseExpression]) -> None:
    """Refuses where an argument of the spec that is left out creates variables: others may count them.

    Raises:
        Refusal: names the argument.
    """
    functions = Functions(view)
    for node in left_out:
        for call in find_all(node, cst.Call):
            called = view.called(call) or ''
            is_step = called.startswith(('estimator.export.', 'metrics.', 'train.')) or _is_assign(call)
            effect = functions.effect_of_call(call) if isinstance(call, cst.Call) else Effect.NONE
            if effect.value > Effect.BUILDS_GRAPH.value and not is_step:
                raise Refusal(f'`{one_line(node)}` of the EstimatorSpec may create variables', node)


def is_random(view: ModuleView, nodes: Iterable[cst.CSTNode], initial_values: Iterable[cst.CSTNode]) -> bool:
    """Whether what is served may be drawn at random: an op that is no variable's initial value says so."""
    delayed = {call for node in initial_values for call in find_all(node, cst.Call)}
    functions = Functions(view)
    for body in (body for node in nodes for body in functions.bodies(node)):
        calls = find_all(body, cst.Call)
        variables = [call for call in calls if view.called(call) in _INITIAL_VALUES]
        initial = {inner for variable in variables for inner in find_all(variable, cst.Call)}
        if any((view.called(call) or '').startswith(_RANDOM) and call not in initial | delayed for call in calls):
            return True
    return False


def _is_assign(call: cst.CSTNode) -> bool:
    method = call.func if isinstance(call, cst.Call) else None
    return isinstance(method, cst.Attribute) and method.attr.value in ('assign', 'assign_add', 'assign_sub')


def _returned_calls(function: cst.FunctionDef | None) -> list[cst.BaseExpression]:
    """`tf.estimator.export.ServingInputReceiver` of a receiver function's return statement."""
    returns = find_all(function, cst.Return) if function is not None else []
    return [r.value.func for r in returns if isinstance(r, cst.Return) and isinstance(r.value, cst.Call)]


def _check_symbols(
    view: ModuleView, nodes: Sequence[cst.CSTNode], reasons: dict[str, str], rewritten: Iterable[cst.CSTNode]
) -> None:
    allowed = {inner for node in rewritten for inner in find_all(node, (cst.Attribute, cst.Name))}
    functions = Functions(view)
    for body in (body for node in nodes for body in functions.bodies(node)):
        for node in find_all(body, (cst.Attribute, cst.Name)):
            symbol = view.symbol(node)
            if symbol is None or node in allowed or symbol == _WITH_DEFAULT:
                continue
            found = [reason for start, reason in reasons.items() if symbol.startswith(start)]
            if found:
                raise Refusal(f'`tf.{symbol}` {found[0]}', node)


def _check_meaning(view: ModuleView, nodes: Sequence[cst.CSTNode]) -> None:
    """Refuses `x == y` of tensors (objects in TF1, elements in TF2), and sizes of shapes that decide something."""
    functions = Functions(view)
    inners = [inner for node in nodes for inner in functions.bodies(node)]
    check_sizes(inners, [function for node in nodes for _, function in functions.named_through(node)])
    _check_questions(view, functions, nodes)


def _check_questions(view: ModuleView, functions: Functions, nodes: Sequence[cst.CSTNode]) -> None:
    check_objects(view, functions, nodes, _GIVEN)
    check_answers(view, functions, nodes)


def _check_changes(view: ModuleView, plan: EstimatorPlan, nodes: Sequence[cst.CSTNode]) -> None:
    """Refuses where the model_fn changes what it is given, and TF1 keeps that change apart, or exports it."""
    reach = Reach(view, {})
    for node in nodes:
        changed = reach.changes(node)
        if 'features' in changed and plan.receiver.shares_inputs and _changes_object(node, 'features'):
            raise Refusal('the model_fn changes `features`, and with them the inputs that TF1 exports', node)
        if 'params' in changed and plan.params is not None and _changes_object(node, 'params'):
            raise Refusal('the model_fn changes `params`, of which TF1 gives it a new copy each time', node)


def _changes_object(node: cst.CSTNode, name: str) -> bool:
    """Whether a statement that binds or changes `name` may change the object: `features = {…}` does not."""
    targets = [t.target for t in find_all(node, cst.AssignTarget) if isinstance(t, cst.AssignTarget)]
    plain = any(isinstance(target, cst.Name) and target.value == name for target in targets)
    uses = [n for n in name_nodes(node) if n.value == name]
    return not plain or len(uses) > 2
