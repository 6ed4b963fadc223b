"""Where the switch to Keras 2 is put, and where not."""

from __future__ import annotations

import ast
import subprocess
import sys

import pytest

from rewriters.findings import Confidence, Finding
from rewriters.names import apply_edits, rename
from rewriters.symbols import Symbols

SET = "os.environ.setdefault('TF_USE_LEGACY_KERAS', '1')"
LINE = SET + '  # Keras 2; before TensorFlow is imported\n'
USE = 'import tensorflow.compat.v1 as tf\ntf.layers.dense(x, 3)\n'


def renamed(source: str) -> tuple[str, list[Finding]]:
    edits, findings = rename(source, Symbols.from_tree(ast.parse(source)))
    return apply_edits(source, edits), findings


@pytest.mark.parametrize(
    ('before', 'after'),
    [
        ('', 'import os\n\n' + LINE + '\n'),
        ('#!/usr/bin/env python\n# © us\n\n', '#!/usr/bin/env python\n# © us\n\nimport os\n\n' + LINE + '\n'),
        ('"""Doc."""\n', '"""Doc."""\n\nimport os\n\n' + LINE + '\n'),
        (
            '"""Doc."""\nfrom __future__ import division\n\n',
            '"""Doc."""\nfrom __future__ import division\n\nimport os\n\n' + LINE + '\n',
        ),
        ('import os\nimport sys  # for argv\n\n', 'import os\nimport sys  # for argv\n\n' + LINE + '\n'),
        ('import os.path as path\nimport json\n', 'import os.path as path\nimport json\nimport os\n\n' + LINE + '\n'),
        ('import os.path\n', 'import os.path\n\n' + LINE + '\n'),
        ('from os import environ\n', 'from os import environ\nimport os\n\n' + LINE + '\n'),
        ('import sys\nimport net\nimport os\n', 'import sys\nimport os\n\n' + LINE + '\nimport net\nimport os\n'),
        ('import sys\n# nets\nimport net\n', 'import sys\nimport os\n\n' + LINE + '# nets\nimport net\n'),
        ('import sys; ', f'import sys; import os; {SET}; '),
        ('import os; ', f'import os; {SET}; '),
        ('from os import (\n  path,\n)\n', 'from os import (\n  path,\n)\nimport os\n\n' + LINE + '\n'),
        ('from . import json\n', 'import os\n\n' + LINE + '\nfrom . import json\n'),
        ('@f\ndef g(): pass\n', 'import os\n\n' + LINE + '\n@f\ndef g(): pass\n'),
        ('import sys\r\n', ('import sys\nimport os\n\n' + LINE + '\n').replace('\n', '\r\n')),
    ],
)
def test_where_it_stands(before: str, after: str) -> None:
    source = before + (USE.replace('\n', '\r\n') if '\r' in before else USE)
    result, (finding,) = renamed(source)
    assert result == after + source[len(before) :]
    assert (finding.code, finding.confidence) == ('NAM101', Confidence.REVIEW)
    assert 'the file gets a line that asks for it' in finding.message
    assert 'tf_keras' in finding.advice
    compile(result, 'after', 'exec')
    assert renamed(result) == (result, [])


@pytest.mark.parametrize(
    'source',
    [
        'import os\nos.environ["TF_USE_LEGACY_KERAS"] = "0"\n' + USE,
        'import tensorflow.compat.v1 as tf\ntf.keras.Sequential()\n',
        'import tensorflow.compat.v1 as tf\ntf.nn.relu(x)\n',
    ],
)
def test_where_none_is_needed(source: str) -> None:
    assert renamed(source)[0] == source


def test_where_os_is_something_else() -> None:
    source = 'from paths import os\n' + USE
    result, (finding,) = renamed(source)
    assert result == source
    assert 'the file now asks for' not in finding.message


def test_one_finding_counts_the_uses() -> None:
    _, (finding,) = renamed(USE + 'tf.layers.flatten(x)\n')
    assert '(as does another use)' in finding.message
    _, (finding,) = renamed(USE + 'tf.layers.flatten(x)\n' * 2)
    assert '(as do 2 more uses in this file)' in finding.message
    assert finding.place.line == 2


def test_what_is_switched_runs() -> None:
    """With tf_keras installed, what raised before works."""
    pytest.importorskip('tf_keras')
    source = (
        'import tensorflow.compat.v1 as tf\n'
        'with tf.Graph().as_default():\n'
        '    print(tf.layers.dense(tf.ones([2, 3]), 4))\n'
    )
    result = subprocess.run([sys.executable, '-c', renamed(source)[0]], capture_output=True, text=True)
    assert 'shape=(2, 4)' in result.stdout, result.stderr
