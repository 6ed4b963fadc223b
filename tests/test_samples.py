"""The sample projects after a rewrite: no TensorFlow 1 export is left, and a second rewrite has nothing to do."""

from __future__ import annotations

import ast
import shutil
from pathlib import Path

import pytest

from migrate.codemod import process
from migrate.writing import write_all
from rewriters import Confidence, rewrite

PROJECTS = Path(__file__).parents[1] / 'sample_projects'
# Their model_fns stay, in one file or in several that change together.
KEEP_THEIR_ESTIMATORS = ('ticket_router', 'tide_levels')
SAMPLES = sorted(path for path in PROJECTS.glob('*/*.py') if path.parent.name not in KEEP_THEIR_ESTIMATORS)
EXPORTS = {'SavedModelBuilder', 'Builder', 'estimator', 'contrib'}
GONE = {*EXPORTS, 'simple_save', 'Session', 'placeholder'}
# Their graphs and values are nowhere in the source but in a session that trains, or that something else has filled.
KEEP_THEIR_SESSION = {'house_prices', 'pump_alarm', 'wine_keras', 'city_temperatures', 'click_rates'}


def names_in(tree: ast.AST) -> set[str]:
    names = {node.attr for node in ast.walk(tree) if isinstance(node, ast.Attribute)}
    return names | {node.id for node in ast.walk(tree) if isinstance(node, ast.Name)}


@pytest.mark.parametrize(
    'sample',
    [path for path in SAMPLES if path.parent.name not in KEEP_THEIR_SESSION],
    ids=lambda path: path.parent.name,
)
def test_nothing_of_a_tensorflow_1_export_is_left(sample: Path) -> None:
    result = rewrite(sample.read_bytes())
    assert not names_in(ast.parse(result.source)) & GONE
    assert not result.support_modules


@pytest.mark.parametrize(
    'sample', [path for path in SAMPLES if path.parent.name in KEEP_THEIR_SESSION], ids=lambda path: path.parent.name
)
def test_sessions_that_stay_export_through_the_session_module(sample: Path) -> None:
    result = rewrite(sample.read_bytes())
    tree = ast.parse(result.source)
    assert not names_in(tree) & EXPORTS
    functions = [ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)]
    exports = [name for name in functions if name.endswith(('.save', '.simple_save'))]
    assert len(exports) == 1
    assert exports[0] in ('session_module.save', 'session_module.simple_save')
    assert result.support_modules == ('session_module',)
    # What is left of TensorFlow 1 is called by names that TensorFlow 2 has.
    assert not [finding for finding in result.findings if finding.confidence is Confidence.MANUAL]


def test_all_samples_of_sessions_are_there() -> None:
    assert {path.parent.name for path in SAMPLES} >= KEEP_THEIR_SESSION


@pytest.mark.parametrize('sample', SAMPLES, ids=lambda path: path.parent.name)
def test_a_second_rewrite_changes_nothing(sample: Path) -> None:
    once = rewrite(sample.read_bytes())
    assert once.source != sample.read_bytes()
    assert rewrite(once.source).source == once.source


@pytest.mark.parametrize('sample', SAMPLES, ids=lambda path: path.parent.name)
def test_comments_are_kept(sample: Path) -> None:
    comments = {line.partition('# ')[2] for line in sample.read_text().splitlines() if '# ' in line}
    rewritten = rewrite(sample.read_bytes()).source.decode()
    assert {comment for comment in comments if comment not in rewritten} == set()


@pytest.mark.parametrize('name', KEEP_THEIR_ESTIMATORS)
def test_estimators_that_stay_are_made_by_the_estimator_module(name: str, tmp_path: Path) -> None:
    shutil.copytree(PROJECTS / name, tmp_path / name)
    outcomes = list(write_all(process([tmp_path / name])))
    for outcome in outcomes:
        assert not names_in(ast.parse(outcome.after)) & EXPORTS - {'estimator'}
        assert b'tf.estimator' not in outcome.after
        assert not [finding for finding in outcome.report.findings if finding.confidence is Confidence.MANUAL]
    assert {'estimator_module', 'session_module'} <= {path.stem for path in (tmp_path / name).glob('*.py')}
    again = list(write_all(process([tmp_path / name])))
    assert not [outcome for outcome in again if outcome.changed or outcome.report.exports]
    assert not [outcome for outcome in again if any(f.code != 'NAM101' for f in outcome.report.findings)]
