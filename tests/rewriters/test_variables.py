"""Variables that TensorFlow 1's code knows by their name or their op: in TensorFlow 2 that is a handle's."""

from __future__ import annotations

import pytest

from rewriters import Confidence, Finding, rewrite
from rewriters.news import find_news

HEAD = 'import tensorflow as tf\n\nw = tf.get_variable("w", initializer=[2.0, 3.0])\n'


def found(code: str) -> list[Finding]:
    return [finding for finding in rewrite(code.encode()).findings if finding.code == 'NAM303']


@pytest.mark.parametrize(
    ('code', 'what'),
    [
        ('sess.run(w.name)\n', '`w.name`'),
        ('sess.run([w.name, y])\n', '`w.name`'),
        ('sess.run(y, {w.name: x})\n', '`w.name`'),
        ('sess.run(y, feed_dict={"w:0": x})\n', "'w:0'"),
        ('sess.run("scope/w:0")\n', "'scope/w:0'"),
        ('sess.run(graph.get_tensor_by_name("w:0"))\n', "'w:0'"),
        ('graph.as_graph_element("w:0")\n', "'w:0'"),
        ('b = tf.Variable(x, name="bias")\nsess.run("bias:0")\n', "'bias:0'"),
        (
            'class A:\n    def f(self):\n        self.b = tf.Variable(x)\n        sess.run(self.b.name)\n',
            '`self.b.name`',
        ),
        ('sess.run([v.name for v in tf.trainable_variables()])\n', '`v.name`'),
        ('for v in sorted(tf.global_variables(), key=k):\n    print(sess.run(v.name))\n', '`v.name`'),
        ('every = tf.global_variables()\nsess.run({v: v.name for v in every})\n', '`v.name`'),
        (
            'every = tf.get_collection(tf.GraphKeys.GLOBAL_VARIABLES)\nfor v in every:\n    sess.run(v.name)\n',
            '`v.name`',
        ),
        ('step = tf.train.get_or_create_global_step()\nsess.run(step.name)\n', '`step.name`'),
        ('tf.train.create_global_step()\nsess.run("global_step:0")\n', "'global_step:0'"),
        ('tf.train.LoggingTensorHook({"weights": "w"}, every_n_iter=5)\n', "'w'"),
        ('tf.train.LoggingTensorHook(tensors=["w:0"], every_n_iter=5)\n', "'w:0'"),
    ],
)
def test_a_name_is_that_of_the_handle(code: str, what: str) -> None:
    (finding,) = found(HEAD + code)
    assert finding.confidence is Confidence.MANUAL
    assert finding.message.startswith(f'{what} names the handle of a resource variable')


@pytest.mark.parametrize(
    'code',
    [
        'sess.run(w)\n',
        'sess.run(y.name)\n',
        'sess.run("x:0")\n',
        'sess.run("w")\n',  # the op, which returns nothing in TensorFlow 1 either
        'sess.run(w.value().name)\n',
        'print(w.name, "w:0")\n',
        'saver.restore(sess, w.name)\n',
        'def f(w):\n    return sess.run(w.name)\n',
        'for v in tf.get_collection("losses"):\n    sess.run(v.name)\n',
        'tf.train.LoggingTensorHook({"w": "loss"}, every_n_iter=5)\n',
        'tf.disable_resource_variables()\nsess.run(w.name)\n',
        'tf.compat.v1.disable_v2_behavior()\nsess.run("w:0")\n',
        'kinds = ["Variable", "Operation"]\n',
        'kind == "Variable"\n',
        'print("VariableV2")\n',
        'node.op in ("Variable", "VariableV2", "VarHandleOp")\n',
    ],
)
def test_what_means_no_handle(code: str) -> None:
    assert found(HEAD + code) == []


def test_the_value_before_it_is_initialized() -> None:
    (finding,) = found(HEAD + 'b = tf.Variable(w.initialized_value())\n')
    assert finding.confidence is Confidence.MANUAL
    assert finding.message == '`w.initialized_value` raises NotImplementedError for a variable of TensorFlow 2'


@pytest.mark.parametrize(
    'code', ['ops = ["Variable", "VariableV2"]\n', 'op.type == "Variable"\n', 'node.op in ("VariableV2",)\n']
)
def test_the_op_of_a_variable(code: str) -> None:
    (finding,) = found(HEAD + code)
    assert finding.confidence is Confidence.REVIEW
    assert "'VarHandleOp'" in finding.message


def test_without_tensorflow_they_are_other_variables() -> None:
    assert found('# tensorflow\nv = variable()\nsess.run(v.initialized_value())\n') == []


@pytest.mark.parametrize('code', ['sess.run(w.name)\n', 'w.initialized_value()\n', 'k = ["VariableV2"]\n'])
def test_a_look_is_needed(code: str) -> None:
    assert find_news('import tensorflow.compat.v1 as tf\nw = tf.Variable(x)\n' + code) is None
