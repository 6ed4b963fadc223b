"""The setting `session-module`: where the session module is put, and by what name code imports it."""

import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from migrate.cli import commands
from migrate.codemod import process
from migrate.support_files import check_support_files, place_support_files, session_module_name, source_of
from migrate.writing import write_all

SESSION = b"""\
import tensorflow as tf


class Model:
    def save(self):
        x, y = self.x, self.y
        tf.saved_model.simple_save(self.sess, 'export', {'x': x}, {'y': y})
"""


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for package in ('serving', 'serving/tools', 'training'):
        (tmp_path / package).mkdir()
        (tmp_path / package / '__init__.py').touch()
    (tmp_path / 'training/model.py').write_bytes(SESSION)
    return tmp_path


def place(project: Path, setting: str) -> None:
    (project / 'pyproject.toml').write_text(f'[tool.savedmodel-migrate]\nsession-module = "{setting}"\n')


def rewritten(project: Path) -> tuple[str, set[str]]:
    """The import of the session module in the rewritten file, and where the module stands."""
    (outcome,) = [outcome for outcome in write_all(process([project])) if outcome.changed]
    assert not outcome.report.error
    text = (project / 'training/model.py').read_text()
    assert 'session_module.simple_save(self.sess' in text
    (line,) = [line for line in text.splitlines() if 'import' in line and 'session_module' in line]
    return line, {path.relative_to(project).as_posix() for path in project.rglob('session_module.py')}


def test_without_a_setting_it_stands_beside_the_package(project: Path) -> None:
    assert rewritten(project) == ('import session_module', {'session_module.py'})


@pytest.mark.parametrize(
    ('setting', 'line'),
    [
        ('serving/session_module.py', 'from serving import session_module'),
        ('serving/tools/session_module.py', 'from serving.tools import session_module'),
        ('session_module.py', 'import session_module'),
        ('lib/session_module.py', 'import session_module'),
    ],
)
def test_the_setting_says_where_and_code_imports_it_from_there(project: Path, setting: str, line: str) -> None:
    place(project, setting)
    assert rewritten(project) == (line, {setting})
    assert (project / setting).read_bytes() == source_of('session_module')
    assert not [outcome for outcome in write_all(process([project])) if outcome.changed]


def test_packages_below_a_source_folder(project: Path) -> None:
    (project / 'src/serving').mkdir(parents=True)
    (project / 'src/serving/__init__.py').touch()
    place(project, 'src/serving/session_module.py')
    assert rewritten(project)[0] == 'from serving import session_module'


def test_the_project_itself_may_lie_in_a_package(project: Path) -> None:
    (project / '__init__.py').touch()
    place(project, 'serving/session_module.py')
    assert session_module_name(project / 'training') == 'serving.session_module'


def test_a_file_that_is_there_is_not_replaced(project: Path) -> None:
    place(project, 'serving/session_module.py')
    (project / 'serving/session_module.py').write_text('ours = 1\n')
    (outcome,) = [outcome for outcome in write_all(process([project])) if outcome.report.error]
    assert 'serving/session_module.py, which is another file' in str(outcome.report.error)
    assert (project / 'training/model.py').read_bytes() == SESSION


@pytest.mark.parametrize('is_folder', [False, True])
@pytest.mark.parametrize('setting', ['', 'serving/session_module.py'])
def test_a_check_knows_what_would_be_in_the_way(project: Path, setting: str, is_folder: bool) -> None:
    if setting:
        place(project, setting)
    other = project / (setting or 'session_module.py')
    other.mkdir() if is_folder else other.write_text('ours = 1\n')
    for arguments in (['--check'], ['--diff']):
        result = CliRunner().invoke(commands, ['rewrite', *arguments, str(project)])
        assert result.exit_code == 3
        assert f'would not be rewritten: it needs {other.resolve()}, which is another file' in result.stderr
    assert CliRunner().invoke(commands, ['rewrite', '--allow-dirty', str(project)]).exit_code == 3
    assert (project / 'training/model.py').read_bytes() == SESSION


def test_a_check_minds_no_session_module_that_is_ours(project: Path) -> None:
    (project / 'session_module.py').write_bytes(source_of('session_module'))
    result = CliRunner().invoke(commands, ['rewrite', '--check', str(project)])
    assert (result.exit_code, result.stderr) == (1, '')


@pytest.mark.parametrize(
    ('setting', 'line'),
    [
        ('serving/session_module.py', 'from serving import session_module '),
        ('lib/session_module.py', 'import session_module '),
    ],
)
def test_another_support_module_imports_it_from_there(project: Path, setting: str, line: str) -> None:
    place(project, setting)
    file = project / 'training/model.py'
    placed = {path.relative_to(project).as_posix() for path in place_support_files(file, ('session_module',))}
    assert placed == {setting}
    modules = ('estimator_module', 'session_module')
    placed = {path.relative_to(project).as_posix() for path in place_support_files(file, modules)}
    assert placed == {'estimator_module.py'}
    (found,) = (
        each for each in (project / 'estimator_module.py').open() if 'import' in each and 'session_module' in each
    )
    assert found.startswith(line)
    check_support_files(file, modules)


def test_what_is_imported_is_there(project: Path) -> None:
    """Without TensorFlow: a stand-in for the session module is enough to see that Python finds it."""
    place(project, 'serving/tools/session_module.py')
    line, _ = rewritten(project)
    (project / 'serving/tools/session_module.py').write_text('')
    subprocess.run([sys.executable, '-c', line], cwd=project, check=True)


def test_an_import_that_is_there_is_used(project: Path) -> None:
    place(project, 'serving/session_module.py')
    line, _ = rewritten(project)
    file = project / 'training/model.py'
    more = b'\n\ndef more(sess, x, y):\n    tf.saved_model.simple_save(sess, "more", {"x": x}, {"y": y})\n'
    file.write_bytes(file.read_bytes() + more)
    assert rewritten(project)[0] == line
    assert file.read_text().count('session_module.simple_save(') == 2


def test_a_name_that_means_something_else_is_left_to_it(project: Path) -> None:
    place(project, 'serving/session_module.py')
    (project / 'training/model.py').write_bytes(SESSION + b'\n\nsession_module = None\n')
    (outcome,) = [outcome for outcome in write_all(process([project])) if outcome.changed]
    assert b'from serving import session_module as tf1_session_module\n' in outcome.after
    assert b'tf1_session_module.simple_save(self.sess' in outcome.after
