"""Variables that a session fetches in the run that changes them: TensorFlow 2 may read them before, not after."""

from __future__ import annotations

import pytest

from rewriters import Confidence, Finding, rewrite
from rewriters.news import find_news

HEAD = (
    'import tensorflow as tf\n\nw = tf.get_variable("w", [2])\nstep = tf.train.get_or_create_global_step()\n'
    'train_op = tf.train.AdamOptimizer().minimize(loss, global_step=step)\n'
)


def found(code: str) -> list[Finding]:
    return [finding for finding in rewrite(code.encode()).findings if finding.code == 'NAM304']


@pytest.mark.parametrize(
    ('code', 'what'),
    [
        ('_, n = sess.run([train_op, step])\n', 'step'),
        ('n, _ = sess.run((step, train_op), {x: 1})\n', 'step'),
        ('sess.run({"step": step, "train": train_op})\n', 'step'),
        ('sess.run(fetches=[loss, [train_op, step]])\n', 'step'),
        ('fetches = [train_op, step]\nsess.run(fetches)\n', 'step'),
        ('_, a, b = sess.run([train_op, w, loss])\n', 'w'),
        ('sess.run([train_op, tf.train.get_global_step()])\n', 'tf.train.get_global_step()'),
        ('go = optimizer.apply_gradients(pairs)\nsess.run([go, step])\n', 'step'),
        ('def f(sess, train_op, global_step):\n    sess.run([train_op, global_step])\n', 'global_step'),
        ('def f(sess, model):\n    sess.run([model.global_step, model.optimize])\n', 'model.global_step'),
        ('sess.run([d_optim, g_optim, model.global_step])\n', 'model.global_step'),
        (
            'class M:\n    def f(self):\n        self.n = tf.Variable(0)\n'
            '        self.go = opt.minimize(loss, self.n)\n        self.sess.run([self.go, self.n])\n',
            'self.n',
        ),
        ('def before_run(self, context):\n    return tf.train.SessionRunArgs([loss, step])\n', 'step'),
        (
            'class H(tf.train.SessionRunHook):\n    def begin(self):\n'
            '        self._global_step = tf.train.get_global_step()\n'
            '\n    def before_run(self, context):\n        return tf.train.SessionRunArgs(self._global_step)\n',
            'self._global_step',
        ),
    ],
)
def test_a_variable_beside_what_changes_it(code: str, what: str) -> None:
    (finding,) = found(HEAD + code)
    assert finding.confidence is Confidence.REVIEW
    assert finding.message.startswith(f'`{what}` is fetched in the run that changes it')


@pytest.mark.parametrize(
    'code',
    [
        'sess.run(train_op)\nsess.run(step)\n',
        'sess.run([loss, step])\n',  # nothing changes it
        'sess.run([train_op, loss, accuracy])\n',
        'sess.run([train_loss, train_summary_op, step])\n',
        'sess.run([train_op, tf.shape(w)])\n',
        'with tf.control_dependencies([train_op]):\n    global_step = tf.identity(step)\n'
        'sess.run([train_op, global_step])\n',
        'def f(step):\n    sess.run([train_op, step])\n',
        'fetches = [train_op, step]\n',
        'tf.compat.v1.disable_v2_behavior()\nsess.run([train_op, step])\n',
        'tf.compat.v1.disable_v2_behavior()\nsess.run([train_op, model.global_step])\n',
        'tf.train.SessionRunArgs([loss, w])\n',  # a hook is there for evaluation as well, which changes no weights
        'runner.run(["train", "global_step"])\n',
    ],
)
def test_what_is_not_fetched_beside_a_change(code: str) -> None:
    assert found(HEAD + code) == []


def test_where_the_behavior_is_off_a_variable_of_tensorflow_2_is_still_read_before() -> None:
    head = 'import tensorflow as tf\n\ntf.compat.v1.disable_v2_behavior()\n'
    code = 'train_op = opt.minimize(loss, n)\nsess.run([train_op, n])\n'
    assert len(found(f'{head}n = tf.Variable(0)\n{code}')) == 1
    assert found(f'{head}n = tf.compat.v1.Variable(0)\n{code}') == []


def test_it_is_said_again_of_the_new_text() -> None:
    code = HEAD + 'with tf.Graph().as_default(), tf.Session() as sess:\n    sess.run([train_op, step])\n'
    rewritten = rewrite(code.encode()).source.decode()
    assert rewritten != code
    assert [finding.message for finding in found(code)] == [finding.message for finding in found(rewritten)]


def test_without_tensorflow_it_is_another_session() -> None:
    assert found('# tensorflow\ndef f(sess, train_op, global_step):\n    sess.run([train_op, global_step])\n') == []


@pytest.mark.parametrize(
    'code',
    [
        'sess.run([train_op, global_step])\n',
        'n = tf.Variable(0)\ngo = opt.minimize(loss)\nsess.run([go,\n    n])\n',
        'global_step = 1\nargs = tf.train.SessionRunArgs(global_step)\n',
    ],
)
def test_a_look_is_needed(code: str) -> None:
    assert find_news(f'import tensorflow.compat.v1 as tf\n{code}') is None


@pytest.mark.parametrize('code', ['sess.run([train_op, loss])\n', 'sess.run(global_step)\n'])
def test_no_look_is_needed(code: str) -> None:
    assert find_news(f'import tensorflow.compat.v1 as tf\n{code}') == []
