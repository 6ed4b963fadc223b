"""Support modules that git does not track: a commit of what was rewritten would import what is not in it."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path

import pytest

from tests.migrate.command import run

SESSION = """\
import tensorflow as tf
class Model:
    def save(self):
        x, y = self.x, self.y
        tf.saved_model.simple_save(self.sess, 'export', {'x': x}, {'y': y})
"""
FIX_HOOK = ('rewrite', '--allow-dirty', '--force-exclude', 'serving/x.py')


def git(*arguments: str) -> None:
    settings = ('-c', 'user.name=x', '-c', 'user.email=x@example.org')
    subprocess.run(['git', *settings, *arguments], check=True, capture_output=True)


@pytest.fixture(autouse=True)
def project(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / 'serving').mkdir()
    (tmp_path / 'serving/x.py').write_text(SESSION)
    git('init', '-q')
    git('add', '.')
    git('commit', '-qm', 'x')
    return tmp_path


def test_what_was_added_is_to_be_added_to_git() -> None:
    result = run('rewrite')
    added = 'added serving/session_module.py, which it needs: `git add serving/session_module.py`'
    assert (result.exit_code, result.stdout.splitlines()[1]) == (0, added)


def test_without_git_there_is_nothing_to_add(project: Path) -> None:
    (project / '.git').rename(project / 'no-git')
    assert run('rewrite').stdout.splitlines()[1] == 'added serving/session_module.py, which it needs'
    assert run('rewrite', '--check').exit_code == 0


@pytest.mark.parametrize('arguments', [('rewrite', '--check'), FIX_HOOK])
def test_hooks_fail_until_it_is_added(arguments: tuple[str, ...]) -> None:
    run('rewrite')
    git('add', '-u')
    result = run(*arguments)
    assert result.exit_code == 3
    assert 'serving/x.py: imports session_module.py, which git does not track' in result.stderr
    assert '`git add serving/session_module.py`' in result.stderr
    assert result.stdout.endswith('; 1 file failed\n')
    git('add', 'serving/session_module.py')
    assert run(*arguments).exit_code == 0


def test_a_place_of_the_settings(project: Path) -> None:
    (project / 'common').mkdir()
    (project / 'common/__init__.py').touch()
    settings = '[tool.savedmodel-migrate]\nsession-module = "common/session_module.py"\n'
    (project / 'pyproject.toml').write_text(settings)
    run('rewrite', '--allow-dirty')
    git('add', '-u')
    assert '`git add common/session_module.py`' in run('rewrite', '--check').stderr


def test_notebooks_import_it_too(project: Path) -> None:
    cell = {'cell_type': 'code', 'execution_count': None, 'metadata': {}, 'outputs': [], 'source': [SESSION]}
    notebook = {'cells': [cell], 'metadata': {}, 'nbformat': 4, 'nbformat_minor': 5}
    (project / 'x.ipynb').write_text(json.dumps(notebook))
    git('add', 'x.ipynb')
    run('rewrite', 'x.ipynb', '--allow-dirty')
    assert (project / 'session_module.py').exists()
    assert '`git add session_module.py`' in run('rewrite', '--check', 'x.ipynb').stderr


def test_what_git_does_not_track_itself_may_import_it(project: Path) -> None:
    run('rewrite')
    git('rm', '-q', '--cached', 'serving/x.py')
    assert run('rewrite', '--check').exit_code == 0


def test_another_module_of_that_name_is_none_of_ours(project: Path) -> None:
    (project / 'serving/x.py').write_text('import session_module\nimport tensorflow as tf\n')
    (project / 'serving/session_module.py').write_text('def save():\n    pass\n')
    assert run('rewrite', '--check').exit_code == 0


@pytest.mark.parametrize('source', ['# import session_module\n', 'x = "session_module"\n'])
def test_a_mention_is_no_import(source: str, project: Path) -> None:
    run('rewrite')
    (project / 'serving/x.py').write_text(f'import tensorflow as tf\n{source}')
    assert run('rewrite', '--check').exit_code == 0
