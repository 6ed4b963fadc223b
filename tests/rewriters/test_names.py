"""What `rename` does to whole small files, and above all what it leaves alone."""

from __future__ import annotations

import ast

import pytest

from rewriters.findings import Finding
from rewriters.names import apply_edits, rename
from rewriters.symbols import Symbols


def renamed(source: str) -> tuple[str, list[Finding]]:
    edits, findings = rename(source, Symbols.from_tree(ast.parse(source)))
    return apply_edits(source, edits), findings


def check_transformed(before: str, after: str) -> None:
    """The one is turned into the other, that compiles, and a second run changes nothing."""
    result, _ = renamed(before)
    assert result == after
    compile(result, 'after', 'exec')
    assert renamed(result)[0] == result


def check_noop(source: str, *codes: str) -> None:
    """Nothing changes, and exactly these findings come out."""
    result, findings = renamed(source)
    assert result == source
    assert [finding.code for finding in findings] == list(codes)


def codes_of(source: str) -> list[str]:
    return [finding.code for finding in renamed(source)[1]]


TF = 'import tensorflow as tf\n'
KERAS_2 = """\
import os

os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')  # Keras 2; before TensorFlow is imported

"""
V1 = TF + 'tf.placeholder\n'
V1_AFTER = TF + 'tf.compat.v1.placeholder\n'


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        # only compat.v1 has it
        ('tf.placeholder(tf.float32)', 'tf.compat.v1.placeholder(tf.float32)'),
        ('with tf.Session() as s: pass', 'with tf.compat.v1.Session() as s: pass'),
        ('tf.Session.run(s, x)', 'tf.compat.v1.Session.run(s, x)'),
        ('tf.app.flags.DEFINE_string("a", "", "")', 'tf.compat.v1.app.flags.DEFINE_string("a", "", "")'),
        ('FLAGS = tf.flags.FLAGS', 'FLAGS = tf.compat.v1.flags.FLAGS'),
        ('tf.logging.set_verbosity(tf.logging.INFO)', 'tf.compat.v1.logging.set_verbosity(tf.compat.v1.logging.INFO)'),
        ('tf.train.Saver().save(s, p)', 'tf.compat.v1.train.Saver().save(s, p)'),
        ('tf.metrics.accuracy(a, b)', 'tf.compat.v1.metrics.accuracy(a, b)'),
        ('tf.saved_model.simple_save(s, d, i, o)', 'tf.compat.v1.saved_model.simple_save(s, d, i, o)'),
        ('tf.saved_model.builder.SavedModelBuilder(d)', 'tf.compat.v1.saved_model.Builder(d)'),
        (
            'tf.saved_model.signature_def_utils.predict_signature_def(i, o)',
            'tf.compat.v1.saved_model.predict_signature_def(i, o)',
        ),
        ('tf.saved_model.utils.build_tensor_info(x)', 'tf.compat.v1.saved_model.build_tensor_info(x)'),
        ('tf.saved_model.loader.load(s, t, d)', 'tf.compat.v1.saved_model.load(s, t, d)'),
        # the same object under another name
        ('tf.log(x)', 'tf.math.log(x)'),
        ('tf.gfile.GFile(p).read()', 'tf.io.gfile.GFile(p).read()'),
        ('tf.FixedLenFeature([], tf.string)', 'tf.io.FixedLenFeature([], tf.string)'),
        ('tf.random_uniform([2])', 'tf.random.uniform([2])'),
        ('[tf.saved_model.tag_constants.SERVING]', '[tf.saved_model.SERVING]'),
        (
            'tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY',
            'tf.saved_model.DEFAULT_SERVING_SIGNATURE_DEF_KEY',
        ),
        ('tf.contrib.lookup.KeyValueTensorInitializer(k, v)', 'tf.lookup.KeyValueTensorInitializer(k, v)'),
        # another object in TensorFlow 2, and no call that means the same
        ('tf.placeholder; tf.train.Checkpoint(a=a)', 'tf.compat.v1.placeholder; tf.compat.v1.train.Checkpoint(a=a)'),
        ('tf.placeholder; tf.where(c, x, y)', 'tf.compat.v1.placeholder; tf.compat.v1.where(c, x, y)'),
        ('tf.placeholder; f(tf.nn.softmax)', 'tf.compat.v1.placeholder; f(tf.compat.v1.nn.softmax)'),
        ('tf.placeholder; tf.reduce_sum(*a)', 'tf.compat.v1.placeholder; tf.compat.v1.reduce_sum(*a)'),
        ('tf.placeholder; tf.argmax(x, 1, "n")', 'tf.compat.v1.placeholder; tf.compat.v1.argmax(x, 1, "n")'),
        ('tf.placeholder; tf.nn.conv2d(x, filter=k)', 'tf.compat.v1.placeholder; tf.compat.v1.nn.conv2d(x, filter=k)'),
        (
            'tf.placeholder; tf.data.Dataset.range(3)',
            'tf.compat.v1.placeholder; tf.compat.v1.data.Dataset.range(3)',
        ),
        (
            'tf.placeholder; tf.Variable(0, use_resource=True)',
            'tf.compat.v1.placeholder; tf.compat.v1.Variable(0, use_resource=True)',
        ),
        (
            'tf.placeholder; tf.name_scope(None)',
            'tf.compat.v1.placeholder; tf.compat.v1.name_scope(None)',
        ),
        (
            'def f(name=None):\n    with tf.name_scope(name):\n        tf.placeholder()',
            'def f(name=None):\n    with tf.compat.v1.name_scope(name):\n        tf.compat.v1.placeholder()',
        ),
        (
            'tf.placeholder; tf.constant([0], shape=[3])',
            'tf.compat.v1.placeholder; tf.compat.v1.constant([0], shape=[3])',
        ),
        ('tf.placeholder; tf.device(setter)', 'tf.compat.v1.placeholder; tf.compat.v1.device(setter)'),
        # a call that only TensorFlow 1 takes is proof enough
        ('tf.reduce_sum(x, keep_dims=True)', 'tf.compat.v1.reduce_sum(x, keep_dims=True)'),
        ('tf.nn.dropout(x, keep_prob=0.5)', 'tf.compat.v1.nn.dropout(x, keep_prob=0.5)'),
        # a call that means the same gets the TensorFlow 2 name
        ('tf.parse_example(s, f)', 'tf.io.parse_example(s, f)'),
        ('tf.parse_example(s, f, None, n)', 'tf.compat.v1.parse_example(s, f, None, n)'),
        ('tf.string_to_number(s, tf.int32)', 'tf.strings.to_number(s, tf.int32)'),
        ('tf.string_to_number(string_tensor=s)', 'tf.compat.v1.string_to_number(string_tensor=s)'),
        # an alias is renamed where it is made, and what goes through it with it
        (
            'flags = tf.app.flags\nflags.DEFINE_string("a", "", "")',
            'flags = tf.compat.v1.app.flags\nflags.DEFINE_string("a", "", "")',
        ),
        ('nn = tf.nn\nnn.dynamic_rnn(c, x)', 'nn = tf.compat.v1.nn\nnn.dynamic_rnn(c, x)'),
        # in places where positions are easy to get wrong
        ('s = "ü€😀"; tf.log(x)', 's = "ü€😀"; tf.math.log(x)'),
        ('tf.log(tf.log(x)) + tf.log(y)', 'tf.math.log(tf.math.log(x)) + tf.math.log(y)'),
        ('tf . log(x)', 'tf.math.log(x)'),
        ('(tf.\n  log)(x)', '(tf.math.log)(x)'),
        (
            'def f(x=tf.log(1.), *, y: tf.Session = None) -> tf.GraphDef: pass',
            'def f(x=tf.math.log(1.), *, y: tf.compat.v1.Session = None) -> tf.compat.v1.GraphDef: pass',
        ),
        (
            '@tf.RegisterGradient("a")\nclass A(tf.Session): pass',
            '@tf.RegisterGradient("a")\nclass A(tf.compat.v1.Session): pass',
        ),
        (
            '[tf.log(x) for x in tf.trainable_variables()]',
            '[tf.math.log(x) for x in tf.compat.v1.trainable_variables()]',
        ),
        ('lambda x: tf.log(x)', 'lambda x: tf.math.log(x)'),
        ('f"{tf.log(x)}"', 'f"{tf.math.log(x)}"'),
        (
            'f"a {tf.log(tf.log(x)):>{tf.Session}} é" f"{tf.placeholder}"',
            'f"a {tf.math.log(tf.math.log(x)):>{tf.compat.v1.Session}} é" f"{tf.compat.v1.placeholder}"',
        ),
        ('f"""\n  {tf.log(x)}\n\n {tf.Session}"""', 'f"""\n  {tf.math.log(x)}\n\n {tf.compat.v1.Session}"""'),
    ],
)
def test_renames(before: str, after: str) -> None:
    check_transformed(TF + before + '\n', TF + after + '\n')


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        ('from tensorflow import Session\nSession()\n', 'from tensorflow.compat.v1 import Session\nSession()\n'),
        ('from tensorflow import gfile\ngfile.GFile(p)\n', 'from tensorflow.compat.v1 import gfile\ngfile.GFile(p)\n'),
        (
            'from tensorflow import log as ln, exp\n',
            'from tensorflow.math import log as ln\nfrom tensorflow import exp\n',
        ),
        (
            'if x:\n\tfrom tensorflow import (Session,\n\t\tlog)\n',
            'if x:\n\tfrom tensorflow.compat.v1 import Session\n\tfrom tensorflow.math import log\n',
        ),
        ('from tensorflow import flags, app\n', 'from tensorflow.compat.v1 import flags, app\n'),
        ('from tensorflow.app import flags\n', 'from tensorflow.compat.v1 import flags\n'),
        ('from tensorflow.python_io import TFRecordWriter as W\n', 'from tensorflow.io import TFRecordWriter as W\n'),
        ('from tensorflow.saved_model.tag_constants import SERVING\n', 'from tensorflow.saved_model import SERVING\n'),
        (
            'from tensorflow.saved_model import tag_constants\n',
            'from tensorflow.compat.v1.saved_model import tag_constants\n',
        ),
        (
            'import tensorflow.logging as log\nlog.info("")\n',
            'import tensorflow.compat.v1.logging as log\nlog.info("")\n',
        ),
        ('import tensorflow as tf, os\ntf.log(x)\n', 'import tensorflow as tf, os\ntf.math.log(x)\n'),
        ('import tensorflow\ntensorflow.log(x)\n', 'import tensorflow\ntensorflow.math.log(x)\n'),
        ('import tensorflow as T\nx = T.log(x)\n', 'import tensorflow as T\nx = T.math.log(x)\n'),
        (
            'def f():\n    import tensorflow as tf\n    tf.log(x)\n',
            'def f():\n    import tensorflow as tf\n    tf.math.log(x)\n',
        ),
        (
            'import tensorflow as tf\nfrom tensorflow import errors\nnn = tf.nn\ntf.log(nn.l2_loss(x))\n',
            'import tensorflow as tf\nfrom tensorflow.compat.v1 import errors\nnn = tf.compat.v1.nn\n'
            'tf.math.log(nn.l2_loss(x))\n',
        ),
    ],
)
def test_imports(before: str, after: str) -> None:
    check_transformed(before, after)


@pytest.mark.parametrize(
    'source',
    [
        '',
        'import numpy as tf\ntf.log(x)\n',
        'import tf\ntf.log(x)\n',
        'from my import tensorflow as tf\ntf.nn.relu(x)\n',
        'from .tensorflow import log\nlog(x)\n',
        TF + 'tf.nn.relu(tf.matmul(a, b))\n',
        TF + 'def f(tf):\n    return tf.log(x)\n',
        TF + 'g = lambda tf: tf.log(x)\n',
        TF + '[tf.log(x) for tf in mine]\n',
        TF + 'class A:\n    def f(self):\n        tf = self.tf\n        return tf.Session()\n',
        TF + 'self.tf.Session()\n',
        'try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = 3\ntf.nn.relu(x)\n',
        TF + 'x.tf.log(y)\n',
        TF + '"tf.Session()"\n',
        TF + "'''\n>>> tf.log(x)\n'''\n",
        TF + '# tf.Session()\n',
        TF + 'x = 1  # tf.log\n',
        TF + 'f"tf.Session {x}"\n',
        TF + 'tf.not_there_at_all(x)\n',
        TF + 'tf.__version__\n',
        TF + 'tf._private.log(x)\n',
        TF + 'my_tf.log(x)\n',
        # TensorFlow 2 code
        TF + 'tf.compat.v1.placeholder(tf.float32)\n',
        TF + 'tf.compat.v2.Variable(1)\n',
        TF + 'tf.saved_model.load(path)\n',
        TF + 'tf.image.resize(x, [2, 2])\n',
        TF + 'tf.losses.MeanSquaredError()\n',
        TF + 'tf.random.uniform([2])\ntf.metrics.Mean()\n',
        TF + 'tf.where(c, x, y)\ntf.while_loop(c, b, [x])\n',
        TF + 'tf.data.Dataset.range(3)\ntf.lookup.StaticHashTable(i, 0)\n',
        TF + 'tf.keras.layers.Dense(3)\n',
        TF + 'from tensorflow import keras\nkeras.layers.LSTM(3)\n',
        TF + 'from tensorflow.keras import layers\n',
        TF + 'from tensorflow import data, io\n',
        TF + 'tf.compat.v1.disable_eager_execution()\ntf.reduce_sum(x, 1)\ntf.nn.dropout(x, rate=0.5)\n',
        # names mean compat.v1 already
        'import tensorflow.compat.v1 as tf\ntf.placeholder(tf.float32)\ntf.reduce_sum(x, keep_dims=True)\n',
        'from tensorflow.compat import v1 as tf\ntf.Session()\n',
        'from tensorflow.compat.v1 import Session, placeholder\nSession()\n',
        'import tensorflow as tf\ntf = tf.compat.v1\ntf.Session()\n',
        'import tensorflow.compat.v1 as tf\nfrom tensorflow.compat.v1 import gfile\ngfile.GFile(p)\n',
        # TensorFlow's own source that is still there
        'from tensorflow.python.saved_model import signature_constants as s, tag_constants\ns.PREDICT_INPUTS\n',
        'from tensorflow.python.saved_model.signature_def_utils_impl import predict_signature_def\n',
        'from tensorflow.python.framework import graph_util\ngraph_util.extract_sub_graph(g, n)\n',
        'from tensorflow.core.framework import graph_pb2\ngraph_pb2.GraphDef()\n',
        'import tensorflow.python.ops.math_ops as m\nm.add(1, 2)\n',
    ],
)
def test_leaves_alone(source: str) -> None:
    check_noop(source)


@pytest.mark.parametrize(
    'kept',
    [
        'tf.Variable(1.0, name="a")',
        'tf.Variable(tf.zeros([2]), False, dtype=tf.float32)',
        'isinstance(x, tf.Variable)',
        'isinstance(x, (tf.Tensor, tf.Variable))',
        'isinstance(d, tf.data.Dataset)',
        'tf.reduce_mean(x, axis=1)',
        'tf.reduce_sum(x, 1, True)',
        'tf.argmax(x, 1)',
        'tf.nn.softmax(x)',
        'tf.nn.softmax(x, name="y")',
        'tf.nn.conv2d(x, w, [1, 1, 1, 1], "SAME")',
        'tf.nn.sparse_softmax_cross_entropy_with_logits(labels=y, logits=x)',
        'tf.expand_dims(x, 0)',
        'tf.constant(0.1, shape=[3])',
        'tf.device("/cpu:0")',
        'tf.name_scope("a")',
        'tf.name_scope("a" + b)',
        'tf.name_scope(f"a{b}")',
        'tf.name_scope(self.name)',
        'tf.io.parse_example(s, f)',
        'tf.nn.dropout(x, rate=0.1)',
        'tf.where(c)',
        'tf.nn.top_k(x, 5)',
        'tf.train.Example(features=f)',
        'tf.saved_model.load("path", options=o)',  # no call of TensorFlow 1
    ],
)
def test_calls_that_mean_the_same_stay(kept: str) -> None:
    check_transformed(f'{V1}{kept}\n', f'{V1_AFTER}{kept}\n')


@pytest.mark.parametrize('newline', ['\n', '\r\n', '\r'])
@pytest.mark.parametrize('end', ['', '\n', '\n\n  # end', '\n\f\n'])
def test_keeps_every_other_character(newline: str, end: str) -> None:
    before = 'import tensorflow as tf\n\n\n\nif x:\n\ty = tf.log(x)   \n\ts = "ü\x0c"; z = tf.Session' + end
    after = before.replace('tf.log', 'tf.math.log').replace('tf.Session', 'tf.compat.v1.Session')
    check_transformed(before.replace('\n', newline), after.replace('\n', newline))


@pytest.mark.parametrize(
    ('source', 'code'),
    [
        (TF + 'tf.contrib.layers.fully_connected(x, 3)\n', 'NAM201'),
        (TF + 'tf.contrib.never_heard_of(x, 3)\n', 'NAM201'),
        (TF + 'tf.contrib.lookup.index_to_string_table_from_tensor(t)\n', 'NAM201'),
        (TF + 'tf.estimator.Estimator(f)\n', 'NAM201'),
        ('import tensorflow.compat.v1 as tf\ntf.estimator.Estimator(f)\n', 'NAM201'),
        ('import tensorflow.compat.v1 as tf\ntf.contrib.slim.conv2d(x)\n', 'NAM201'),
        ('import tensorflow.contrib.slim as slim\nslim.conv2d(x)\n', 'NAM201'),
        ('from tensorflow.contrib import slim\nslim.conv2d(x)\nslim.fully_connected(x)\n', 'NAM201'),
        ('from tensorflow.contrib.layers import *\n', 'NAM201'),
        (TF + 'slim = tf.contrib.slim\nslim.conv2d(x)\n', 'NAM201'),
        ('from tensorflow import *\nSession()\n', 'NAM202'),
        ('from tensorflow import (  # names\n    Session,\n    log)\n', 'NAM202'),
        ('from tensorflow import Session; from tensorflow import log, exp\n', 'NAM202'),
        (TF + 'f"tf.log {tf.log(x)}"\n', 'NAM202'),
        (TF + 'f"{tf.log=}"\n', 'NAM202'),
        ('try:\n    import tensorflow as tf\nexcept ImportError:\n    tf = 3\ntf.Session()\ntf.log(x)\n', 'NAM202'),
        (TF + '(tf.saved_model).simple_save(s)\n', 'NAM202'),
        (TF + 'tf.compat.v1.Session()\ntf.nn.dropout(x, 0.5)\n', 'NAM203'),
        (TF + 'tf.compat.v1.Session()\ntf.nn.in_top_k(a, b, 3)\n', 'NAM203'),
        ('from tensorflow.python.estimator import estimator\n', 'NAM204'),
        ('from tensorflow.python.framework.graph_util import convert_variables_to_constants\n', 'NAM204'),
        (
            'from tensorflow.python.framework import graph_util\ngraph_util.convert_variables_to_constants(s)\n',
            'NAM204',
        ),
        ('from tensorflow.examples.tutorials.mnist import input_data\n', 'NAM204'),
        ('import tensorflow.python.never.there as x\n', 'NAM204'),
        (TF + 'tf.python.ops.math_ops.add(1, 2)\n', 'NAM204'),
        ('import tensorflow.compat.v1 as tf\ntf.keras.layers.LSTM(3)\ntf.keras.layers.GRU(3)\n', 'NAM102'),
    ],
)
def test_reports(source: str, code: str) -> None:
    result, findings = renamed(source)
    assert code in [finding.code for finding in findings]
    if code != 'NAM202':
        assert [finding.code for finding in findings] == [code]
        assert result == source


@pytest.mark.parametrize(
    ('source', 'advice'),
    [
        ('from tensorflow.examples.tutorials.mnist import input_data\n', 'tf.keras.datasets.mnist.load_data()'),
        ('import tensorflow.examples.tutorials.mnist.input_data as d\n', 'tf.keras.datasets.mnist.load_data()'),
        ('from tensorflow.python.estimator import estimator\n', 'Derive a tf.Module from the model_fn'),
        ('from tensorflow.python.ops.control_flow_ops import cond\n', 'Its public name is `tf.compat.v1.cond`.'),
        ('from tensorflow.python.ops import control_flow_ops as c\nc.Assert(a, b)\n', 'public name is `tf.Assert`.'),
        (
            'from tensorflow.python.framework.graph_util import convert_variables_to_constants\n',
            'Its public name is `tf.compat.v1.graph_util.convert_variables_to_constants`.',
        ),
        (
            'from tensorflow.python.framework import graph_util\ngraph_util.convert_variables_to_constants(s)\n',
            'Its public name is `tf.compat.v1.graph_util.convert_variables_to_constants`.',
        ),
        ('from tensorflow.python.keras.utils import to_categorical\n', 'is `tf.keras.utils.to_categorical`. That is'),
        ('from tensorflow.python.keras.layers.noise import GaussianNoise\n', '`tf.keras.layers.GaussianNoise`.'),
        ('import tensorflow.python.never.there as x\n', 'Use a public symbol instead.'),
    ],
)
def test_what_is_gone_from_the_source_has_a_way_out(source: str, advice: str) -> None:
    _, (finding,) = renamed(source)
    assert finding.code == 'NAM204'
    assert advice in finding.advice


def test_contrib_of_compat_v1() -> None:
    check_transformed(
        KERAS_2 + 'import tensorflow.compat.v1 as tf\ntf.contrib.rnn.LSTMCell(3)\n',
        KERAS_2 + 'import tensorflow.compat.v1 as tf\ntf.nn.rnn_cell.LSTMCell(3)\n',
    )
    check_transformed(TF + 'tf.compat.v1.contrib.util.make_ndarray(x)\n', TF + 'tf.make_ndarray(x)\n')
    check_noop('import tensorflow.compat.v1 as tf\ntf.contrib.util.make_ndarray(x)\n', 'NAM202')


def test_keras_2_symbols_are_renamed_and_reported() -> None:
    check_transformed(TF + 'tf.layers.dense(x, 3)\n', KERAS_2 + TF + 'tf.compat.v1.layers.dense(x, 3)\n')
    check_transformed(TF + 'tf.contrib.rnn.LSTMCell(3)\n', KERAS_2 + TF + 'tf.compat.v1.nn.rnn_cell.LSTMCell(3)\n')
    assert codes_of(TF + 'tf.layers.dense(x, 3)\n') == ['NAM101']
    assert codes_of(TF + 'K = tf.keras.backend\nK.get_session()\n') == ['NAM102', 'NAM101']


def test_no_keras_findings_where_keras_2_is_asked_for() -> None:
    assert codes_of('import os\nos.environ["TF_USE_LEGACY_KERAS"] = "1"\n' + TF + 'tf.layers.dense(x, 3)\n') == []


def test_keras_of_a_tensorflow_1_file_is_the_old_one() -> None:
    check_transformed(
        'from tensorflow.keras import backend as K\nfrom tensorflow.keras import layers\n'
        'K.get_session()\nlayers.LSTM(3)\n',
        KERAS_2 + 'from tensorflow.compat.v1.keras import backend as K\nfrom tensorflow.compat.v1.keras import layers\n'
        'K.get_session()\nlayers.LSTM(3)\n',
    )


def test_findings_tell_where_and_what_to_do() -> None:
    _, findings = renamed(TF + 's = "ü"; tf.contrib.layers.optimize_loss()\n')
    assert len(findings) == 1
    place = findings[0].place
    assert (place.line, place.column, place.end_line, place.end_column) == (2, 10, 2, 41)
    assert 'tf.contrib.layers.optimize_loss' in findings[0].message
    assert 'compute_gradients' in findings[0].advice


def test_edits_refuse_to_overlap() -> None:
    from rewriters.names import Edit

    assert apply_edits('abc', [Edit(2, 3, 'z'), Edit(0, 1, 'x')]) == 'xbz'
    with pytest.raises(ValueError, match='overlap'):
        apply_edits('abc', [Edit(0, 2, ''), Edit(1, 3, '')])


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        # Estimators and Keras 2 are there
        (TF + 'tf.estimator.Estimator(f)\n', TF + 'tf.estimator.Estimator(f)\n'),
        (TF + 'tf.estimator.inputs.numpy_input_fn(x)\n', TF + 'tf.compat.v1.estimator.inputs.numpy_input_fn(x)\n'),
        (
            TF + 'tf.estimator.Estimator(f)\ntf.estimator.tpu.RunConfig()\n',
            TF + 'tf.compat.v1.estimator.Estimator(f)\ntf.compat.v1.estimator.tpu.RunConfig()\n',
        ),
        (V1 + 'tf.estimator.Estimator(f)\n', V1_AFTER + 'tf.compat.v1.estimator.Estimator(f)\n'),
        (
            'from tensorflow import estimator\nfrom tensorflow import Session\n',
            'from tensorflow.compat.v1 import estimator\nfrom tensorflow.compat.v1 import Session\n',
        ),
        (TF + 'tf.layers.dense(x, 3)\n', TF + 'tf.compat.v1.layers.dense(x, 3)\n'),
        (V1 + 'tf.keras.layers.Dense(3)\n', V1_AFTER + 'tf.keras.layers.Dense(3)\n'),
        ('import tensorflow.compat.v1 as tf\ntf.estimator.Estimator(f)\n',) * 2,
        ('from tensorflow.compat.v1 import estimator\nestimator.Estimator(f)\n',) * 2,
    ],
)
def test_for_2_15(before: str, after: str) -> None:
    for version in ((2, 8), (2, 15)):
        edits, findings = rename(before, Symbols.from_tree(ast.parse(before)), version)
        assert apply_edits(before, edits) == after
        assert not findings
    assert renamed(before)[1] or 'Dense' in before or before == after


def test_contrib_is_gone_for_every_version() -> None:
    source = TF + 'tf.contrib.learn.Estimator(f)\n'
    _, findings = rename(source, Symbols.from_tree(ast.parse(source)), (2, 8))
    assert [finding.code for finding in findings] == ['NAM201']
