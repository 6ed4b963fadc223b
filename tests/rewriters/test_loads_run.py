"""Loading code before and after its rewrite, on models that TensorFlow 1.15.5 exported: the same arrays come out."""

from __future__ import annotations

import importlib.util
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from rewriters import rewrite

ROOT = Path(__file__).parents[2]
SAMPLES = ROOT / 'sample_projects'
PAIRS = Path(__file__).parent / 'load_pairs'
PREDICTOR = """
import numpy as np
import tensorflow as tf


def score(export_dir, batches):
    predict = tf.contrib.predictor.from_saved_model(export_dir)
    return np.concatenate([predict({'x': batch})['y'] for batch in batches])
"""
IMPORTS_PREDICTOR = PREDICTOR.replace('import tensorflow as tf', 'from tensorflow.contrib import predictor').replace(
    'tf.contrib.', ''
)
# Both sides run in one TensorFlow 2. What comes before has a session in a graph of its own, which works there too.
DRIVER = """
import json, sys
import numpy as np

request = json.load(open(sys.argv[1]))
sides = {}
for name, source in request['sources'].items():
    sides[name] = {}
    exec(compile(source, name, 'exec'), sides[name])
halves = [
    [np.float64([[0.1], [1e300]]), np.int64([[3]])],
    [[[1], [True]], np.float16([[0.5]]), [['2.5']], np.zeros([0, 1])],
    [np.array([[1.5, 2.5, 3.5]]).T, np.ma.array([[7.0]])],
]
for batches in halves:
    before, *others = (
        sides[name]['score'](request['half_plus_two'], batches)
        for name in ('before', 'after', 'predictor', 'imported_predictor')
    )
    for after in others:
        assert before.dtype == after.dtype == np.float32
        assert before.tobytes() == after.tobytes(), (before, after)
rows = sides['scorer_before']['read_rows'](request['rows'])
rows += [(name.encode(), values) for name, values in rows] + [(np.str_('Pieschen'), np.float16([1, 2]))]
for count in (1, 4, 7, len(rows)):
    before = sides['scorer_before']['score'](request['scorer'], rows[:count])
    after = sides['scorer_after']['score'](request['scorer'], rows[:count])
    for a, b in zip(before, after):
        assert a.dtype == b.dtype and a.shape == b.shape and a.tobytes() == b.tobytes(), (a, b)
for name in ('before', 'after', 'predictor'):
    try:
        sides[name]['score'](request['half_plus_two'], [np.float32([1, 2])])
    except Exception as error:
        print(name, 'refuses a wrong shape:', type(error).__name__)
    else:
        raise AssertionError(name + ' takes a wrong shape')
print('the same')
"""


@pytest.mark.skipif(importlib.util.find_spec('tensorflow') is None, reason='needs TensorFlow 2')
def test_the_same_arrays_come_out(tmp_path: Path) -> None:
    scorer = (SAMPLES / 'batch_scorer' / 'score.py').read_bytes()
    session = (PAIRS / 'session_in_with_before.py').read_bytes()
    sources = {
        'before': in_compat_v1(session),
        'after': rewrite(session).source.decode(),
        'predictor': rewrite(PREDICTOR.encode()).source.decode(),
        'imported_predictor': rewrite(IMPORTS_PREDICTOR.encode()).source.decode(),
        'scorer_before': in_compat_v1(scorer),
        'scorer_after': rewrite(scorer).source.decode(),
    }
    for name in ('after', 'predictor', 'imported_predictor', 'scorer_after'):
        assert 'Session(' not in sources[name]
        assert 'contrib' not in sources[name]
    request = {
        'sources': sources,
        'half_plus_two': str(SAMPLES / 'half_plus_two' / 'exported_by_tf1' / 'half-plus-two' / '1'),
        'scorer': str(SAMPLES / 'batch_scorer' / 'model' / '1'),
        'rows': str(SAMPLES / 'batch_scorer' / 'houses.csv'),
    }
    (tmp_path / 'request.json').write_text(json.dumps(request))
    (tmp_path / 'driver.py').write_text(DRIVER)
    environment = {**os.environ, 'CUDA_VISIBLE_DEVICES': '-1', 'TF_CPP_MIN_LOG_LEVEL': '3'}
    result = subprocess.run(
        [sys.executable, 'driver.py', 'request.json'],
        cwd=tmp_path, env=environment, capture_output=True, text=True, timeout=120,
    )  # fmt: skip
    assert result.returncode == 0, result.stderr[-2000:]
    assert result.stdout.endswith('the same\n')


def in_compat_v1(source: bytes) -> str:
    return source.decode().replace('import tensorflow as tf', 'import tensorflow.compat.v1 as tf')
