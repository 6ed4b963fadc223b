"""scripts/check_names: what it must catch in outputs that are wrong, and that it finds nothing in our own samples."""

from __future__ import annotations

import importlib.util
import shutil
import subprocess
import sys
from importlib.machinery import SourceFileLoader
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
SCRIPT = ROOT / 'scripts' / 'check_names'
TF = 'import tensorflow as tf\n'


@pytest.fixture(scope='module')
def check_names() -> Any:
    loader = SourceFileLoader('check_names', str(SCRIPT))
    spec = importlib.util.spec_from_loader('check_names', loader)
    assert spec is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules['check_names'] = module
    loader.exec_module(module)
    return module


def problems(check_names: Any, after: str, *lines: int, before: str | None = None, code: str = 'NAM201') -> list[str]:
    """What is listed for an output, where findings stand on some lines of what it was made of."""
    findings = [{'code': code, 'message': '', 'place': {'line': line, 'end_line': line}} for line in lines]
    file = check_names.File('a.py', (before or after).encode(), after.encode(), findings)
    return [str(problem) for problem in check_names.Checker().check(file)]


@pytest.mark.parametrize(
    ('code', 'name'),
    [
        (TF + 'tf.Session()\n', 'tensorflow.Session'),
        (TF + 'tf.contrib.layers.flatten(x)\n', 'tensorflow.contrib.layers.flatten'),
        (TF + 'def f(s: tf.Session = tf.log(1)) -> tf.GraphDef: pass\n', 'tensorflow.GraphDef'),
        (TF + "def f(s: 'tf.Session'): pass\n", 'tensorflow.Session'),
        (TF + 'class A(tf.train.SessionRunHook): pass\n', 'tensorflow.train.SessionRunHook'),
        (TF + '@tf.contrib.framework.add_arg_scope\ndef f(): pass\n', 'tensorflow.contrib.framework.add_arg_scope'),
        (TF + 'f"{tf.log(x)}"\n', 'tensorflow.log'),
        (TF + 'x = tf\nx.log(1)\n', 'tensorflow.log'),
        (TF + 'class A:\n    def f(self):\n        self.tf = tf\n        self.tf.log(1)\n', 'tensorflow.log'),
        (TF + 'def f(tf=tf):\n    tf.Session()\n', 'tensorflow.Session'),
        (TF + '(tf or x).Session()\n', 'tensorflow.Session'),
        (TF + "getattr(tf, 'Session')()\n", 'tensorflow.Session'),
        ('def f():\n    from tensorflow import Session\n', 'tensorflow.Session'),
        ('try:\n    import tensorflow.gfile as g\nexcept ImportError:\n    pass\n', 'tensorflow.gfile'),
        ('from tensorflow.contrib import slim as s\n', 'tensorflow.contrib.slim'),
        ('from tensorflow.train import *\nSaver()\n', 'tensorflow.train.Saver'),
        ('from tensorflow.python.framework.graph_util import convert_variables_to_constants\n', 'to_constants'),
        ('from tensorflow_core.python import nn\n', 'tensorflow_core.python.nn'),
        ("x = importlib.import_module('tensorflow')\nx.log(1)\n", 'tensorflow.log'),
        ("patch('tensorflow.gfile.Open')\n", 'tensorflow.gfile.Open'),
        ('import tensorflow.compat.v1 as tf\ntf.estimator.Estimator(f)\n', 'tensorflow.compat.v1.estimator.Estimator'),
        ('import tensorflow.compat.v1 as tf\ntf.layers.dense(x)\n', 'needs Keras 2'),
        ('from .compat import tf\ntf.Session()\n', 'if its first word is TensorFlow'),
        ('from afm import *\ntf.app.flags\n', 'tensorflow.app.flags'),
        (TF + 'tf.log(1)\ntf = tf.compat.v1\n', 'tensorflow.log'),
    ],
)
def test_catches_what_is_neither_renamed_nor_reported(check_names: Any, code: str, name: str) -> None:
    assert any(name in problem for problem in problems(check_names, code))


@pytest.mark.parametrize(
    'code',
    [
        TF + 'tf.compat.v1.Session()\ntf.math.log(x)\ntf.nn.relu(x)\n',
        TF + 'tf = tf.compat.v1\ntf.Session()\n',
        TF + "hasattr(tf, 'Session')\nx.Session()\n",
        'import tensorflow.compat.v1 as tf\ntf.Session()\n',
        "import os\nos.environ['TF_USE_LEGACY_KERAS'] = '1'\nimport tensorflow.compat.v1 as tf\ntf.layers.dense(x)\n",
        'import tensorflow_hub as tf_hub\ntf_hub.Session()\n',
        'from tensorflow.python.framework import graph_util\ngraph_util.extract_sub_graph(g, n)\n',
    ],
)
def test_lists_nothing_where_all_is_there(check_names: Any, code: str) -> None:
    assert problems(check_names, code) == []


def test_a_finding_counts_for_its_line_only(check_names: Any) -> None:
    code = TF + 'tf.contrib.a\ntf.contrib.b\n'
    assert problems(check_names, code, 2, 3) == []
    assert [problem.split(':')[1] for problem in problems(check_names, code, 2)] == ['3']


def test_findings_are_followed_to_where_their_lines_are_now(check_names: Any) -> None:
    before = TF + 'x = 1\ntf.contrib.a\n'
    after = 'import os\n\n' + before
    assert problems(check_names, after, 3, before=before) == []
    assert len(problems(check_names, after, 2, before=before)) == 1


def test_a_finding_at_an_import_counts_for_what_is_gone_with_it(check_names: Any) -> None:
    code = 'from tensorflow.contrib import slim\ns = slim.a\ns.b()\nfrom tensorflow import keras\n'
    assert problems(check_names, code, 1) == []
    code = 'from tensorflow import nn\nnn.rnn_cell.LSTMCell(3)\n'
    assert len(problems(check_names, code, 1)) == 1


@pytest.mark.parametrize(
    ('before', 'after', 'error', 'said'),
    [
        (b'import tensorflow\n', b'import tensorflow (\n', '', 'does not parse any more'),
        (b'import tensorflow\nprint 1\n', b'import tensorflow\nprint 1\n', '', 'nothing was said'),
        (b'import tensorflow\nprint 1\n', b'import tensorflow\nprint(1)\n', 'line 2: is Python 2', 'in spite of'),
        (b'import tensorflow\n', b'import tensorflow\n', 'the rewriter failed (KeyError)', 'KeyError'),
        (b'import tensorflow\nx\0', b'import tensorflow\nx\0', 'null bytes', 'without a line'),
    ],
)
def test_catches_broken_files(check_names: Any, before: bytes, after: bytes, error: str, said: str) -> None:
    found = check_names.Checker().check(check_names.File('a.py', before, after, [], error))
    assert any(said in str(problem) for problem in found)


def test_finds_nothing_in_the_inputs_of_our_own_tests(tmp_path: Path) -> None:
    """Whole, as it is run by hand: it copies, rewrites twice, and walks over what came out."""
    tree = tmp_path / 'tree'
    for folder in ('tests/rewriters/refusals', 'tests/rewriters/load_refusals', 'sample_projects/house_prices'):
        shutil.copytree(ROOT / folder, tree / folder)
    tree.joinpath('old.py').write_bytes(b'import tensorflow as tf\r\nprint "x"\r\n')
    command = [sys.executable, str(SCRIPT), str(tree), '--no-tensorflow']
    done = subprocess.run(command, capture_output=True, text=True)
    assert (done.returncode, done.stderr) == (0, ''), done.stdout
    assert '0 to look at' in done.stdout
    assert '1 unreadable' in done.stdout
    assert tree.joinpath('old.py').read_bytes() == b'import tensorflow as tf\r\nprint "x"\r\n'
