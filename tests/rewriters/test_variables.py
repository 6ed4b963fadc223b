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


@pytest.mark.parametrize(
    ('code', 'what'),
    [
        ('sess.run(y, {w: x})\n', 'w'),
        ('sess.run(y, feed_dict={x: 1, w: 2})\n', 'w'),
        ('with tf.Session():\n    y.eval({w: x})\n', 'w'),
        ('train_op.run(feed_dict={w: x})\n', 'w'),
        ('given = {w: x}\nsess.run(y, given)\n', 'w'),
        ('feed = {\n    x: 1,\n    w: 2,\n}\nrun_it(feed)\n', 'w'),
        ('feed_dict[w] = x\n', 'w'),
        ('def feed_of(x):\n    return {w: x}\n', 'w'),
        ('b = tf.Variable(0.1)\nsess.run(y, {b: x})\n', 'b'),
        (
            'class A:\n    def __init__(self):\n        self.rate = tf.Variable(0.1)\n\n'
            'a = A()\nsess.run(y, {a.rate: x})\n',
            'a.rate',
        ),
    ],
)
def test_a_variable_that_is_fed(code: str, what: str) -> None:
    (finding,) = found(HEAD + code)
    assert finding.confidence is Confidence.MANUAL
    assert finding.message.startswith(f'`{what}` is fed')


@pytest.mark.parametrize(
    'code',
    [
        'sess.run(y, {x: w})\n',
        'sess.run({w: y})\n',
        'names = {w: "w"}\n',
        'def f(w):\n    sess.run(y, {w: 1})\n',
        'w2 = tf.placeholder(tf.float32)\nsess.run(y, {w2: x})\n',
        'counts[w] = x\n',
        'class A:\n    def f(self):\n        self.w = tf.placeholder(tf.float32)\n        sess.run(y, {self.w: x})\n',
        'class A:\n    def f(self):\n        self.r = tf.Variable(1.0)\n\n    def g(self):\n'
        '        self.r = tf.placeholder(tf.float32)\n\nsess.run(y, {a.r: x})\n',
        'import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\nsess.run(y, {w: x})\n',
        'tf.compat.v1.disable_resource_variables()\nsess.run(y, {w: x})\n',
    ],
)
def test_what_is_no_variable_that_is_fed(code: str) -> None:
    assert found(HEAD + code) == []


@pytest.mark.parametrize(
    ('code', 'message'),
    [
        ('sess.run(y, {b: x})\n', '`b` is fed'),
        ('sess.run(b.name)\n', '`b.name` names the handle'),
        ('sess.run("bias:0")\n', "'bias:0' names the handle"),
        ('b.initialized_value()\n', '`b.initialized_value` raises'),
    ],
)
@pytest.mark.parametrize('switch', ['disable_v2_behavior', 'disable_resource_variables'])
def test_where_the_behavior_is_off_it_is_the_class_of_tensorflow_2_that_makes_one(
    switch: str, code: str, message: str
) -> None:
    head = f'import tensorflow as tf\n\ntf.compat.v1.{switch}()\n'
    (finding,) = found(head + 'b = tf.Variable(x, name="bias")\n' + code)
    assert finding.message.startswith(message)
    assert 'tf.compat.v1.Variable' in finding.advice
    assert found(head + 'b = tf.compat.v1.Variable(x, name="bias")\n' + code) == []


def test_a_program_that_is_switched_keeps_its_finding() -> None:
    code = (
        'import tensorflow as tf\n\n\ndef main():\n    x = tf.placeholder(tf.float32)\n    b = tf.Variable(1.0)\n'
        '    with tf.Session() as sess:\n        sess.run(b * x, {x: 1.0, b: 2.0})\n\n\n'
        "if __name__ == '__main__':\n    main()\n"
    )
    rewritten = rewrite(code.encode())
    assert b'disable_v2_behavior()' in rewritten.source
    assert [finding.message for finding in found(code)] == [
        finding.message for finding in found(rewritten.source.decode())
    ]
    assert len(found(code)) == 1


@pytest.mark.parametrize(
    ('head', 'kinds'),
    [
        ('import tensorflow.compat.v1 as tf\n', 'tf.Variable'),
        ('import tensorflow.compat.v1 as tf\n', '(tf.Tensor, tf.Variable)'),
        ('import tensorflow as tf\n', 'tf.compat.v1.Variable'),
        ('from tensorflow.compat.v1 import Variable\n', 'Variable'),
    ],
)
def test_no_resource_variable_is_of_the_class_of_compat_v1(head: str, kinds: str) -> None:
    (finding,) = found(f'{head}isinstance(v, {kinds})\n')
    assert finding.confidence is Confidence.MANUAL
    assert 'isinstance says False' in finding.message


@pytest.mark.parametrize(
    'code',
    [
        'import tensorflow as tf\nisinstance(v, tf.Variable)\n',
        'import tensorflow.compat.v1 as tf\nisinstance(tf.Variable(1.0), tf.Tensor)\n',
        'import tensorflow.compat.v1 as tf\ntf.disable_v2_behavior()\nisinstance(v, tf.Variable)\n',
        'import tensorflow.compat.v1 as tf\n\n\ndef f(v: tf.Variable) -> None: ...\n',
    ],
)
def test_where_the_class_says_what_it_said(code: str) -> None:
    assert found(code) == []


@pytest.mark.parametrize(
    ('code', 'advice'),
    [
        ('w += 1\n', '`w = w + …`'),
        ('w *= scale\n', '`w = w * …`'),
        ('w -= 1\nw = tf.exp(w)\n', '`w = w - …`'),
        ('def f():\n    b = tf.Variable(1.0)\n    b -= x\n    return b\n', '`b = b - …`'),
        (
            'class A:\n    def f(self):\n        self.total = tf.Variable(0.0)\n        self.total /= 2\n',
            '`self.total = self.total / …`',
        ),
    ],
)
def test_a_variable_is_no_target_of_an_update(code: str, advice: str) -> None:
    (finding,) = found(HEAD + code)
    assert finding.confidence is Confidence.MANUAL
    assert 'raises RuntimeError' in finding.message
    assert advice in finding.advice


@pytest.mark.parametrize(
    'code',
    [
        'w //= 2\n',  # for which it has no method that could raise
        'w = w + 1\n',
        'total = tf.Variable(0.0)\ntotal = tf.identity(total)\ntotal += 1\n',
        'def f(w):\n    w += 1\n',
        'loss = 0.0\nloss += w\n',
        'tf.compat.v1.disable_v2_behavior()\nw += 1\n',
    ],
)
def test_an_update_that_works(code: str) -> None:
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


@pytest.mark.parametrize(
    'code',
    [
        'sess.run(w.name)\n',
        'w.initialized_value()\n',
        'k = ["VariableV2"]\n',
        'sess.run(y, {w: x})\n',
        'feed[w] = x\n',
        'w += 1\n',
        'isinstance(v, (tf.Tensor,\n    tf.Variable))\n',
    ],
)
def test_a_look_is_needed(code: str) -> None:
    assert find_news('import tensorflow.compat.v1 as tf\nw = tf.Variable(x)\n' + code) is None
