"""What contrib did in TensorFlow 1.15, its new home does in TensorFlow 2: both run, and give the same bits."""

from __future__ import annotations

import ast
import json
import os
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from migrate.verify.processes import environment
from rewriters.names import apply_edits, contrib_homes, rename
from rewriters.symbols import Symbols

WORKER = Path(__file__).with_name('contrib_worker.py')

# Uses of each symbol, which is written `@`, with every argument that the table allows. contrib_worker.py has the names
# in them.
METRIC = [
    '@(positive, others)',
    '@(predictions=positive, labels=others, weights=weights, name="m")',
    '@(classes, others, None, ["made"], ["updates"], "m")',
]
BINARY = [
    '@(positive, tf.cast(others > 0, tf.int32))',
    '@(predictions=positive > 0, labels=others > 0, weights=weights, name="m")',
    '@(positive, others > 0, None, ["made"], ["updates"], "m")',
]
ERROR = ['@(probabilities, weights)', '@(predictions=probabilities, labels=weights, weights=weights, name="m")']
ERROR += ['@(probabilities, weights, None, ["made"], ["updates"], "m")']
MEAN = ['@(probabilities)', '@(probabilities, weights, ["made"], ["updates"], "m")']
MEAN += ['@(values=probabilities, name="m")']
AT_ONE = [
    '@(probabilities, positive, 0.5)',
    '@(probabilities, positive, 0.5, weights, 100, ["made"], ["updates"], "m")',
    '@(predictions=probabilities, labels=positive, {}=0.5, num_thresholds=20)',
]
THRESHOLDS = [
    '@(probabilities, positive, [0.3, 0.5])',
    '@(probabilities, positive, thresholds=[0.3], weights=weights, name="m")',
    '@(probabilities, positive, [0.3], None, ["made"], ["updates"])',
]
TOP_K = ['@(scores, wanted, 2)', '@(scores, wanted, 2, 1, weights, ["made"], ["updates"], "m")']
STEP = ['@()', '@(tf.get_default_graph())', '@(graph=None)']
VARIABLES = ['scoped(lambda: @())', 'scoped(lambda: @("b"))', 'scoped(lambda: @(scope="a/"))']
XAVIER = [
    'spread(@())',
    'variable([3, 3, 2, 7], @(seed=4))',
    'variable([7], @(dtype=tf.float32, seed=1))',
    'variable([], @(seed=2))',
    'variable([4, 5], @(seed=4), tf.float16)',
]
GROUP = 'lambda x: x % 3, lambda key, window: window.batch(2)'
USES = {
    'data.Counter': ['drain(@().take(3))', 'drain(@(2, step=3, dtype=tf.int32).take(3))'],
    'data.CsvDataset': [
        'drain(@([csv], [tf.string, tf.string], field_delim=";"))',
        'drain(@(csv, [[0], [""]], None, None, True, ";", True, "x", [0, 1]))',
    ],
    'data.bucket_by_sequence_length': [
        'drain(numbers.map(lambda x: tf.ones([x + 1])).apply('
        '@(lambda x: tf.size(x), [3, 5], [2, 2, 2], [None], 0.5, False, no_padding=False)))',
    ],
    'data.choose_from_datasets': [
        'drain(@([numbers, numbers.map(lambda x: -x)], numbers.map(lambda x: x % 2)))'
    ],
    'data.enumerate_dataset': ['drain(numbers.apply(@()))', 'drain(numbers.apply(@(start=2)))'],
    'data.get_single_element': ['@(numbers.take(1))', '@(dataset=numbers.take(1))'],
    'data.group_by_window': [
        'drain(numbers.apply(@(' + GROUP + ', 2)))',
        'drain(numbers.apply(@(' + GROUP + ', window_size_func=lambda key: key + 1)))',
    ],
    'data.ignore_errors': ['drain(numbers.map(lambda x: tf.check_numerics(1 / (x % 2), "")).apply(@()))'],
    'data.map_and_batch': [
        'drain(numbers.apply(@(lambda x: x * 2, 4)))',
        'drain(numbers.apply(@(lambda x: x * 2, batch_size=4, num_parallel_batches=2, drop_remainder=True)))',
        'drain(numbers.apply(@(map_func=lambda x: x * 2, batch_size=4, num_parallel_calls=2)))',
    ],
    'data.parallel_interleave': [
        'drain(numbers.apply(@(lambda x: numbers.take(x % 3), 2)))',
        'drain(numbers.apply(@(lambda x: numbers.take(x % 3), 3, 2, False, '
        'buffer_output_elements=2, prefetch_input_elements=2)))',
    ],
    'data.prefetch_to_device': [
        'drain(numbers.apply(@("/cpu:0")))',
        'drain(numbers.apply(@("/cpu:0", buffer_size=2)))',
    ],
    'data.sample_from_datasets': [
        'drain(@([numbers, numbers.map(lambda x: -x)], seed=4))',
        'drain(@([numbers, numbers.map(lambda x: -x)], [0.2, 0.8], 4))',
    ],
    'data.scan': ['drain(numbers.apply(@(tf.constant(0, tf.int64), lambda s, x: (s + x, s * x))))'],
    'data.shuffle_and_repeat': [
        'sorted(drain(numbers.apply(@(5, 2))))',
        'sorted(drain(numbers.apply(@(buffer_size=5, count=2))))',
    ],
    'data.unbatch': ['drain(batches.apply(@()))'],
    'data.unique': ['drain(numbers.map(lambda x: x % 3).apply(@()))'],
    'framework.assert_global_step': ['@(tf.train.create_global_step())'],
    'framework.create_global_step': STEP,
    'framework.get_global_step': STEP,
    'framework.get_local_variables': VARIABLES,
    'framework.get_model_variables': VARIABLES,
    'framework.get_or_create_global_step': STEP,
    'framework.get_trainable_variables': VARIABLES,
    'framework.get_variables': VARIABLES,
    'framework.list_variables': ['@(checkpoint)', '@(checkpoint_dir=os.path.dirname(checkpoint))'],
    'framework.load_checkpoint': [
        '@(checkpoint).get_tensor("a")',
        '@(filepattern=os.path.dirname(checkpoint)).get_variable_to_shape_map()',
    ],
    'framework.load_variable': ['@(checkpoint, "a")', '@(checkpoint_dir=os.path.dirname(checkpoint), name="b")'],
    'layers.flatten': ['@(image)', '@(inputs=image)', '@(weights[:, None])'],
    'layers.one_hot_encoding': ['@(classes, 3)', '@(labels=positive, num_classes=4)', '@([0, 1], 2)'],
    'layers.xavier_initializer': XAVIER,
    'layers.xavier_initializer_conv2d': XAVIER,
    'lookup.HashTable': [
        '@(pairs, -1).lookup(words)',
        '@(initializer=pairs, default_value=7, name="t").lookup(words)',
        '(lambda table: (table.initializer, table.name, table.lookup(words), table.size()))(@(pairs, -1))[1:]',
    ],
    'metrics.confusion_matrix': [
        '@(classes, others)',
        '@(classes, others, 4, tf.int64, "n", weights)',
        '@(labels=classes, predictions=others, num_classes=3)',
    ],
    'metrics.streaming_accuracy': METRIC,
    'metrics.streaming_auc': [
        '@(probabilities, positive)',
        '@(probabilities, positive, weights, 50, ["made"], ["updates"], "PR", "m")',
        '@(predictions=probabilities, labels=positive, curve="ROC", name="m")',
    ],
    'metrics.streaming_mean_cosine_distance': [
        '@(tf.nn.l2_normalize(scores, 1), tf.nn.l2_normalize(scores * [1.0, 2.0, 3.0], 1), 1)',
        '@(predictions=scores, labels=scores, dim=1, weights=weights[:, None], name="m")',
        '@(scores, scores, 1, None, ["made"], ["updates"])',
    ],
    'metrics.streaming_mean_iou': [
        '@(classes, others, 3)',
        '@(classes, others, num_classes=3, weights=weights, name="m")',
        '@(classes, others, 3, None, ["made"], ["updates"])',
    ],
    'metrics.streaming_mean_relative_error': [
        '@(probabilities, weights, weights)',
        '@(probabilities, weights, normalizer=weights, weights=weights, name="m")',
        '@(probabilities, weights, weights, None, ["made"], ["updates"])',
    ],
    'metrics.streaming_sparse_average_precision_at_k': [
        '@(scores, wanted, 2)',
        '@(scores, wanted, 2, weights, ["made"], ["updates"], "m")',
    ],
    'metrics.streaming_sparse_precision_at_k': TOP_K,
    'metrics.streaming_sparse_recall_at_k': TOP_K,
    'training.checkpoints_iterator': [
        'list(os.path.basename(path) for path in @(os.path.dirname(checkpoint), 0, 0.1, lambda: True))',
        'list(os.path.basename(path) for path in @('
        'checkpoint_dir=os.path.dirname(checkpoint), min_interval_secs=0, timeout=0.1, timeout_fn=lambda: True))',
    ],
}
NAMES = [
    'tf.contrib.data.AUTOTUNE',
    'tf.contrib.framework.nest.flatten({"b": 1, "a": (2, [3])})',
    'tf.contrib.framework.nest.map_structure(lambda x: x + 1, {"b": 1, "a": (2, [3])})',
    'tf.contrib.framework.nest.pack_sequence_as({"b": 1, "a": (2, [3])}, [1, 2, 3])',
    'tf.contrib.framework.nest.assert_same_structure([1], [2])',
    'tf.contrib.framework.nest.is_nested([1]), tf.contrib.framework.nest.is_sequence("a")',
    '(lambda t: [t.insert(words, [1.0, 2.0, 3.0]), t.lookup(words)])'
    '(tf.contrib.lookup.MutableHashTable(tf.string, tf.float32, 0.5, name="t", checkpoint=True))',
    '(lambda t: [t.insert(classes, weights), t.lookup(classes), t.size()])'
    '(tf.contrib.lookup.MutableDenseHashTable(tf.int64, tf.float32, 0.5, -1, -2, 32, "t", checkpoint=True))',
]


def uses_of(name: str) -> list[str]:
    word = name.split('.')[-1]
    if name in USES:
        uses = USES[name]
    elif word.endswith('_at_thresholds'):
        uses = THRESHOLDS
    elif '_at_' in word:
        uses = [use.format(word.rpartition('_')[2]) if '{' in use else use for use in AT_ONE]
    elif word in ('streaming_mean', 'streaming_mean_tensor'):
        uses = MEAN
    elif word.endswith('_error'):
        uses = ERROR
    else:
        uses = BINARY
    return [use.replace('@', f'tf.contrib.{name}') for use in uses]


CASES = [use for name in contrib_homes.CALLS for use in uses_of(name.removeprefix('contrib.'))] + NAMES


def renamed(expression: str) -> str:
    source = f'import tensorflow as tf\n{expression}\n'
    edits, _ = rename(source, Symbols.from_tree(ast.parse(source)))
    return apply_edits(source, edits).partition('import tensorflow as tf\n')[2].rstrip('\n')


@pytest.fixture(scope='module')
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[Any, Any]]:
    """What each case gives under TensorFlow 1.15, and what it is rewritten to under TensorFlow 2."""
    old_python = os.environ.get('SAVEDMODEL_MIGRATE_OLD_PYTHON')
    if not old_python:
        pytest.skip('needs SAVEDMODEL_MIGRATE_OLD_PYTHON, a Python with TensorFlow 1')
    pytest.importorskip('tf_keras', reason='needs TensorFlow 2 and tf_keras')
    folder = tmp_path_factory.mktemp('contrib')
    old = evaluated(old_python, CASES, folder / 'old')
    new = evaluated(sys.executable, [renamed(case) for case in CASES], folder / 'new')
    return dict(zip(CASES, zip(old, new, strict=True), strict=True))


def evaluated(python: str, expressions: list[str], folder: Path) -> list[Any]:
    folder.mkdir()
    (folder / 'expressions.json').write_text(json.dumps(expressions), encoding='utf-8')
    command = [python, str(WORKER), str(folder / 'expressions.json'), str(folder / 'results.json')]
    settings = environment(python) | {'TF_USE_LEGACY_KERAS': '1'}
    done = subprocess.run(command, env=settings, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr[-2000:]
    found: list[Any] = json.loads((folder / 'results.json').read_text(encoding='utf-8'))
    return found


@pytest.mark.parametrize('case', CASES)
def test_both_give_the_same(case: str, results: dict[str, tuple[Any, Any]]) -> None:
    old, new = results[case]
    assert 'raises' not in old, old
    assert old == new


@pytest.mark.parametrize('case', CASES)
def test_is_rewritten(case: str) -> None:
    new = renamed(case)
    assert 'contrib' not in new
    assert renamed(new) == new


def findings_of(source: str) -> tuple[str, list[str]]:
    edits, findings = rename(source, Symbols.from_tree(ast.parse(source)))
    return apply_edits(source, edits), [finding.code for finding in findings]


@pytest.mark.parametrize(
    'use',
    [
        'tf.contrib.layers.xavier_initializer(uniform=False)',
        'tf.contrib.layers.xavier_initializer(True)',
        'tf.contrib.layers.xavier_initializer(**options)',
        'initializer = tf.contrib.layers.xavier_initializer',
        'tf.get_variable("w", [2], initializer=tf.contrib.layers.xavier_initializer(), partitioner=p)',
        'tf.contrib.layers.flatten(x, scope="flat")',
        'tf.contrib.layers.one_hot_encoding(x, 3, 2.0)',
        'tf.contrib.data.shuffle_and_repeat(5, 2, 7)',
        'tf.contrib.framework.get_variables(scope)',
        'tf.contrib.framework.get_variables("a", suffix="w")',
        'tf.contrib.framework.get_variables("a", None, "losses")',
        'tf.contrib.lookup.HashTable(pairs, -1, "shared")',
        'table = tf.contrib.lookup.HashTable(pairs, -1)\ntable.init.run()',
        'tf.contrib.metrics.streaming_accuracy((predictions), labels)',
        'tf.contrib.metrics.streaming_accuracy(*arguments)',
        'tf.contrib.metrics.streaming_accuracy(predictions, labels, tables=1)',
        'tf.contrib.metrics.streaming_true_positives_at_thresholds(predictions, labels, [0.5])',
        'f"{tf.contrib.metrics.streaming_accuracy(predictions, labels)}"',
    ],
)
def test_what_is_not_the_same_stays_and_is_reported(use: str) -> None:
    source = f'import tensorflow as tf\n{use}\n'
    result, codes = findings_of(source)
    assert [line for line in result.split('\n') if 'contrib' in line] == [
        line.replace('tf.get_variable', 'tf.compat.v1.get_variable') for line in source.split('\n') if 'contrib' in line
    ]
    assert codes == ['NAM201']


@pytest.mark.parametrize('name', sorted(contrib_homes.CALLS))
def test_every_allowed_argument_is_exercised(name: str) -> None:
    parsed = list(contrib_homes._parse(contrib_homes.CALLS[name][1]))
    used: set[str] = set()
    for use in uses_of(name.removeprefix('contrib.')):
        calls = [node for node in ast.walk(ast.parse(use)) if isinstance(node, ast.Call)]
        for call in calls:
            if ast.unparse(call.func) == f'tf.{name}':
                used |= {argument.old for argument in parsed[: len(call.args)]}
                used |= {keyword.arg for keyword in call.keywords if keyword.arg}
    assert used == {argument.old for argument in parsed if argument.mark != '-'}


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        (
            'from tensorflow.contrib.layers import xavier_initializer\nxavier_initializer(seed=1)\n',
            'from tensorflow.compat.v1 import glorot_uniform_initializer as xavier_initializer\n'
            'xavier_initializer(seed=1)\n',
        ),
        (
            'from tensorflow.contrib.framework import get_global_step as step\nstep()\n',
            'from tensorflow.compat.v1.train import get_global_step as step\nstep()\n',
        ),
    ],
)
def test_imported_functions(before: str, after: str) -> None:
    assert findings_of(before) == (after, [])
    assert findings_of(after) == (after, [])


@pytest.mark.parametrize(
    'source',
    [
        'from tensorflow.contrib.layers import xavier_initializer\nxavier_initializer(uniform=False)\n',
        'from tensorflow.contrib.layers import xavier_initializer\nxavier_initializer()\nf(partitioner=p)\n',
        'from tensorflow.contrib.metrics import streaming_accuracy\nstreaming_accuracy(a, b)\n',
        'from tensorflow.contrib.metrics import streaming_accuracy\nmap(streaming_accuracy, a, b)\n',
    ],
)
def test_imported_functions_that_stay(source: str) -> None:
    assert findings_of(source) == (source, ['NAM201'])
