"""What needs no look: the quick answer is the slow one's, and only where the slow one has nothing to say."""

from __future__ import annotations

import pytest

from rewriters import SourceError, one_file, rewrite
from rewriters.quiet import is_quiet

V1 = 'import tensorflow.compat.v1 as tf\n'


@pytest.mark.parametrize(
    'source',
    [
        V1 + 'x = tf.nn.relu(tf.log(y))\n',
        V1 + 'def f(activation=tf.nn.relu):\n    return tf . float32\n',
        '# talks of tensorflow\n' + V1 + 'tf.disable_v2_behavior()\n',
        'try:\n  import tensorflow.compat.v1 as tf  # pylint: disable=all\nexcept ImportError:\n  pass\n',
        '"""tensorflow, told."""\nx = 1\n',
        '# pylint: disable=g-direct-tensorflow-import\n' + V1 + 'tf.nn.relu(x)\n',
        V1 + 'from tensorflow.python.framework import function\n@function.Defun()\ndef f(): pass\n',
        V1 + 'from tensorflow.python.util import nest as n  # of lists\nn.map_structure(tf.nn.relu, x)\n',
        V1 + '# a tf graph\ndef f(x):\n    "The function that tf has: no tf at all."\n    return tf.nn.relu(x)\n',
        V1 + 'import tensorflow_datasets as tfds\nfrom mesh_tensorflow import layers\ntf.nn.relu(x)\n',
    ],
)
def test_nothing_to_say(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert is_quiet(source)
    monkeypatch.setattr(one_file, 'is_quiet', lambda text: False)
    result = rewrite(source.encode())
    assert (result.findings, result.exports, result.source) == ((), (), source.encode())


@pytest.mark.parametrize(
    'source',
    [
        'import tensorflow as tf\ntf.log(x)\n',
        'import tensorflow\n',
        'import os, tensorflow\n',
        'from tensorflow import log\n',
        'from tensorflow_estimator import estimator\n',
        'from tensorflow_core import log\n',
        'import os, \\\n    tensorflow as tf\n',
        V1 + 'tf.layers.dense(x, 3)\n',
        V1 + 'tf.estimator.Estimator(f)\n',
        V1 + 'tf.contrib.layers.flatten(x)\n',
        V1 + 'tf.keras.backend.clear_session()\n',
        V1 + 'tf.Session()\n',
        V1 + 'from tensorflow import estimator\n',
        "import importlib\ntf = importlib.import_module(\n    'tensorflow')\ntf.layers.dense(x, 3)\n",
        'from tensorflow.python.framework import gone\ngone.f()\n',
        'from tensorflow.python.framework import ops\nops.RegisterShape("A")(f)\n',
        'from tensorflow.python.util import nest\nf(nest)\n',
        'from tensorflow.python.saved_model import loader\nloader.load(s, [], d)\n',
        'from tensorflow.python.ops.array_ops import placeholder\nplaceholder(d)\n',
        V1 + 'f("tensorflow.contrib.layers")\n',
        V1 + 'f = tf if x else np\n',
        V1 + 'match x:\n    case 1:\n        f(not tf)\n',
        V1 + 'f = [t for t in tf]\n',
        V1 + 'f = 0or tf\n',
        # what is reached through a name that is not followed here
        V1 + 'f = tf\nf.contrib.layers.flatten(x)\n',
        V1 + 'nn = tf.nn\nnn.rnn_cell.LSTMCell(3)\n',
        V1 + 'tf.\\\n    contrib.layers.flatten(x)\n',
        V1 + '(tf.nn  # cells\n    .rnn_cell.LSTMCell(3))\n',
        V1 + '(tf\n    .layers.dense(x, 3))\n',
        # what readers look for
        V1 + 'tf.saved_model.simple_save(s, d, i, o)\n',
        V1 + 'b = tf.saved_model.builder\nb.SavedModelBuilder(d)\n',
        V1 + 'e.export_saved_model(d, f)\n',
        V1 + 'n = x.shape[1].value\n',
        V1 + 'tf.train.import_meta_graph(p)\n',
        V1 + 's.run("y:0")\n',
    ],
)
def test_a_look_is_needed(source: str) -> None:
    assert not is_quiet(source)


@pytest.mark.parametrize('code', ['x = tf.nn.relu(y\n', 'print tf.nn.relu(y)\n', 'if x:\n\ty\n        z\n'])
def test_what_does_not_parse_says_so(code: str) -> None:
    assert is_quiet(V1 + code)
    with pytest.raises(SourceError):
        rewrite((V1 + code).encode())


def test_what_only_the_compiler_refuses_is_left_to_it() -> None:
    source = (V1 + 'return tf.nn.relu(y)\nnonlocal x\n').encode()
    assert rewrite(source).source == source
