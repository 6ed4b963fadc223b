"""Keras by its own name is Keras 3 where TensorFlow 2.16 or later is: code written for Keras 2 is told of it."""

from __future__ import annotations

import subprocess
import sys
from importlib.util import find_spec

import pytest

from rewriters import Confidence, Options, rewrite
from rewriters.names.standalone_keras import BACKEND_OF_KERAS_3

V1 = 'import tensorflow as tf\ntf.logging.info(1)\n'
COMPAT = 'import tensorflow.compat.v1 as tf\ntf.logging.info(1)\n'
EXPORT = """\
import tensorflow as tf
from keras import backend as K
from keras.models import load_model

model = load_model('model.h5')
tf.saved_model.simple_save(K.get_session(), 'export', {'x': model.input}, {'y': model.output})
"""


@pytest.mark.parametrize(
    ('source', 'line', 'said'),
    [
        (V1 + 'from keras import backend as K\nK.set_learning_phase(0)\nK.mean(x)\n', 4, '`keras.backend.set_learn'),
        (V1 + 'import keras\nkeras.backend.get_session()\n', 4, '`keras.backend.get_session` is not in it'),
        (V1 + 'import keras.backend as K\nK.image_dim_ordering()\n', 4, '`keras.backend.image_dim_ordering`'),
        (V1 + 'from keras.backend import set_session\nset_session(s)\n', 3, '`keras.backend.set_session`'),
        (V1 + 'from keras.backend.tensorflow_backend import set_session\n', 3, '`keras.backend.tensorflow_backend.'),
        (COMPAT + 'from keras import backend as K\nK.set_session(s)\n', 4, '`keras.backend.set_session`'),
        ('import tensorflow as tf\nfrom keras import backend as K\nK.set_session(s)\n', 3, '`keras.backend.set_sess'),
    ],
)
def test_what_is_gone_is_told_at_its_first_use(source: str, line: int, said: str) -> None:
    result = rewrite(source.encode())
    (finding,) = (finding for finding in result.findings if finding.code == 'NAM103')
    assert (finding.confidence, finding.place.line) == (Confidence.MANUAL, line)
    assert said in finding.message
    assert '`import tf_keras as keras`' in finding.advice
    assert ('tf.compat.v1.keras.backend' in finding.advice) is ('_session' in source)


@pytest.mark.parametrize('used', ['import keras\n', 'from keras import backend as K\nK.clear_session()\n'])
def test_other_code_is_told_where_it_imports_keras(used: str) -> None:
    (finding,) = rewrite((V1 + used).encode()).findings
    assert (finding.code, finding.confidence, finding.place.line) == ('NAM103', Confidence.REVIEW, 3)


@pytest.mark.parametrize(
    'source',
    [
        'import tensorflow as tf\nimport keras\nkeras.backend.mean(x)\n',  # nothing says that this is old
        V1 + 'from .keras import backend as K\nK.get_session()\n',
        V1 + 'import keras_tuner\n',
        V1 + 'import tf_keras as keras\nkeras.backend.learning_phase()\n',
        COMPAT + 'import keras\nkeras.backend.epsilon()\n',
    ],
)
def test_leaves_alone(source: str) -> None:
    assert 'NAM103' not in [finding.code for finding in rewrite(source.encode()).findings]


def test_an_older_tensorflow_has_keras_2_beside_it() -> None:
    result = rewrite((V1 + 'import keras\nkeras.backend.mean(x)\n').encode(), Options(target_version=(2, 15)))
    assert not result.findings


def test_an_export_of_its_session_is_not_called_equivalent() -> None:
    once = rewrite(EXPORT.encode())
    (export,) = (finding for finding in once.findings if finding.code == 'EXP103')
    assert export.confidence is Confidence.REVIEW
    assert 'the export needs Keras 2' in export.advice
    assert 'NAM103' in [finding.code for finding in rewrite(once.source).findings]


@pytest.mark.skipif(find_spec('keras') is None or find_spec('tensorflow') is None, reason='needs Keras 3')
def test_the_backend_of_keras_3_has_just_these() -> None:
    code = "import keras; print(keras.__version__, *(name for name in dir(keras.backend) if name[0] != '_'))"
    process = subprocess.run([sys.executable, '-c', code], capture_output=True, text=True, timeout=120, check=True)
    version, *names = process.stdout.split()
    assert not version.startswith('3') or set(names) == BACKEND_OF_KERAS_3
