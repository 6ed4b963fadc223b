"""What is left of a model_fn's statements in one mode."""

from __future__ import annotations

import textwrap

import libcst as cst
import pytest

from rewriters.module_view import ModuleView
from rewriters.modules.mode_folding import PREDICT, TRAIN, fold, reads_of, rebinds
from rewriters.refusal import Refusal
from rewriters.symbols import read_symbols

HEAD = 'import tensorflow as tf\nfrom tensorflow.estimator import ModeKeys\n\n\ndef model_fn({parameters}):\n'


def folded(body: str, mode: str, parameters: str = 'features, labels, mode') -> str:
    """The statements of a body that run in a mode, as source."""
    text = HEAD.format(parameters=parameters) + textwrap.indent(textwrap.dedent(body).strip('\n'), '    ') + '\n'
    view = ModuleView(text, read_symbols(text))
    return cst.Module(fold(view, view.functions['model_fn'], mode)).code.strip()


def expected(text: str) -> str:
    return textwrap.dedent(text).strip()


@pytest.mark.parametrize(
    'condition',
    [
        'mode == tf.estimator.ModeKeys.PREDICT',
        'tf.estimator.ModeKeys.PREDICT == mode',
        'mode == ModeKeys.PREDICT',
        "mode == 'infer'",
        'mode == tf.contrib.learn.ModeKeys.INFER',
        "mode != tf.estimator.ModeKeys.TRAIN and mode != 'eval'",
        'mode in (tf.estimator.ModeKeys.EVAL, tf.estimator.ModeKeys.PREDICT)',
        'mode not in [ModeKeys.TRAIN, ModeKeys.EVAL]',
        'not (mode == ModeKeys.TRAIN or mode == ModeKeys.EVAL)',
        'labels is None',
        'True if mode == ModeKeys.PREDICT else False',
    ],
)
def test_conditions_that_hold_in_predict(condition: str) -> None:
    body = f'if {condition}:\n    return 1\nreturn 2'
    assert folded(body, PREDICT) == 'return 1'


@pytest.mark.parametrize(
    'condition',
    ["mode == 'predict'", 'mode == tf.estimator.ModeKeys.TRAIN', 'labels is not None', "mode == 'train' and f(labels)"],
)
def test_conditions_that_do_not(condition: str) -> None:
    body = f'if {condition}:\n    return 1\nreturn 2'
    assert folded(body, PREDICT) == 'return 2'


def test_chains_of_branches() -> None:
    body = """
    if mode == ModeKeys.TRAIN:
        x = 1
    elif mode == ModeKeys.EVAL:
        x = 2
    else:
        x = 3
    return x
    """
    assert folded(body, PREDICT) == 'x = 3\nreturn x'
    assert folded(body, TRAIN) == 'x = 1\nreturn x'
    assert folded(body, 'eval') == 'x = 2\nreturn x'


def test_nothing_runs_after_the_return() -> None:
    assert folded("if mode == 'infer': return 1\nx = 2\nreturn x", PREDICT) == 'return 1'


def test_a_name_for_a_truth_decides_branches_and_stays() -> None:
    body = """
    training = mode == ModeKeys.TRAIN
    if training and features['x'] > 0:
        x = 1
    if not training:
        x = 2
    return f(x, training=training)
    """
    assert folded(body, PREDICT) == 'training = False\nx = 2\nreturn f(x, training=training)'
    assert folded(body, TRAIN) == expected("""
        training = True
        if training and features['x'] > 0:
            x = 1
        return f(x, training=training)
    """)


def test_a_name_that_is_bound_twice_decides_nothing() -> None:
    body = """
    training = mode == ModeKeys.TRAIN
    if features:
        training = True
    if training:
        x = 1
    return x
    """
    assert 'if training:\n    x = 1' in folded(body, PREDICT)


def test_within_expressions_and_blocks() -> None:
    body = """
    with tf.name_scope('net'):
        x = f(0.5 if mode == ModeKeys.TRAIN else 1., training=(mode == ModeKeys.TRAIN))
        if mode == ModeKeys.TRAIN:
            x = g(x)
        if mode == ModeKeys.PREDICT or features['x']:
            x = h(x)
    y = mode == ModeKeys.PREDICT and not mode == ModeKeys.TRAIN and x
    return x
    """
    assert folded(body, PREDICT) == expected("""
        with tf.name_scope('net'):
            x = f(1., training=False)
            x = h(x)
        y = x
        return x
    """)


def test_a_block_of_which_nothing_is_left() -> None:
    body = """
    for x in features:
        if mode == ModeKeys.TRAIN:
            f(x)
    return x
    """
    assert folded(body, PREDICT) == 'for x in features:\n    pass\nreturn x'


def test_a_condition_with_a_call_is_still_evaluated() -> None:
    body = """
    if f(features) and mode == ModeKeys.TRAIN:
        x = 1
    return x
    """
    assert folded(body, PREDICT) == 'if f(features) and False:\n    x = 1\nreturn x'


def test_comments_go_with_the_branch_that_is_taken() -> None:
    body = """
    # To train.
    if mode == ModeKeys.TRAIN:  # only then
        x = 1  # one
        # so much for that
    # Always.
    return x
    """
    assert folded(body, PREDICT) == '# Always.\nreturn x'
    assert folded(body, TRAIN) == expected("""
        # To train.
        # only then
        x = 1  # one
        # so much for that
        # Always.
        return x
    """)


def test_labels_may_be_there_in_other_modes() -> None:
    body = 'if labels is None:\n    return 1\nreturn 2'
    with pytest.raises(Refusal, match='inside of a block'):
        folded(body, TRAIN)


def test_labels_that_are_bound_again_are_not_known() -> None:
    with pytest.raises(Refusal, match='inside of a block'):
        folded('labels = f(labels)\nif labels is None:\n    return 1\nreturn 2', PREDICT)


def test_a_mode_that_is_no_parameter_is_not_known() -> None:
    with pytest.raises(Refusal, match='inside of a block'):
        folded("if mode == 'infer':\n    return 1\nreturn 2", PREDICT, 'features, labels')


def test_an_inner_function_may_have_a_mode_of_its_own() -> None:
    body = """
    def inner(x, mode):
        return mode == 'infer'
    return inner(features, 'train')
    """
    assert folded(body, PREDICT) == expected(body)


@pytest.mark.parametrize(
    ('body', 'reason'),
    [
        ('mode = mode.lower()\nreturn 1', 'bound again'),
        ('for mode in features:\n    pass\nreturn 1', 'bound again'),
        ("if mode == 'train':\n    return 1", 'does not always return'),
        ("if features:\n    return 1\nreturn 2", 'inside of a block'),
        ("with f():\n    return 1\nreturn 2", 'inside of a block'),
    ],
)
def test_refusals(body: str, reason: str) -> None:
    with pytest.raises(Refusal, match=reason):
        folded(body, PREDICT)


def test_whose_name_it_is() -> None:
    text = """
def f(a, b):
    c = [b for b in a]
    g = lambda a: a
    def h(c):
        return a, b, c
    return b
"""
    function = cst.ensure_type(cst.parse_module(text).body[0], cst.FunctionDef)
    assert [rebinds(function, name) for name in 'abcgh'] == [False, False, True, True, True]
    assert [len(reads_of(function.body, name)) for name in 'ab'] == [2, 2]
