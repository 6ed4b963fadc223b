"""Where a module asks which TensorFlow runs."""

import pytest

from rewriters.symbols import read_symbols
from rewriters.versions import version_decides

_IMPORT = 'import tensorflow as tf\nfrom tensorflow import VERSION as version\n'


@pytest.mark.parametrize(
    'line',
    [
        'if tf.__version__ < "2": pass',
        'OLD = tf.VERSION.startswith("1")',
        'while version: pass',
        'print(1 if tf.version.VERSION else 2)',
        'assert tf.compat.v1.VERSION',
        'f(tf.__version__.split(".")[0] == "1")',
        'class A:\n    x = lambda: tf.__version__',
        'if a: pass\nelif tf.__version__ > "1": pass',
        'print(f"{tf.__version__ < x}")',
    ],
)
def test_what_decides_by_it_is_found(line):
    source = _IMPORT + line + '\nif version: pass\n'
    assert version_decides(source, read_symbols(source), None) == 3 + line.count('\n')


@pytest.mark.parametrize(
    'line',
    [
        'print(tf.__version__)',
        'if a: print(tf.VERSION)',
        'def f(x=tf.__version__): return version',
        'with f(tf.__version__): pass',
        'x: str = tf.VERSION',
        'if tf.executing_eagerly(): pass',
        'import other\nif other.__version__: pass',
        'def f(version):\n    if version: pass',
    ],
)
def test_what_only_names_it_decides_nothing(line):
    source = _IMPORT + line + '\n'
    assert version_decides(source, read_symbols(source), None) is None
