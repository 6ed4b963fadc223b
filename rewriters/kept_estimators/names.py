"""Which names of `tf.estimator` the support module has, and where a module uses any of them.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TypeGuard

from rewriters.findings import Place
from rewriters.names.places import Locator
from rewriters.names.uses import TENSORFLOW, Use, find_uses
from rewriters.options import EstimatorUse
from rewriters.symbols import Symbols, canonical

SUPPORT_MODULE = 'estimator_module'
NAMES = frozenset(
    'BestExporter CheckpointSaverHook CheckpointSaverListener ClassificationOutput Estimator EstimatorSpec EvalSpec '
    'Exporter FeedFnHook FinalExporter FinalOpsHook GlobalStepWaiterHook LatestExporter LoggingTensorHook ModeKeys '
    'NanLossDuringTrainingError NanTensorHook PredictOutput ProfilerHook RegressionOutput RunConfig SecondOrStepTimer '
    'ServingInputReceiver SessionRunArgs SessionRunContext SessionRunHook SessionRunValues StepCounterHook '
    'StopAtStepHook SummarySaverHook TensorServingInputReceiver TrainSpec VocabInfo WarmStartSettings '
    'build_parsing_serving_input_receiver_fn build_raw_serving_input_receiver_fn numpy_input_fn pandas_input_fn '
    'stop_if_no_decrease_hook stop_if_no_increase_hook train_and_evaluate'.split()
)
"""What the support module has."""
MAKERS = ('Classifier', 'Regressor', 'Estimator', 'EstimatorWithLayerAnnotations', 'model_to_estimator')
"""What the names of all that makes an Estimator end with."""
_HOMES = ('estimator', 'estimator.export', 'estimator.inputs')
# Where TensorFlow's own source defined them: `tensorflow.python.estimator.model_fn`.
_SOURCES = tuple(
    f'estimator.{module}'
    for module in 'estimator export.export export.export_output exporter inputs.numpy_io inputs.pandas_io model_fn '
    'run_config training'.split()
)
_ALIASES = {
    'contrib.learn.ModeKeys': 'ModeKeys',
    **{
        f'{home}.stop_if_no_{change}_hook': f'stop_if_no_{change}_hook'
        for home in ('contrib.estimator', 'estimator.experimental')
        for change in ('increase', 'decrease')
    },
}
_ELSEWHERE = ('contrib.boosted_trees', 'contrib.estimator', 'contrib.learn', 'contrib.tpu', 'keras.estimator')
_PRIVATE = ('tensorflow_estimator', 'tensorflow.python.estimator')
# Of these, nothing belongs to an Estimator.
_UNRELATED = ('contrib.learn.datasets', 'contrib.learn.preprocessing')
_MADE_IN_GRAPHS = ('ServingInputReceiver', 'TensorServingInputReceiver', 'EstimatorSpec')
_SEVERAL_DEVICES = ('train_distribute', 'eval_distribute', 'experimental_distribute', 'device_fn', 'protocol')


@dataclass
class Uses:
    """What a module uses of `tf.estimator`. `nodes` are the expressions to replace, and by which name.

    `statements` are the imports that bind such names. `obstacle` is what stands in the way, and in which line.
    """

    nodes: list[tuple[ast.Attribute, str]] = field(default_factory=list)
    statements: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    obstacle: tuple[str, int] | None = None


def find_names(symbols: Symbols) -> Uses:
    """Every use of `tf.estimator` in a module, and the first that the support module can't take over."""
    found = find_uses(symbols)
    uses = Uses()
    obstacles: list[tuple[int, str]] = []
    for use in found.uses:
        if not _is_estimators(canonical(use.qualified)) or _name_of(canonical(use.head)) is not None:
            continue  # of `Modes.TRAIN`, it is the import of `Modes` that changes
        node, name = _named(use)
        if name is None:
            obstacles.append((use.node.lineno, f'it uses `{use.spelled}`'))
        elif use.f_string is not None:
            obstacles.append((use.node.lineno, f'`{use.spelled}` stands in an f-string'))
        else:
            uses.nodes.append((node, name))
    for call, called in symbols.calls():
        if _name_of(canonical(called)) == 'RunConfig':
            obstacles += [(call.lineno, reason) for reason in _devices(call)]
    unclear = [(node, name) for node, name in found.unclear if _is_estimators(canonical(name))]
    obstacles += [(node.lineno, f'`{name}` may mean something else') for node, name in unclear]
    for statement in symbols.walk.imports:
        reasons = list(_import_obstacles(statement, found.name_calls))
        obstacles += [(statement.lineno, reason) for reason in reasons]
        if not reasons and _binds_estimators(statement):
            uses.statements.append(statement)
    if obstacles:
        line, reason = min(obstacles)
        uses.obstacle = reason, line
    return uses


def functions_in_graphs(
    text: str, tree: ast.Module, symbols: Symbols, estimators: EstimatorUse | None
) -> list[Place]:
    """The functions that an Estimator calls in a graph of its own: they make an EstimatorSpec or a receiver."""
    stays = estimators is not None and not (estimators.obstacle or estimators.canned)
    if not stays and SUPPORT_MODULE not in text:
        return []
    locator = Locator(text)
    made = [node for node, name in find_names(symbols).nodes if name in _MADE_IN_GRAPHS] if stays else []
    made += [node for node in ast.walk(tree) if _is_of_support_module(node)]
    places = [locator.place(node) for node in made]
    functions = [locator.place(node) for node in ast.walk(tree) if isinstance(node, ast.FunctionDef | ast.Lambda)]
    return [function for function in functions if any(function.covers(place) for place in places)]


def _is_of_support_module(node: ast.AST) -> TypeGuard[ast.Attribute]:
    """`estimator_module.EstimatorSpec` and the like."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return False
    return node.value.id == SUPPORT_MODULE and node.attr in _MADE_IN_GRAPHS


def imported_name(statement: ast.ImportFrom, alias: ast.alias) -> str | None:
    """What an import binds: a name of the support module, the whole of it (an empty name), or neither."""
    qualified = canonical(f'{statement.module}.{alias.name}')
    return '' if qualified in _HOMES else _name_of(qualified)


def _named(use: Use) -> tuple[ast.Attribute, str | None]:
    """The part of the use that means a name of the support module: `tf.estimator.ModeKeys` of `….ModeKeys.TRAIN`."""
    node, qualified = use.node, use.qualified
    while _is_estimators(canonical(qualified)):
        name = _name_of(canonical(qualified))
        if name is not None:
            return node, name
        if not isinstance(node.value, ast.Attribute):
            break
        node, qualified = node.value, qualified.rpartition('.')[0]
    return use.node, None


def _name_of(symbol: str) -> str | None:
    home, _, name = symbol.rpartition('.')
    return _ALIASES.get(symbol) or (name if home in (*_HOMES, *_SOURCES) and name in NAMES else None)


def makes_canned(symbol: str) -> bool:
    """Whether a symbol makes an Estimator whose model_fn is inside of TensorFlow."""
    return _is_estimators(symbol) and symbol.endswith(MAKERS) and symbol != 'estimator.Estimator'


def _is_estimators(symbol: str) -> bool:
    """Whether a symbol belongs to Estimators, wherever TensorFlow 1 kept it."""
    if symbol.startswith(_UNRELATED):
        return False
    return symbol == 'estimator' or symbol.startswith('estimator.') or symbol.startswith(_ELSEWHERE)


def _devices(call: ast.Call) -> Iterator[str]:
    """What a RunConfig asks for that takes several devices."""
    for keyword in call.keywords:
        is_none = isinstance(keyword.value, ast.Constant) and keyword.value.value is None
        if keyword.arg in _SEVERAL_DEVICES and not is_none:
            yield f'its RunConfig has {keyword.arg}=…'


def _binds_estimators(statement: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(statement, ast.Import) or statement.level or not _is_tensorflow(statement.module or ''):
        return False
    return any(imported_name(statement, alias) is not None for alias in statement.names)


def _import_obstacles(
    statement: ast.Import | ast.ImportFrom, name_calls: dict[str, list[ast.Call | None]]
) -> Iterator[str]:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            if alias.name.startswith(_PRIVATE) or alias.name == 'tensorflow.estimator':
                yield f'it imports `{alias.name}`'  # binds `tensorflow`, and fails where there is no such module
        return
    module = statement.module or ''
    for alias in statement.names:
        qualified = f'{module}.{alias.name}'
        if module.startswith('tensorflow_estimator'):
            yield f'it imports `{qualified}`'
        elif not statement.level and _is_tensorflow(module) and _is_estimators(canonical(qualified)):
            name = imported_name(statement, alias)
            if name is None:
                yield f'it imports `{qualified}`'
            elif not name and name_calls.get(alias.asname or alias.name):
                yield f'it hands `{alias.name}` on'


def _is_tensorflow(module: str) -> bool:
    return module.partition('.')[0] == TENSORFLOW

