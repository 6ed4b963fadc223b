"""TensorFlow's names where no plain import and no dotted name shows them: what is renamed, and what is reported."""

from __future__ import annotations

import pytest

from rewriters import rewrite
from tests.rewriters.test_names import TF, V1, V1_AFTER, check_noop, check_transformed, renamed


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        ("getattr(tf, 'Session')", "getattr(tf.compat.v1, 'Session')"),
        ('getattr(tf, "log")(x)', 'getattr(tf.math, "log")(x)'),
        ("getattr(tf.gfile, 'Open')", "getattr(tf.compat.v1.gfile, 'Open')"),
        ("getattr(tf.saved_model, 'simple_save')", "getattr(tf.compat.v1.saved_model, 'simple_save')"),
        ('getattr(tf.logging, level)', 'getattr(tf.compat.v1.logging, level)'),
        ("a, b = tf, 1\na.log(x)", "a, b = tf, 1\na.math.log(x)"),
        ('a = b = tf\na.log(b.Session)', 'a = b = tf\na.math.log(b.compat.v1.Session)'),
        (
            "def f(x: 'tf.Session') -> 'tf.GraphDef': pass",
            "def f(x: 'tf.compat.v1.Session') -> 'tf.compat.v1.GraphDef': pass",
        ),
        ("x: 'Optional[tf.Session]' = None", "x: 'Optional[tf.compat.v1.Session]' = None"),
        # up to where the name is bound anew it is the old one
        ('tf.flags\ntf = tf.compat.v1\ntf.flags', 'tf.compat.v1.flags\ntf = tf.compat.v1\ntf.flags'),
        (
            "tf.Session\nif tf.__version__ >= '2':\n    tf = tf.compat.v1\ndef f(): tf.Session",
            "tf.compat.v1.Session\nif tf.__version__ >= '2':\n    tf = tf.compat.v1\ndef f(): tf.Session",
        ),
    ],
)
def test_renames(before: str, after: str) -> None:
    check_transformed(f'{TF}{before}\n', f'{TF}{after}\n')


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        (
            "t = importlib.import_module('tensorflow')\nt.log(x)\n",
            "t = importlib.import_module('tensorflow')\nt.math.log(x)\n",
        ),
        (
            "tf = pytest.importorskip('tensorflow')\ntf.Session()\n",
            "tf = pytest.importorskip('tensorflow')\ntf.compat.v1.Session()\n",
        ),
        (
            'from tensorflow.contrib import lookup\n' + TF + 'lookup.KeyValueTensorInitializer(k, v)\n',
            'from tensorflow.contrib import lookup\n' + TF + 'tf.lookup.KeyValueTensorInitializer(k, v)\n',
        ),
    ],
)
def test_follows_names(before: str, after: str) -> None:
    check_transformed(before, after)


@pytest.mark.parametrize(
    'source',
    [
        TF + "getattr(tf, 'nn')\n",
        TF + "getattr(x, 'Session')\n",
        TF + 'getattr(tf.nn, activation)(x)\n',  # nothing says that this is TensorFlow 1 code
        TF + "hasattr(tf, 'Session')\n",
        TF + "def f(x: 'Session of tf'): pass\n",
        TF + "'tf.Session'\n",
        TF + "logging.getLogger('tensorflow').setLevel(3)\n",
        TF + "patch('tensorflow.io.gfile.GFile')\n",
        "import_module('tensorflow.nn')\n",
        'import tensorflow_hub as hub\nhub.Module()\n',
        'import tensorflow_core_of_mine\n',
        'from tensorflow.nn import *\nrelu(x)\n',
        'from tensorflow.train import *\nSaver = 1\nSaver\n',
        # names that other modules hand on
        'from .compat import tf\ntf.nn.relu(x)\n',
        'from .compat import tf\ndef f(tf):\n    tf.log()\n    tf.layers.append(1)\n',
        'tf = Factory()\ntf.log()\ntf.real\n',
        'from .compat import numpy as tf\ntf.log(x)\n',
        'from .compat import *\ntf = 3\ntf.Session()\n',
        'from .compat import session\nsession.tf.Session()\n',
        'import a.tf\ntf.Session()\n',
        'from a import *\n' + TF + 'tf.nn.relu(x)\n',
    ],
)
def test_leaves_alone(source: str) -> None:
    check_noop(source)


@pytest.mark.parametrize(
    ('source', 'code', 'said'),
    [
        (TF + "getattr(tf, 'contrib')\n", 'NAM201', '`tf.contrib`'),
        (TF + "getattr(tf, 'gfile', None)\n", 'NAM202', '`tf.compat.v1.gfile`'),
        (TF + "getattr(tf, 'Ses' 'sion')\n", 'NAM202', '`tf.compat.v1.Session`'),
        ("x = import_module('tensorflow.contrib.slim')\nx.conv2d()\n", 'NAM202', '`tensorflow.contrib.slim`'),
        (TF + "patch('tensorflow.gfile.Open')\n", 'NAM202', '`tensorflow.gfile.Open`'),
        (TF + "def f(x: r'tf.Session'): pass\n", 'NAM202', '`tf.compat.v1.Session`'),
        ('import tensorflow_estimator as e\ne.Estimator()\n', 'NAM204', '`tensorflow_estimator`'),
        ('from tensorflow_core.python.ops import nn\n', 'NAM204', '`tensorflow_core`'),
        ('from tensorflow.python.training import training_ops\n', 'NAM204', 'training_ops'),
        ('from tensorflow.python.ops.resource_variable_ops import _from_proto_fn\n', 'NAM204', '_from_proto_fn'),
        ('from tensorflow.python import keras as k\nk.utils.to_categorical(x)\n', 'NAM204', 'keras.utils.to_categ'),
        ('from tensorflow.train import *\nSaver()\n', 'NAM202', 'such as `Saver`'),
        ('from .compat import tf\ntf.Session()\ntf.log(x)\n', 'NAM205', '`tf.Session` is not in TensorFlow 2 (and'),
        ('from ..compat import tfv1\ntfv1.placeholder(x)\n', 'NAM205', 'not `tf.compat.v1` there'),
        ('from common import *\nflags = tf.app.flags\n', 'NAM205', '`common`'),
        ('from my import tensorflow as tf\ntf.log(x)\n', 'NAM205', '`my`'),
        ('tf = import_tf()\ntf.Session()\n', 'NAM205', 'from `import_tf()`; if it is TensorFlow, `tf.Session`'),
        ('def f():\n    tf = util.import_tf(0)\n    tf.app.run()\n', 'NAM205', '`util.import_tf()`'),
        ('tf1, _, v = try_import_tf()\ntf1.Session()\n', 'NAM205', 'if it is not `tf.compat.v1` there, `tf1.Session`'),
        ('from .compat import tf\ndef f(tf):\n    tf.Session()\n', 'NAM205', 'a caller'),
        ('def f(x, tf):\n    tf.log(x)\n    tf.Session()\n', 'NAM205', 'a caller; if it is TensorFlow, `tf.log` is'),
        (TF + 'g = lambda tf: tf.Session()\n', 'NAM205', '`tf` comes from a caller'),
        ('def f(tf=None):\n    if not tf:\n        import tensorflow as tf\n    tf.Session()\n', 'NAM205', 'a caller'),
        ('from tensorflow import estimator as e\ne.Estimator(f)\ne.RunConfig()\n', 'NAM201', '2 uses of `e`'),
        ('from tensorflow.contrib.predictor import from_saved_model as p\np(d)\n', 'NAM201', 'the use of `p`'),
        ('from tensorflow.contrib import slim\n', 'NAM201', '`tf.contrib.slim` is gone'),
    ],
)
def test_reports(source: str, code: str, said: str) -> None:
    result, findings = renamed(source)
    assert result == source
    assert [finding.code for finding in findings] == [code]
    assert said in findings[0].message


def test_a_computed_name_is_reported_in_a_tensorflow_1_file() -> None:
    result, findings = renamed(V1 + 'getattr(tf, name)(x)\n')
    assert result == V1_AFTER + 'getattr(tf, name)(x)\n'
    assert [finding.code for finding in findings] == ['NAM206']


def test_what_only_tensorflow_2_has_stays_in_a_tensorflow_1_file() -> None:
    check_transformed(V1 + 'tf.data.AUTOTUNE\n', V1_AFTER + 'tf.data.AUTOTUNE\n')


def test_an_import_that_is_used_no_more_can_be_deleted() -> None:
    _, findings = renamed('from tensorflow.contrib import lookup\n' + TF + 'lookup.KeyValueTensorInitializer(k, v)\n')
    assert [finding.code for finding in findings] == ['NAM201']
    assert 'delete the import' in findings[0].advice


def test_the_place_of_a_string_is_its_own() -> None:
    _, findings = renamed(TF + 'ü = "é"; patch("tensorflow.gfile.Open")\n')
    place = findings[0].place
    assert (place.line, place.column, place.end_column) == (2, 17, 38)


@pytest.mark.parametrize(
    ('source', 'code'),
    [
        (b'from .compat import tf\ntf.placeholder(x)\n', 'NAM205'),
        (b'from .compat import (\n    os,\n    tfv1,\n)\ntfv1.placeholder(x)\n', 'NAM205'),
        (b'from afm import *\nflags = tf.app.flags\n', 'NAM205'),
        (b'tf = import_tf()\ntf.placeholder(x)\ntf.Session()\n', 'NAM205'),
        (b'tensorflow = import_tf()\ntensorflow.Session()\n', 'NAM205'),
        (b'tf1, tf, tfv = try_import_tf()\ntf.Session()\n', 'NAM205'),
        (b'def f(\n    x,\n    tf=None,\n):\n    tf.Session()\n', 'NAM205'),
        (b'from tensorflow.python.training import saver as s\ns.import_meta_graph(p)\n', 'LOAD903'),
        (b'from tensorflowonspark import TFNode\nTFNode.export_saved_model(s, d, t, g)\n', 'EXP902'),
        (b'from tensorflowonspark import TFNode as n\ndef f():\n    n.export_saved_model(s, d, t, g)\n', 'EXP902'),
        (b'from tensorflowonspark.TFNode import export_saved_model\nexport_saved_model(s, d, t, g)\n', 'EXP902'),
    ],
)
def test_the_whole_path_reports_it_too(source: bytes, code: str) -> None:
    result = rewrite(source)
    assert result.source == source
    assert code in [finding.code for finding in result.findings]


@pytest.mark.parametrize(
    'source',
    [
        b'import tf\ntf.placeholder(x) print 3\n',
        b'# from compat import *, tells\nx.tf.y()\n',
        b'from tensorflowonspark import TFNode\nTFNode.start_cluster_server(c)\n',
        b'from mine import TFNode\nimport tensorflow\nTFNode.export_saved_model\n',
    ],
)
def test_the_whole_path_says_nothing(source: bytes) -> None:
    assert (rewrite(source).findings, rewrite(source).source) == ((), source)
