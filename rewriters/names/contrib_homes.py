"""What of `tf.contrib` TensorFlow 2 has elsewhere, as another function that does the same.

The measured table knows those symbols of contrib that are the very object of a symbol outside. The ones here are
functions of their own, most of them thin: they are listed with the arguments that the other function treats alike, and
a call that passes others is not the same. Checked by tests/rewriters/test_names_contrib_homes.py, which runs each call
under TensorFlow 1.15, and what it is rewritten to under TensorFlow 2.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from typing import NamedTuple

from rewriters.names.places import Edit, Locator
from rewriters.symbol_table import Symbol

_GLOBAL_STEP = 'graph |'
_SCOPE = 'scope! | -suffix'
_MEAN = 'values weights metrics_collections updates_collections name |'
_METRIC = '| predictions labels weights metrics_collections updates_collections name'
_AT_ONE = '| predictions labels {} weights num_thresholds metrics_collections updates_collections name'
_AT_SOME = '| predictions labels {} weights metrics_collections updates_collections name'

# (Symbol of contrib, its new home, its arguments). The arguments stand in their old order. Those before the bar have
# the same place in both functions, those behind it are passed by keyword in the new one. `-` marks an argument that the
# new one does not take or treats otherwise, `!` one that must be a string literal, `old:new` one that was renamed.
_CALLS = (
    ('data.Counter', 'compat.v1.data.experimental.Counter', 'start step dtype |'),
    (
        'data.CsvDataset',
        'compat.v1.data.experimental.CsvDataset',
        'filenames record_defaults compression_type buffer_size header field_delim use_quote_delim na_value '
        'select_cols |',
    ),
    (
        'data.bucket_by_sequence_length',
        'data.experimental.bucket_by_sequence_length',
        'element_length_func bucket_boundaries bucket_batch_sizes padded_shapes padding_values '
        'pad_to_bucket_boundary no_padding |',
    ),
    ('data.choose_from_datasets', 'compat.v1.data.experimental.choose_from_datasets', 'datasets choice_dataset |'),
    ('data.enumerate_dataset', 'data.experimental.enumerate_dataset', 'start |'),
    ('data.get_single_element', 'data.experimental.get_single_element', 'dataset |'),
    (
        'data.group_by_window',
        'data.experimental.group_by_window',
        'key_func reduce_func window_size window_size_func |',
    ),
    ('data.ignore_errors', 'data.experimental.ignore_errors', '|'),
    (
        'data.map_and_batch',
        'data.experimental.map_and_batch',
        'map_func batch_size num_parallel_batches drop_remainder num_parallel_calls |',
    ),
    (
        'data.parallel_interleave',
        'data.experimental.parallel_interleave',
        'map_func cycle_length block_length sloppy buffer_output_elements prefetch_input_elements |',
    ),
    ('data.prefetch_to_device', 'data.experimental.prefetch_to_device', 'device buffer_size |'),
    ('data.sample_from_datasets', 'compat.v1.data.experimental.sample_from_datasets', 'datasets weights seed |'),
    ('data.scan', 'data.experimental.scan', 'initial_state scan_func |'),
    ('data.shuffle_and_repeat', 'data.experimental.shuffle_and_repeat', 'buffer_size count | -seed'),
    ('data.unbatch', 'data.experimental.unbatch', '|'),
    ('data.unique', 'data.experimental.unique', '|'),
    ('framework.assert_global_step', 'compat.v1.train.assert_global_step', 'global_step_tensor |'),
    ('framework.create_global_step', 'compat.v1.train.create_global_step', _GLOBAL_STEP),
    ('framework.get_global_step', 'compat.v1.train.get_global_step', _GLOBAL_STEP),
    ('framework.get_local_variables', 'compat.v1.local_variables', _SCOPE),
    ('framework.get_model_variables', 'compat.v1.model_variables', _SCOPE),
    ('framework.get_or_create_global_step', 'compat.v1.train.get_or_create_global_step', _GLOBAL_STEP),
    ('framework.get_trainable_variables', 'compat.v1.trainable_variables', _SCOPE),
    ('framework.get_variables', 'compat.v1.global_variables', _SCOPE + ' -collection'),
    ('framework.list_variables', 'train.list_variables', 'checkpoint_dir:ckpt_dir_or_file |'),
    ('framework.load_checkpoint', 'train.load_checkpoint', 'filepattern:ckpt_dir_or_file |'),
    ('framework.load_variable', 'train.load_variable', 'checkpoint_dir:ckpt_dir_or_file name |'),
    ('layers.flatten', 'compat.v1.layers.flatten', 'inputs | -outputs_collections -scope'),
    (
        'layers.one_hot_encoding',
        'one_hot',
        'labels:indices num_classes:depth | -on_value -off_value -outputs_collections -scope',
    ),
    ('layers.xavier_initializer', 'compat.v1.glorot_uniform_initializer', '| -uniform seed dtype'),
    ('layers.xavier_initializer_conv2d', 'compat.v1.glorot_uniform_initializer', '| -uniform seed dtype'),
    ('lookup.HashTable', 'compat.v1.lookup.StaticHashTable', 'initializer default_value | -shared_name name'),
    ('metrics.confusion_matrix', 'math.confusion_matrix', 'labels predictions num_classes | dtype name weights'),
    ('metrics.streaming_accuracy', 'compat.v1.metrics.accuracy', _METRIC),
    (
        'metrics.streaming_auc',
        'compat.v1.metrics.auc',
        '| predictions labels weights num_thresholds metrics_collections updates_collections curve name',
    ),
    ('metrics.streaming_false_negatives', 'compat.v1.metrics.false_negatives', _METRIC),
    ('metrics.streaming_false_positives', 'compat.v1.metrics.false_positives', _METRIC),
    ('metrics.streaming_mean', 'compat.v1.metrics.mean', _MEAN),
    ('metrics.streaming_mean_absolute_error', 'compat.v1.metrics.mean_absolute_error', _METRIC),
    ('metrics.streaming_mean_cosine_distance', 'compat.v1.metrics.mean_cosine_distance', _AT_SOME.format('dim')),
    ('metrics.streaming_mean_iou', 'compat.v1.metrics.mean_iou', _AT_SOME.format('num_classes')),
    ('metrics.streaming_mean_relative_error', 'compat.v1.metrics.mean_relative_error', _AT_SOME.format('normalizer')),
    ('metrics.streaming_mean_squared_error', 'compat.v1.metrics.mean_squared_error', _METRIC),
    ('metrics.streaming_mean_tensor', 'compat.v1.metrics.mean_tensor', _MEAN),
    ('metrics.streaming_precision', 'compat.v1.metrics.precision', _METRIC),
    (
        'metrics.streaming_precision_at_thresholds',
        'compat.v1.metrics.precision_at_thresholds',
        _AT_SOME.format('thresholds'),
    ),
    ('metrics.streaming_recall', 'compat.v1.metrics.recall', _METRIC),
    ('metrics.streaming_recall_at_thresholds', 'compat.v1.metrics.recall_at_thresholds', _AT_SOME.format('thresholds')),
    ('metrics.streaming_root_mean_squared_error', 'compat.v1.metrics.root_mean_squared_error', _METRIC),
    (
        'metrics.streaming_sensitivity_at_specificity',
        'compat.v1.metrics.sensitivity_at_specificity',
        _AT_ONE.format('specificity'),
    ),
    (
        'metrics.streaming_sparse_average_precision_at_k',
        'compat.v1.metrics.sparse_average_precision_at_k',
        _AT_SOME.format('k'),
    ),
    (
        'metrics.streaming_sparse_precision_at_k',
        'compat.v1.metrics.sparse_precision_at_k',
        _AT_SOME.format('k class_id'),
    ),
    ('metrics.streaming_sparse_recall_at_k', 'compat.v1.metrics.recall_at_k', _AT_SOME.format('k class_id')),
    (
        'metrics.streaming_specificity_at_sensitivity',
        'compat.v1.metrics.specificity_at_sensitivity',
        _AT_ONE.format('sensitivity'),
    ),
    ('metrics.streaming_true_negatives', 'compat.v1.metrics.true_negatives', _METRIC),
    ('metrics.streaming_true_positives', 'compat.v1.metrics.true_positives', _METRIC),
    (
        'training.checkpoints_iterator',
        'train.checkpoints_iterator',
        'checkpoint_dir min_interval_secs timeout timeout_fn |',
    ),
)
# These mean the same wherever they stand, called or not.
_NAMES = {
    'contrib.data.AUTOTUNE': 'data.AUTOTUNE',
    'contrib.framework.nest.assert_same_structure': 'nest.assert_same_structure',
    'contrib.framework.nest.flatten': 'nest.flatten',
    'contrib.framework.nest.is_nested': 'nest.is_nested',
    'contrib.framework.nest.is_sequence': 'nest.is_nested',
    'contrib.framework.nest.map_structure': 'nest.map_structure',
    'contrib.framework.nest.pack_sequence_as': 'nest.pack_sequence_as',
    'contrib.lookup.MutableDenseHashTable': 'lookup.experimental.DenseHashTable',
    'contrib.lookup.MutableHashTable': 'lookup.experimental.MutableHashTable',
}
_NEEDS_KERAS_2 = ('compat.v1.layers.',)
_UNLESS = {
    # contrib's initializer scales by the shape of the partition, TensorFlow's own by that of the whole variable.
    'compat.v1.glorot_uniform_initializer': 'partitioner',
    # contrib's table has its initializer under this name too.
    'compat.v1.lookup.StaticHashTable': r'\.init\b',
}
CALLS = {f'contrib.{name}': (target, arguments) for name, target, arguments in _CALLS}


class Home(NamedTuple):
    """Where a symbol of contrib lives now."""

    symbol: Symbol
    keywords: tuple[str, ...] = ()
    """The name that each argument of the call gets, the positional ones first; empty where it stays as it is."""
    unless: str = ''
    """What must not stand in the file: a regular expression."""


def find(name: str, call: ast.Call | None) -> Home | None:
    """The home of a use of contrib, called so; None where it has none. The name stands without `tensorflow.`."""
    if name in _NAMES:
        return Home(_symbol(name, _NAMES[name]))
    target, arguments = CALLS.get(name, ('', ''))
    keywords = _keywords(call, arguments) if target and call is not None else None
    return None if keywords is None else Home(_symbol(name, target), keywords, _UNLESS.get(target, ''))


def argument_edits(call: ast.Call, keywords: tuple[str, ...], locator: Locator) -> list[Edit] | None:
    """The edits that name the arguments so, if there are names; None where that can't be done exactly."""
    if not any(keywords):
        return []
    edits: list[Edit] = []
    _, before = locator.span(call.func)
    for value, new in zip(call.args, keywords, strict=False):
        start, end = locator.span(value)
        if new and locator.source[before:start].strip() not in ('(', ','):  # parentheses or a comment
            return None
        edits += [Edit(start, start, f'{new}=')] if new else []
        before = end
    for keyword, new in zip(call.keywords, keywords[len(call.args) :], strict=True):
        start = locator.offset(keyword.lineno, keyword.col_offset)
        edits += [Edit(start, start + len(keyword.arg or ''), new)] if new else []
    return edits


def _symbol(name: str, target: str) -> Symbol:
    kind = 'keras2' if target.startswith(_NEEDS_KERAS_2) else 'v1' if target.startswith('compat.') else 'moved'
    return Symbol(name, kind, 'function', target, last_seen='1.15')


def _keywords(call: ast.Call, arguments: str) -> tuple[str, ...] | None:
    """What `Home.keywords` is for a call of a function with these arguments; None where it isn't the same."""
    parsed = list(_parse(arguments))
    by_name = {argument.old: argument for argument in parsed}
    if any(isinstance(value, ast.Starred) for value in call.args) or len(call.args) > len(parsed):
        return None
    names = []
    for position, value in enumerate(call.args):
        argument = parsed[position]
        if not argument.takes(value):
            return None
        names.append('' if argument.has_same_place else argument.new)
    for keyword in call.keywords:
        named = by_name.get(keyword.arg or '')
        if named is None or not named.takes(keyword.value):
            return None
        names.append('' if named.new == named.old else named.new)
    return tuple(names)


class _Argument(NamedTuple):
    old: str
    new: str
    mark: str
    has_same_place: bool

    def takes(self, value: ast.expr) -> bool:
        if self.mark == '!':
            return isinstance(value, ast.Constant) and isinstance(value.value, str)
        return self.mark != '-'


def _parse(arguments: str) -> Iterator[_Argument]:
    leading, _, others = arguments.partition('|')
    for words, has_same_place in ((leading.split(), True), (others.split(), False)):
        for word in words:
            old, _, new = word.strip('-!').partition(':')
            mark = '-' if word.startswith('-') else '!' if word.endswith('!') else ''
            yield _Argument(old, new or old, mark, has_same_place)
