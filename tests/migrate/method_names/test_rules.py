"""The rules of TensorFlow Serving for classify and regress, each broken by a signature."""

from __future__ import annotations

from typing import Any

import pytest

from migrate.method_names.rules import broken_rules, possible_kinds
from migrate.saved_model.contract import SignatureContract
from tests.migrate.saved_model.messages import FLOAT, INT64, STRING, contract

EXAMPLES = {'inputs': (STRING, [-1])}
SCORES = {'scores': (FLOAT, [-1, 3])}
BOTH = {'scores': (FLOAT, [-1, 3]), 'classes': (STRING, [-1, 3])}


def signature(inputs: dict[str, Any], outputs: dict[str, Any]) -> SignatureContract:
    return contract({'key': {'inputs': inputs, 'outputs': outputs}}).graphs[0].signatures['key']


class TestClassify:
    @pytest.mark.parametrize(
        'outputs',
        [
            SCORES,
            BOTH,
            {'classes': (STRING, [-1, -1])},
            {'scores': (FLOAT, None)},
            {'scores': (FLOAT, [-1, -1]), 'classes': (STRING, [-1, 4])},
        ],
    )
    def test_what_is_served(self, outputs: dict[str, Any]) -> None:
        assert 'classify' in possible_kinds(signature(EXAMPLES, outputs))

    @pytest.mark.parametrize(
        ('inputs', 'outputs', 'rule'),
        [
            ({'examples': (STRING, [-1])}, SCORES, 'it must have one input, called "inputs", and has "examples"'),
            ({}, SCORES, 'it must have one input, called "inputs", and has none'),
            (EXAMPLES | {'k': (INT64, [])}, SCORES, 'it must have one input, called "inputs", and has "inputs", "k"'),
            ({'inputs': (FLOAT, [-1])}, SCORES, 'the input "inputs" must be of type string, not float32'),
            (
                {'inputs': (STRING, [])},
                SCORES,
                'the input "inputs" takes serialised tf.Examples, a list: its shape must be [?], not []',
            ),
            (EXAMPLES, {'y': (FLOAT, [-1, 3])}, 'its outputs must be "classes", "scores" or both, and are "y"'),
            (
                EXAMPLES,
                BOTH | {'y': (FLOAT, [])},
                'its outputs must be "classes", "scores" or both, and are "classes", ',
            ),
            (EXAMPLES, {}, 'its outputs must be "classes", "scores" or both, and are none'),
            (EXAMPLES, {'classes': (INT64, [-1, 3])}, 'the output "classes" must be of type string, not int64'),
            (EXAMPLES, {'scores': (FLOAT, [-1])}, 'the output "scores" must have the shape [batch, classes], not [?]'),
            (
                EXAMPLES,
                {'scores': (FLOAT, [-1, 3]), 'classes': (STRING, [-1, 2])},
                'its outputs must have as many classes as scores: "classes" [?, 2] and "scores" [?, 3]',
            ),
        ],
    )
    def test_what_is_not(self, inputs: dict[str, Any], outputs: dict[str, Any], rule: str) -> None:
        found = broken_rules(signature(inputs, outputs), 'tensorflow/serving/classify')
        assert len(found) == 1
        assert found[0].startswith(rule)


class TestRegress:
    @pytest.mark.parametrize('shape', [[-1], [-1, 1], [-1, -1], None])
    def test_what_is_served(self, shape: list[int] | None) -> None:
        assert possible_kinds(signature(EXAMPLES, {'outputs': (FLOAT, shape)})) == ('predict', 'regress')

    @pytest.mark.parametrize(
        ('outputs', 'rule'),
        [
            ({'y': (FLOAT, [-1])}, 'it must have one output, called "outputs", and has "y"'),
            ({'outputs': (INT64, [-1])}, 'the output "outputs" must be of type float32, not int64'),
            (
                {'outputs': (FLOAT, [-1, 2])},
                'the output "outputs" must have the shape [batch] or [batch, 1], not [?, 2]',
            ),
            ({'outputs': (FLOAT, [])}, 'the output "outputs" must have the shape [batch] or [batch, 1], not []'),
        ],
    )
    def test_what_is_not(self, outputs: dict[str, Any], rule: str) -> None:
        assert broken_rules(signature(EXAMPLES, outputs), 'tensorflow/serving/regress') == (rule,)


def test_other_names_ask_for_nothing() -> None:
    anything = signature({'x': (INT64, [])}, {'y': (INT64, [])})
    assert broken_rules(anything, 'tensorflow/serving/predict') == ()
    assert broken_rules(anything, 'a name of their own') == ()
    assert possible_kinds(anything) == ('predict',)
