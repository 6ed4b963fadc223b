"""Where a source needs a look, told by its text: what is left out changes nothing of what the full path says."""

from __future__ import annotations

import pytest

from rewriters import Options, SourceError, one_file, rewrite
from rewriters.news import find_news
from rewriters.options import EstimatorUse
from rewriters.outcome import Rewrite

V1 = 'import tensorflow.compat.v1 as tf\n'
IN_DOCSTRING = V1 + 'def f():\n    """Like\n\n    import tensorflow.compat.v1 as tf\n    """\n'


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
        # a word of a sentence, however it ends
        V1 + 'x = 1  # as in tf\ny = "with tf, or not"\n',
        'from tensorflow.python.framework import function\n# Returns a function.\n@function.Defun()\ndef f(): pass\n',
        IN_DOCSTRING + '    return tf.nn.relu(x)\n',
        V1 + "x = 'it\\'s of tf'\ny = r'\\''\n" + '"""\n# tf " \\""" of tf"""\n',
        'from tensorflow.compat.v1.io import gfile\nopener = gfile\ngfile.GFile(p)\n',
        # what is asked for a value, and is no size of a shape
        V1 + 'shape = e.int64_list.value\nq.get_shape().merge_with(k)\nq.shape[:-1].is_compatible_with(k.shape[1 :])\n',
        # what looks like the name of a tensor, and is not run; what is saved, and is no model
        V1 + 'with tf.device("/gpu:0"):\n    image.save(buffer)\n',
    ],
)
def test_nothing_to_say(source: str, monkeypatch: pytest.MonkeyPatch) -> None:
    assert find_news(source) == []
    result = _in_full(source, monkeypatch)
    assert (result.findings, result.exports, result.source) == ((), (), source.encode())


def _in_full(source: str, monkeypatch: pytest.MonkeyPatch, options: Options | None = None) -> Rewrite:
    monkeypatch.setattr(one_file, 'find_news', lambda text: None)
    return rewrite(source.encode(), options)


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
        V1 + 'from tensorflow.compat.v1 import Session as S\ndef f():\n    return S()\n',
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
        V1 + 's . eval("y:0")\n',
        V1 + 'model.save(path, save_format="tf")\n',
        V1 + 'n = (x.shape[1]).value\n',
        V1 + 'n = [size.value for size in x.shape]\n',
        V1 + '# The sizes of the shape.\nsize.value\n',
        V1 + 'n = x.shape[i := 0].value\n',
        V1 + 'n = x.shape[sizes[1:]].value\n',
        # what stands beside prose, or looks like it
        V1 + 'f("tf", tf)  # of tf\n',
        V1 + '# uses tf\nf(tf)\n',
        V1 + '# goes by tf. tf is short\nf(tf)\n',
        V1 + 'f(x  # of tf\n  .y, tf)\n',
        V1 + 'f(f"{tf}")\n',
        V1 + "f(rF'''{x} {tf}''')\n",
        V1 + "x = f'{'a'}' # ' tf '\nf(tf)\n",
        V1 + 'def f(x: "tf"): pass\n',
        IN_DOCSTRING + '    return tf\n',
        V1 + "x = '\\\\'; f(tf)\n",
        V1 + '"""a " b"""; f(tf); """c"""\n',
    ],
)
def test_a_look_is_needed(source: str) -> None:
    assert find_news(source) != []


@pytest.mark.parametrize(
    ('code', 'lines'),
    [
        ('def f():\n    return tf.nn.relu(x)\ndef g():\n    return tf.layers.flatten(x)\n', [1, 5]),
        ('x = tf.layers.flatten(y)\nz = tf.layers.flatten(x)\n', [1, 2, 3]),
        ('def f():\n    global g\n    from a import b\ntf.layers.flatten(x)\n', [1, 3, 4, 5]),
        ('from tensorflow.compat.v1 import estimator as e\ndef f(mode=e.ModeKeys.TRAIN):\n    pass\n', [1, 2, 3]),
        ('def f():\n    return tf.nn.relu(x)\ndef g():\n    return tf.placeholder(d)\n', [1, 5]),
        ('def f():\n    return [tf.image, tf.nn\n            .rnn_cell, tf]\n', [1, 3, 4]),
    ],
)
def test_the_lines_that_need_a_look(code: str, lines: list[int]) -> None:
    assert find_news(V1 + code) == lines


FLATTEN = 'def f(x):\n    return tf.layers.flatten(x)\n'


@pytest.mark.parametrize(
    'code',
    [
        'def g(x):\n    return tf.nn.relu(x)\n\n\n' + FLATTEN,
        # the name of a function that is left out, and what is below it
        'def tf():\n    pass\n\n\n' + FLATTEN,
        'class A:\n    def tf(self):\n        pass\n\n    def g(self, x):\n        return tf.layers.flatten(x)\n',
        # what a function that is left out does to others
        'def g():\n    global layers\n    layers = tf.layers\n\n\ndef f(x):\n    return layers.flatten(x)\n' + FLATTEN,
        'def g():\n    global os\n    os = x\n\n\n' + FLATTEN,
        'def g():\n    from tensorflow.compat.v1 import layers as tf\n\n\n' + FLATTEN,
        # what gets another name on the way
        'layers = tf.layers\n\n\ndef f(x):\n    return layers.flatten(x)\n',
        'L = tf.nn\n\n\ndef g(x):\n    return L.relu(x)\n\n\n' + FLATTEN,
        'def f(l=tf.layers):\n    def g():\n        return l.flatten(x)\n',
        # decorators, defaults, annotations and nested functions
        '@tf.layers.flatten\ndef f():\n    pass\n',
        'def f(\n    x=tf.layers.flatten,\n) -> None:\n    pass\n',
        'def f(x: "tf.layers.Layer"):\n    pass\n',
        'def f():\n    def g():\n        return tf.layers.flatten(x)\n\n    def h():\n        return tf.nn.relu(x)\n',
        'async def f():\n    return tf.layers.flatten(x)\n',
        'f = lambda x: tf.layers.flatten(x)\n',
        # graphs, and what opens or switches them
        'def f():\n    with g.as_default():\n        return tf.placeholder(d)\n\n\ndef h(x):\n    tf.nn.relu(x)\n',
        'def f():\n    return tf.placeholder(d)\n\n\ndef main():\n    tf.disable_v2_behavior()\n',
        'def f():\n    return tf.placeholder(d)\n\n\ndef main():\n    tf.wrap_function(f, [])\n',
        'S = tf.Session\n\n\ndef f():\n    return S()\n',
        'def main():\n    x = tf.placeholder(d)\n    tf.Session().run(x)\n\n\nif __name__ == "__main__":\n    main()\n',
        # Estimators
        'from tensorflow.compat.v1 import estimator as e\n\n\ndef f():\n    return e.ModeKeys.TRAIN\n',
        'from tensorflow.compat.v1 import estimator as e\n\n\nclass E(e.Estimator):\n    def f(self):\n        pass\n',
        'def f():\n    return tf.estimator.RunConfig(protocol=x)\n\n\ndef g():\n    return tf.nn.relu(x)\n',
        'def f():\n    return tf.estimator.DNNClassifier(x, y)\n\n\ndef g():\n    return tf.nn.relu(x)\n',
    ],
)
@pytest.mark.parametrize(
    'estimators',
    [
        None,
        EstimatorUse(),
        EstimatorUse(obstacle='it uses `x` (a.py, line 3)'),
        EstimatorUse(canned='estimator.DNNClassifier', is_exported=True),
    ],
    ids=['alone', 'kept', 'obstacle', 'canned'],
)
def test_what_is_left_out_changes_nothing(
    code: str, estimators: EstimatorUse | None, monkeypatch: pytest.MonkeyPatch
) -> None:
    source = V1 + code
    assert find_news(source)
    options = Options('a.py', estimators=estimators)
    result = rewrite(source.encode(), options)
    assert result == _in_full(source, monkeypatch, options)


@pytest.mark.parametrize('code', ['x = tf.nn.relu(y\n', 'print tf.nn.relu(y)\n', 'if x:\n\ty\n        z\n'])
def test_what_does_not_parse_says_so(code: str) -> None:
    assert find_news(V1 + code) == []
    with pytest.raises(SourceError):
        rewrite((V1 + code).encode())


def test_what_only_the_compiler_refuses_is_left_to_it() -> None:
    source = (V1 + 'return tf.nn.relu(y)\nnonlocal x\n').encode()
    assert rewrite(source).source == source
