"""Estimators whose model_fn stays: which files change together, and what becomes of them."""

from __future__ import annotations

import ast
from pathlib import Path

import pytest

from rewriters import Confidence, Options, rewrite
from rewriters.kept_estimators.names import MODULES, NAMES, SUPPORT_MODULE
from tests.rewriters.estimator_files import EXPORT, MODEL, alone, rewritten, uses_of

SUPPORT = Path(__file__).parents[2] / 'rewriters' / 'support' / f'{SUPPORT_MODULE}.py'
EXPORTED = """\
import tensorflow as tf

from model import model_fn
import estimator_module


def receiver_fn():
    x = {'x': tf.compat.v1.placeholder(tf.float32, [None])}
    return estimator_module.ServingInputReceiver(x, x)


est = estimator_module.Estimator(model_fn, 'ckpt')
est.export_saved_model('export', receiver_fn)
"""
TRAIN = """\
import tensorflow as tf
from export import est

make_input = tf.estimator.inputs.numpy_input_fn
spec = tf.estimator.TrainSpec(make_input(x, y, shuffle=True))
tf.estimator.train_and_evaluate(est, spec, evaluation)
"""
TRAINED = """\
import tensorflow as tf
from export import est
import estimator_inputs_module
import estimator_training_module

make_input = estimator_inputs_module.numpy_input_fn
spec = estimator_training_module.TrainSpec(make_input(x, y, shuffle=True))
estimator_training_module.train_and_evaluate(est, spec, evaluation)
"""


@pytest.mark.parametrize('module', MODULES)
def test_the_support_modules_have_every_name(module: str) -> None:
    tree = ast.parse(SUPPORT.with_stem(module).read_text())
    there = {node.name for node in tree.body if isinstance(node, ast.ClassDef | ast.FunctionDef)}
    there |= {ast.unparse(node.targets[0]) for node in tree.body if isinstance(node, ast.Assign)}
    assert there >= NAMES[module]


def test_only_the_modules_that_are_used_are_placed() -> None:
    results = rewritten({'export.py': EXPORT, 'model.py': MODEL, 'train.py': TRAIN})
    assert results['export.py'].support_modules == ('estimator_module', 'session_module')
    assert results['train.py'].support_modules == (
        'estimator_inputs_module',
        'estimator_module',
        'estimator_training_module',
        'session_module',
    )
    assert results['train.py'].source.decode() == TRAINED


def test_all_files_of_an_estimator_change() -> None:
    results = rewritten({'export.py': EXPORT, 'model.py': MODEL})
    assert results['export.py'].source.decode() == EXPORTED
    assert b'estimator_module.EstimatorSpec(' in results['model.py'].source
    assert b'tf.estimator' not in results['model.py'].source
    assert results['export.py'].support_modules == ('estimator_module', 'session_module')
    (finding,) = results['export.py'].findings
    assert (finding.code, finding.confidence) == ('EST102', Confidence.REVIEW)
    assert 'because the model_fn `model_fn` is no plain function' in finding.message
    assert results['export.py'].exports[0].writer == 'session'


def test_a_second_rewrite_changes_and_finds_nothing() -> None:
    once = rewritten({'export.py': EXPORT, 'model.py': MODEL})
    files = {path: result.source.decode() for path, result in once.items()}
    support = {f'{module}.py': SUPPORT.with_stem(module).read_text() for module in MODULES}
    again = rewritten({**files, **support})
    assert all(again[path].source.decode() == text for path, text in files.items())
    assert not [finding for path in files for finding in again[path].findings]
    assert not [export for result in again.values() for export in result.exports]


def test_files_are_linked_through_others() -> None:
    files = {
        'app/export.py': EXPORT.replace('from model import', 'from app.models import'),
        'app/models/__init__.py': 'from .model import model_fn\n',
        'app/models/model.py': MODEL,
        'other/model.py': MODEL,
    }
    assert set(uses_of(files)) == {'app/export.py', 'app/models/model.py'}


def test_the_nearest_module_of_a_name_is_meant() -> None:
    files = {f'{folder}/{name}.py': text for folder in 'ab' for name, text in (('export', EXPORT), ('model', MODEL))}
    files['b/model.py'] = MODEL + 'tf.estimator.DNNClassifier([8], [])\n'
    obstacles = {path: use.obstacle for path, use in uses_of(files).items()}
    assert obstacles['a/export.py'] == obstacles['a/model.py'] == ''
    assert 'DNNClassifier' in obstacles['b/export.py']
    assert obstacles['b/export.py'] == obstacles['b/model.py']


def test_modules_of_python_and_tensorflow_are_not_among_the_files() -> None:
    """`import json` means Python's own, but for a file beside the script; a folder may be called as such a module."""
    hindered = MODEL + '\nfrom tensorflow_estimator.python import x\n'
    elsewhere = {'b/json.py': hindered, 'b/tensorflow.py': hindered, 'a/model.py': MODEL}
    free = uses_of(elsewhere | {'a/export.py': 'import json\n' + EXPORT})
    assert free['a/export.py'].obstacle == ''
    for files, line in (({'a/json.py': hindered}, 'import json'), ({'a/code/x.py': hindered}, 'import code.x')):
        uses = uses_of({'a/model.py': MODEL, 'a/export.py': f'{line}\n{EXPORT}'} | files)
        assert 'tensorflow_estimator' in uses['a/export.py'].obstacle


def test_a_derivation_does_not_take_what_others_import() -> None:
    config = 'import tensorflow as tf\n\n\ndef input_fn():\n    return tf.estimator.ModeKeys.TRAIN\n'
    train = EXPORT.replace('from model import model_fn\n', MODEL.partition('\n')[2])
    use = uses_of({'train.py': train, 'export.py': EXPORT.replace('from model', 'from train'), 'config.py': config})
    assert use['train.py'].is_imported
    assert 'config.py' not in use


def test_an_older_target_has_estimators_itself() -> None:
    uses = uses_of({'export.py': EXPORT, 'model.py': MODEL})
    result = rewrite(EXPORT.encode(), Options(target_version=(2, 15), estimators=uses['export.py']))
    assert b'estimator_module' not in result.source


def test_placeholders_of_receivers_by_an_import_are_in_a_graph() -> None:
    export = EXPORT.replace('tf.estimator.export.Serving', 'Serving').replace(
        'from model', 'from tensorflow.estimator.export import ServingInputReceiver\nfrom model'
    )
    findings = rewritten({'export.py': export, 'model.py': MODEL})['export.py'].findings
    assert [finding.code for finding in findings] == ['EST102']


def test_placeholders_of_receivers_are_in_a_graph() -> None:
    files = {'export.py': EXPORT + 'raw = tf.placeholder(tf.float32, [None])\n', 'model.py': MODEL}
    findings = rewritten(files)['export.py'].findings
    (finding,) = (finding for finding in findings if finding.code == 'NAM301')
    assert finding.place.line == 13


def test_a_package_that_is_passed_through_is_in_nobodys_way() -> None:
    files = {
        'lib/__init__.py': 'from lib import export, other\n',
        'lib/other.py': 'from tensorflow.python.estimator import gc\nfrom lib import export\n\ngc.paths(export)\n',
        'lib/export.py': EXPORT.replace('from model', 'from lib.model'),
        'lib/model.py': MODEL,
        'train.py': 'import tensorflow as tf\nfrom lib import export\n\nexport.est.train(tf.estimator.inputs.x)\n',
    }
    files['train.py'] = files['train.py'].replace('inputs.x', 'inputs.numpy_input_fn(x, shuffle=True)')
    uses = uses_of(files)
    assert [path for path, use in uses.items() if use.obstacle] == ['lib/other.py']
    (finding,) = (f for f in rewritten(files)['lib/other.py'].findings if f.code.startswith('EST'))
    assert (finding.code, finding.confidence, finding.place.line) == ('EST901', Confidence.MANUAL, 1)
    assert 'it imports `tensorflow.python.estimator.gc` (other.py, line 1)' in finding.message


def test_what_a_package_binds_by_the_name_of_a_module_counts() -> None:
    files = {
        'lib/__init__.py': 'from lib.impl import model\n',
        'lib/model.py': 'x = 1\n',
        'lib/impl.py': MODEL.replace('model_fn', 'model'),
        'export.py': EXPORT.replace('from model import model_fn', 'from lib import model').replace(
            '(model_fn', '(model'
        ),
    }
    assert set(uses_of(files)) == {'lib/impl.py', 'export.py'}


@pytest.mark.parametrize(('given', 'is_kept'), [('model_fn', True), ('other.model_fn', False)])
def test_the_model_fn_of_a_partial_is_where_it_comes_from(given: str, is_kept: bool) -> None:
    result = rewritten({'a.py': alone('import functools, other', f'functools.partial({given}, 2)')})['a.py']
    assert (b'estimator_module.Estimator(functools.partial(' in result.source) == is_kept
    said = [f for f in result.findings if 'its model_fn comes from `other`, which is not among the files' in f.message]
    assert bool(said) != is_kept
