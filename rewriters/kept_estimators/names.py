"""Which names of `tf.estimator` the support modules have, and where a module uses any of them.

https://www.tensorflow.org/versions/r1.15/api_docs/python/tf/estimator
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple, TypeGuard

from rewriters import symbol_table
from rewriters.findings import Place
from rewriters.names.places import Locator
from rewriters.names.uses import TENSORFLOW, Use, find_uses, spelled_at
from rewriters.options import EstimatorUse
from rewriters.symbols import Symbols, canonical, dotted_name

SUPPORT_MODULE = 'estimator_module'
TRAINING_MODULE = 'estimator_training_module'
INPUTS_MODULE = 'estimator_inputs_module'
KERAS_MODULE = 'estimator_keras_module'
KEYS_MODULE = 'estimator_keys_module'
MODES_MODULE = 'estimator_modes_module'
TPU_MODULE = 'estimator_tpu_module'
NAMES = {
    SUPPORT_MODULE: frozenset(
        'CheckpointSaverHook CheckpointSaverListener ClassificationOutput Estimator EstimatorSpec FeedFnHook '
        'FinalOpsHook GlobalStepWaiterHook LoggingTensorHook ModeKeys NanLossDuringTrainingError '
        'NanTensorHook PredictOutput ProfilerHook RegressionOutput RunConfig SecondOrStepTimer '
        'ServingInputReceiver SessionRunArgs SessionRunContext SessionRunHook SessionRunValues StepCounterHook '
        'StopAtStepHook SummarySaverHook TensorServingInputReceiver VocabInfo WarmStartSettings '
        'build_parsing_serving_input_receiver_fn build_raw_serving_input_receiver_fn fn_args'.split()
    ),
    TRAINING_MODULE: frozenset(
        'BestExporter EvalSpec Exporter FinalExporter LatestExporter TrainSpec stop_if_no_decrease_hook '
        'stop_if_no_increase_hook train_and_evaluate'.split()
    ),
    INPUTS_MODULE: frozenset({'numpy_input_fn', 'pandas_input_fn'}),
    KERAS_MODULE: frozenset({'model_to_estimator'}),
    KEYS_MODULE: frozenset({'MetricKeys', 'PredictionKeys'}),
    MODES_MODULE: frozenset(
        'SupervisedInputReceiver UnsupervisedInputReceiver build_raw_supervised_input_receiver_fn '
        'build_supervised_input_receiver_fn_from_input_fn'.split()
    ),
    TPU_MODULE: frozenset(
        'CrossShardOptimizer InputPipelineConfig RunConfig TPUConfig TPUEstimator TPUEstimatorSpec '
        'bfloat16_scope'.split()
    ),
}
"""What each support module has. SUPPORT_MODULE is always placed, the others where they are used."""
MODULES = tuple(NAMES)
NOT_AMONG_THE_FILES = 'which is not among the files'
"""So ends an obstacle that may be none where more files of the project are given."""
_OF_ESTIMATORS = (SUPPORT_MODULE, TRAINING_MODULE, INPUTS_MODULE, KEYS_MODULE, MODES_MODULE)
_MODULE_OF = {name: module for module in _OF_ESTIMATORS for name in NAMES[module]}
MAKERS = ('Classifier', 'Regressor', 'Estimator', 'EstimatorWithLayerAnnotations', 'model_to_estimator')
"""What the names of all that makes an Estimator end with."""
FROM_KERAS = 'keras.estimator.model_to_estimator'
_HOMES = ('estimator', 'estimator.export', 'estimator.inputs')
# Where TensorFlow's own source defined them: `tensorflow.python.estimator.model_fn`.
_SOURCES = tuple(
    f'estimator.{module}'
    for module in 'estimator export.export export.export_output exporter '
    'inputs.numpy_io inputs.pandas_io model_fn run_config training util'.split()
)
_OF_KEYS = ('estimator.canned.metric_keys', 'estimator.canned.prediction_keys')
_TPU_HOMES = (
    'contrib.tpu',
    'estimator.tpu',
    *(f'contrib.tpu.python.tpu.tpu_{part}' for part in ('config', 'estimator', 'optimizer')),
)
_ALIASES = {
    'contrib.learn.ModeKeys': 'ModeKeys',
    'estimator.experimental.build_raw_supervised_input_receiver_fn': 'build_raw_supervised_input_receiver_fn',
    **{
        f'contrib.estimator.{name}': name
        for name in ('build_raw_supervised_input_receiver_fn', 'build_supervised_input_receiver_fn_from_input_fn')
    },
    **{
        f'{home}.stop_if_no_{change}_hook': f'stop_if_no_{change}_hook'
        for home in ('contrib.estimator', 'estimator.experimental')
        for change in ('increase', 'decrease')
    },
}
_ELSEWHERE = ('contrib.boosted_trees', 'contrib.estimator', 'contrib.learn', 'contrib.tpu', 'keras.estimator')
PRIVATE = ('tensorflow_estimator', 'tensorflow.python.estimator')
# Of these, nothing belongs to an Estimator.
_UNRELATED = ('contrib.learn.datasets', 'contrib.learn.preprocessing')
_MADE_IN_GRAPHS = tuple(
    'ServingInputReceiver TensorServingInputReceiver SupervisedInputReceiver UnsupervisedInputReceiver EstimatorSpec '
    'TPUEstimatorSpec'.split()
)
_STRATEGIES = ('train_distribute', 'eval_distribute', 'experimental_distribute')
_OF_CLUSTERS = ('device_fn', 'protocol')
_USE_TPU = 4  # the position of this parameter


class Name(NamedTuple):
    """A name of a support module; an empty one means the whole module."""

    module: str
    name: str

    def __str__(self) -> str:
        return f'{self.module}.{self.name}' if self.name else self.module


@dataclass
class Uses:
    """What a module uses of `tf.estimator`. `nodes` are the expressions to replace, and by which name.

    `statements` are the imports that bind such names. `obstacle` is what stands in the way, and in which line.
    `canned` are makers of other Estimators, which stay as they are. `strategies` are the calls of RunConfig that ask
    for training on several devices. `made` is what makes Estimators that the support modules know, `of_estimators`
    everything that belongs to Estimators, in the order of the file.
    """

    nodes: list[tuple[ast.Attribute, Name]] = field(default_factory=list)
    statements: list[ast.Import | ast.ImportFrom] = field(default_factory=list)
    obstacle: tuple[str, int] | None = None
    canned: list[Use] = field(default_factory=list)
    strategies: list[ast.Call] = field(default_factory=list)
    made: list[ast.expr] = field(default_factory=list)
    of_estimators: list[ast.expr | ast.stmt] = field(default_factory=list)


def find_names(symbols: Symbols) -> Uses:
    """Every use of `tf.estimator` in a module, and the first that the support modules can't take over."""
    found = find_uses(symbols)
    calls = [(call, canonical(called)) for call, called in symbols.calls]
    spares_canned = uses_support(symbols) or any(makes_kept(called) for _, called in calls)
    uses = Uses()
    obstacles: list[tuple[int, str]] = []
    for use in found.uses:
        if not _is_estimators(canonical(use.qualified)) or _name_of(canonical(use.head)) is not None:
            continue  # of `Modes.TRAIN`, it is the import of `Modes` that changes
        if _is_renamed(use, symbols):
            continue
        node, name = _named(use)
        uses.of_estimators.append(use.node)
        is_canned = makes_canned(canonical(use.qualified)) and use.call is not None
        uses.canned += [use] if is_canned else []
        if name is not None and use.f_string is None:
            uses.nodes.append((node, name))
        elif name is not None:
            obstacles.append((use.node.lineno, f'`{use.spelled}` stands in an f-string'))
        elif not (spares_canned and is_canned and _is_called_later(use, symbols)):
            obstacles.append((use.node.lineno, f'it uses `{use.spelled}`'))
    for call, called in calls:
        made = _name_of(called)
        uses.made += [call.func] if makes_kept(called) else []
        if made is not None and made.name == 'RunConfig':
            uses.strategies += [call] if _given(call, _STRATEGIES) else []
            obstacles += [(call.lineno, f'its RunConfig has {name}=…') for name in _given(call, _OF_CLUSTERS)]
        elif made == (TPU_MODULE, 'TPUEstimator') and _uses_tpu(call):
            obstacles.append((call.lineno, 'its TPUEstimator has use_tpu=True, which is the default'))
    for made_anew, base in _subclasses(symbols):
        uses.made.append(base)
        own = [node for node in made_anew.body if isinstance(node, ast.FunctionDef) and _is_private(node.name)]
        obstacles += [(f.lineno, f'`{made_anew.name}.{f.name}` may override what is private to Estimator') for f in own]
    unclear = [(node, name) for node, name in found.unclear if _is_estimators(canonical(name))]
    obstacles += [(node.lineno, f'`{name}` may mean something else') for node, name in unclear]
    for statement in symbols.walk.imports:
        reasons = list(_import_obstacles(statement, found.name_calls))
        obstacles += [(statement.lineno, reason) for reason in reasons]
        uses.of_estimators += [statement] if reasons else []
        if not reasons and _binds_estimators(statement):
            uses.statements.append(statement)
    uses.of_estimators.sort(key=lambda node: (node.lineno, node.col_offset))
    if obstacles:
        line, reason = min(obstacles)
        uses.obstacle = reason, line
    return uses


def uses_support(symbols: Symbols) -> bool:
    """Whether a module imports a support module of Estimators."""
    return any(
        name in MODULES
        for statement in symbols.walk.imports
        for name in ([statement.module] if isinstance(statement, ast.ImportFrom) else [a.name for a in statement.names])
    )


def stays_unasked(symbol: str) -> bool:
    """Whether a symbol, however it is used, neither is in the way of the support modules nor makes an Estimator."""
    if not _is_estimators(symbol):
        return True
    while _is_estimators(symbol):
        name = _name_of(symbol)
        if name is not None:
            return name.name != 'RunConfig' and not name.name.endswith(MAKERS)
        symbol = symbol.rpartition('.')[0]
    return False


def leads_to_estimators(symbol: str) -> bool:
    """Whether a symbol belongs to Estimators, or is a module that something of theirs is below."""
    return _is_estimators(symbol) or is_above_estimators(symbol)


def is_above_estimators(symbol: str) -> bool:
    """Whether a symbol is a module that most of Estimators' names are below."""
    return symbol in ('', '_api', 'compat', 'contrib', 'estimator', 'keras')


def functions_in_graphs(text: str, tree: ast.Module, symbols: Symbols, estimators: EstimatorUse | None) -> list[Place]:
    """The functions that an Estimator calls in a graph of its own: they make an EstimatorSpec or a receiver."""
    stays = estimators is not None and not (estimators.obstacle or estimators.canned)
    if not stays and not any(module in text for module in MODULES):
        return []
    locator = Locator(text)
    uses = find_names(symbols) if stays else Uses()
    made: list[ast.expr] = [node for node, name in uses.nodes if name.name in _MADE_IN_GRAPHS]
    bound = _bound_in_graphs(uses)
    nodes = list(ast.walk(tree))
    made += [node for node in nodes if isinstance(node, ast.Name) and node.id in bound]
    made += [node for node in nodes if _is_of_support_module(node)]
    places = [locator.place(node) for node in made]
    functions = [locator.place(node) for node in nodes if isinstance(node, ast.FunctionDef | ast.Lambda)]
    return [function for function in functions if any(function.covers(place) for place in places)]


def _bound_in_graphs(uses: Uses) -> set[str]:
    """The names by which imports bind what is made in graphs."""
    imports = [statement for statement in uses.statements if isinstance(statement, ast.ImportFrom)]
    imported = [(alias, imported_name(statement, alias)) for statement in imports for alias in statement.names]
    return {alias.asname or alias.name for alias, name in imported if name and name.name in _MADE_IN_GRAPHS}


def _is_of_support_module(node: ast.AST) -> TypeGuard[ast.Attribute]:
    """`estimator_module.EstimatorSpec` and the like."""
    if not isinstance(node, ast.Attribute) or not isinstance(node.value, ast.Name):
        return False
    return node.value.id in MODULES and node.attr in _MADE_IN_GRAPHS


def imported_name(statement: ast.ImportFrom, alias: ast.alias) -> Name | None:
    """What an import binds: a name of a support module, the whole of it, or neither."""
    qualified = canonical(f'{statement.module}.{alias.name}')
    if qualified in (*_HOMES, *_SOURCES):
        return Name(SUPPORT_MODULE, '')
    if qualified in _OF_KEYS:
        return Name(KEYS_MODULE, '')
    return Name(TPU_MODULE, '') if qualified in _TPU_HOMES else _name_of(qualified)


def _named(use: Use) -> tuple[ast.Attribute, Name | None]:
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


def _name_of(symbol: str) -> Name | None:
    home, _, name = symbol.rpartition('.')
    if symbol == FROM_KERAS:
        return Name(KERAS_MODULE, name)
    if home in _TPU_HOMES:
        return Name(TPU_MODULE, name) if name in NAMES[TPU_MODULE] else None
    name = _ALIASES.get(symbol, name)
    is_public = symbol in _ALIASES or home in (*_HOMES, *_SOURCES, *_OF_KEYS)
    return Name(_MODULE_OF[name], name) if is_public and name in _MODULE_OF else None


def makes_with_model_fn(symbol: str) -> bool:
    """Whether a symbol makes an Estimator of a model_fn that is given to it."""
    return _name_of(symbol) in ((SUPPORT_MODULE, 'Estimator'), (TPU_MODULE, 'TPUEstimator'))


@functools.lru_cache(maxsize=4096)
def makes_canned(symbol: str) -> bool:
    """Whether a symbol makes an Estimator whose model_fn is inside of TensorFlow."""
    return _is_estimators(symbol) and symbol.endswith(MAKERS) and not makes_kept(symbol)


@functools.lru_cache(maxsize=4096)
def makes_kept(symbol: str) -> bool:
    """Whether a symbol makes an Estimator, and a support module has it."""
    return makes_with_model_fn(symbol) or symbol == FROM_KERAS


@functools.lru_cache(maxsize=4096)
def _is_estimators(symbol: str) -> bool:
    """Whether a symbol belongs to Estimators, wherever TensorFlow 1 kept it."""
    if symbol.startswith(_UNRELATED):
        return False
    return symbol == 'estimator' or symbol.startswith('estimator.') or symbol.startswith(_ELSEWHERE)


@functools.lru_cache(maxsize=4096)
def home_of(symbol: str) -> str:
    """What a symbol is renamed to that stood among those of Estimators, and is none of them; empty if it is one."""
    found = symbol_table.find(symbol)
    return '' if found is None or _is_estimators(canonical(f'{TENSORFLOW}.{found.target}')) else found.target


def _is_renamed(use: Use, symbols: Symbols) -> bool:
    """Whether a use gets its home outside of Estimators, and so stands in nobody's way, as far as that can be edited.

    `tf.contrib.tpu.cross_replica_sum` is `tf.compat.v1.tpu.cross_replica_sum`, which needs a name for TensorFlow there.
    """
    home, node = home_of(canonical(use.qualified)), use.node
    is_plain = node.lineno == node.end_lineno and node.end_col_offset == node.col_offset + len(use.spelled)
    return bool(home) and is_plain and use.f_string is None and spelled_at(use, home, symbols) is not None


def _given(call: ast.Call, parameters: tuple[str, ...]) -> list[str]:
    """Those of the parameters that are given, and not as None."""
    given = [keyword for keyword in call.keywords if keyword.arg in parameters]
    is_none = (isinstance(keyword.value, ast.Constant) and keyword.value.value is None for keyword in given)
    return [keyword.arg for keyword, nothing in zip(given, is_none, strict=True) if keyword.arg and not nothing]


def _uses_tpu(call: ast.Call) -> bool:
    """Whether `use_tpu` is True or not given, as far as it is spelled out."""
    named = {keyword.arg: keyword.value for keyword in call.keywords}
    given = named.get('use_tpu') or (call.args[_USE_TPU] if len(call.args) > _USE_TPU else None)
    if given is None:
        return None not in named  # not given by `**options`
    return isinstance(given, ast.Constant) and given.value is True


def _subclasses(symbols: Symbols) -> Iterator[tuple[ast.ClassDef, ast.expr]]:
    """The classes that are an Estimator, and by which base."""
    for node in sorted(symbols.walk.classes, key=lambda node: node.lineno):
        for base in node.bases:
            name = dotted_name(base) or ''
            meant = symbols.resolve(name, base.lineno, base.col_offset) if name.endswith('Estimator') else None
            if meant is not None and makes_with_model_fn(canonical(meant)):
                yield node, base


def _is_private(name: str) -> bool:
    return name.startswith('_') and not name.endswith('__')


def _is_called_later(use: Use, symbols: Symbols) -> bool:
    """Whether a use is a call in the body of a function: importing the module doesn't run it."""
    nodes = (node for statement in symbols.walk.body for node in ast.walk(statement))
    bodies = ((n.body[0].lineno, n.end_lineno or 0) for n in nodes if isinstance(n, ast.FunctionDef))
    return use.call is not None and any(first <= use.node.lineno <= last for first, last in bodies)


def _binds_estimators(statement: ast.Import | ast.ImportFrom) -> bool:
    if isinstance(statement, ast.Import) or statement.level or not _is_tensorflow(statement.module or ''):
        return False
    return any(imported_name(statement, alias) is not None for alias in statement.names)


def _import_obstacles(
    statement: ast.Import | ast.ImportFrom, name_calls: dict[str, list[ast.Call | None]]
) -> Iterator[str]:
    if isinstance(statement, ast.Import):
        for alias in statement.names:
            if alias.name.startswith(PRIVATE) or alias.name == 'tensorflow.estimator':
                yield f'it imports `{alias.name}`'  # binds `tensorflow`, and fails where there is no such module
        return
    module = statement.module or ''
    for alias in statement.names:
        qualified = f'{module}.{alias.name}'
        if module.startswith('tensorflow_estimator'):
            yield f'it imports `{qualified}`'
        elif not statement.level and _is_tensorflow(module) and _is_estimators(canonical(qualified)):
            name = imported_name(statement, alias)
            if name is None and not home_of(canonical(qualified)):
                yield f'it imports `{qualified}`'
            elif name is not None and not name.name and name_calls.get(alias.asname or alias.name):
                yield f'it hands `{alias.name}` on'


def _is_tensorflow(module: str) -> bool:
    return module.partition('.')[0] == TENSORFLOW
