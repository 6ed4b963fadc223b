"""The commands `prove` and `report`, without running any model."""

import json
import shutil
import sys
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from migrate.prove import exports
from migrate.prove import project as proving
from migrate.prove.interpreters import Interpreter
from migrate.verify.results import (
    Verdict,
    Verification,
)
from tests.migrate.command import run
from tests.migrate.faked import verification

SAMPLE = Path(__file__).parents[2] / 'sample_projects' / 'add_two_builder'
EXPORT = """
import pathlib
folder = pathlib.Path('model')
folder.mkdir()
(folder / 'saved_model.pb').write_text('a model')
"""
MakeProject = Callable[..., Path]


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, and no settings from outside."""
    monkeypatch.chdir(tmp_path)
    for variable in ('SAVEDMODEL_MIGRATE_OLD_PYTHON', 'SAVEDMODEL_MIGRATE_DEBUG'):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


@pytest.fixture
def make_project(folder: Path) -> MakeProject:
    """Makes a project whose export needs no TensorFlow, with a committed old export."""

    def make(name: str, export: str = EXPORT) -> Path:
        project = folder / name
        (project / 'old' / 'model').mkdir(parents=True)
        (project / 'old' / 'model' / 'saved_model.pb').write_text('a model')
        (project / 'export.py').write_text(export)
        (project / 'pyproject.toml').write_text(
            '[tool.savedmodel-migrate.prove]\nrun = ["python export.py"]\nmodels = ["model"]\nold-exports = "old"\n'
        )
        return project

    return make


@pytest.fixture
def verdicts(monkeypatch: pytest.MonkeyPatch) -> dict[str, Verdict]:
    """Takes every interpreter for one with TensorFlow, and finds what is in the result, by the project's name."""
    found: dict[str, Verdict] = {}

    def verify(old: Path, new: Path, **_: object) -> Verification:
        verdict = next((verdict for name, verdict in found.items() if f'{name}-' in str(new)), Verdict.IDENTICAL)
        return verification(old, new, verdict)

    monkeypatch.setattr(proving, 'verify', verify)
    monkeypatch.setattr(exports, 'find_interpreter', lambda path: Interpreter(path, '2.21.0', '3.11.7'))
    return found


def prove(*arguments: str | Path) -> Result:
    # In this process: others would know nothing of what stands in for TensorFlow.
    return run('prove', *arguments, '--jobs', '1', '--new-python', sys.executable)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob('*') if path.is_file()}


class TestProve:
    def test_a_line_for_each_signature(self, make_project: MakeProject, verdicts: dict[str, Verdict]) -> None:
        before = contents(make_project('one'))
        make_project('second')
        verdicts['second'] = Verdict.DIFFERENT
        result = prove('one', 'second')
        lines = result.stdout.splitlines()
        assert result.exit_code == 1
        assert lines[0] == 'one     model  serving_default  identical     0.5 of 2'
        assert lines[1] == 'second  model  serving_default  different     0.5 of 2'
        assert lines[-2:] == ['    different: they are different', '2 projects: 1 identical, 1 different']
        assert 'one: exporting with TensorFlow 2.21.0' in result.stderr
        assert contents(Path('one')) == before

    @pytest.mark.usefixtures('verdicts')
    def test_an_export_that_fails(self, make_project: MakeProject) -> None:
        before = contents(make_project('bad', 'raise SystemExit("no luck")'))
        make_project('good')
        result = prove('bad', 'good')
        lines = result.stdout.splitlines()
        assert result.exit_code == 3
        assert lines[1] == '    the new export failed: `python export.py` ended with status 1'
        assert '    | no luck' in lines
        assert lines[-2].startswith('good  model  serving_default  identical')
        assert lines[-1] == '2 projects: 1 identical, 1 error'
        assert contents(Path('bad')) == before

    @pytest.mark.usefixtures('verdicts')
    def test_a_source_that_cannot_be_rewritten_is_said(self, make_project: MakeProject) -> None:
        project = make_project('one')
        (project / 'python2.py').write_text('import tensorflow as tf\nprint "x"\n')
        assert '    not rewritten: python2.py: is Python 2 source' in prove('one').stdout

    def test_what_nobody_expected_does_not_stop_the_others(
        self, make_project: MakeProject, verdicts: dict[str, Verdict], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def fails(project: Path) -> str:
            raise PermissionError(13, 'Permission denied', str(project / 'a.py'))

        make_project('one')
        monkeypatch.setattr(proving, 'sources_digest', fails)
        result = prove('one')
        assert result.exit_code == 3
        assert 'Permission denied' in result.stdout

    def test_an_interrupt_says_how_far_it_came(
        self, make_project: MakeProject, verdicts: dict[str, Verdict], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        def interrupted(project: Path) -> str:
            raise KeyboardInterrupt

        make_project('one')
        monkeypatch.setattr(proving, 'sources_digest', interrupted)
        result = prove('one')
        said = 'Interrupted: 0 of 1 project done; no project was changed.'
        assert (result.exit_code, result.stderr.splitlines()[-1]) == (130, said)

    def test_json(self, make_project: MakeProject, verdicts: dict[str, Verdict]) -> None:
        make_project('one')
        verdicts['one'] = Verdict.INCONCLUSIVE
        result = prove('one', '--format', 'json')
        assert result.exit_code == 4
        assert json.loads(result.stdout)['proofs'][0]['verdict'] == 'inconclusive'

    def test_a_folder_without_settings(self, folder: Path, make_project: MakeProject) -> None:
        make_project('good')
        (folder / 'bare').mkdir()
        result = prove('good', 'bare')
        assert (result.exit_code, result.stdout) == (2, '')
        assert 'bare has no settings for a proof. Write into bare/pyproject.toml' in result.stderr
        assert '[tool.savedmodel-migrate.prove]\nrun = ["python export.py"]' in result.stderr
        assert not Path('.savedmodel-migrate').exists()

    def test_a_missing_interpreter(self, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
        make_project('one')
        for result in (prove('one', '--old-python', 'nowhere'), run('prove', 'one', '--new-python', 'nowhere')):
            assert (result.exit_code, result.stdout) == (2, '')
            assert 'there is no Python interpreter nowhere' in result.stderr
        monkeypatch.setenv('SAVEDMODEL_MIGRATE_OLD_PYTHON', 'nowhere')
        assert prove('one').exit_code == 2

    @pytest.mark.usefixtures('verdicts')
    def test_an_empty_variable_is_none(self, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch) -> None:
        make_project('one')
        monkeypatch.setenv('SAVEDMODEL_MIGRATE_OLD_PYTHON', '')
        assert prove('one').exit_code == 0


class TestReport:
    @pytest.mark.usefixtures('verdicts')
    def test_projects_with_their_proofs(self, make_project: MakeProject) -> None:
        project = make_project('projects/one', (SAMPLE / 'export.py').read_text())
        make_project('projects/one/nested')
        make_project('projects/other')
        prove('projects/one/nested', 'projects/other', '--work-dir', 'work')
        (project / 'nested' / 'export.py').write_text('x = 1\n')
        result = run('report', 'projects', '--work-dir', 'work', '--format', 'json', '--output', '-')
        assert result.exit_code == 0
        found = {report['path']: report for report in json.loads(result.stdout)['projects']}
        assert list(found) == ['projects/one', 'projects/one/nested', 'projects/other']
        assert [file['path'] for file in found['projects/one']['files']] == ['export.py']
        assert found['projects/one']['files'][0]['exports'][0]['writer'] == 'tf.function'
        assert found['projects/one']['proof'] is None
        assert found['projects/one/nested']['proof_is_stale']
        assert found['projects/other']['proof']['verdict'] == 'identical'
        assert not found['projects/other']['proof_is_stale']

    def test_a_proof_that_was_made_inside_of_the_project(
        self, make_project: MakeProject, verdicts: dict[str, Verdict], monkeypatch: pytest.MonkeyPatch
    ) -> None:
        """The newest counts, wherever it was made."""
        project = make_project('projects/one')

        def reported() -> list[str]:
            result = run('report', 'projects', '--format', 'json', '--output', '-')
            return [report['proof'] and report['proof']['verdict'] for report in json.loads(result.stdout)['projects']]

        prove('projects/one')
        assert reported() == ['identical']
        verdicts['one'] = Verdict.DIFFERENT
        with monkeypatch.context() as inside:
            inside.chdir(project)
            prove('.')
        assert reported() == ['different']

    def test_the_work_folder_is_no_project(self, make_project: MakeProject) -> None:
        make_project('work/one-00000000/new')
        shutil.copytree(SAMPLE, 'sample')
        result = run('report', '--work-dir', 'work', '--format', 'json', '--output', '-')
        assert [report['path'] for report in json.loads(result.stdout)['projects']] == ['sample']

    def test_files_beside_the_projects_are_shown_if_there_is_something_to_say(self, make_project: MakeProject) -> None:
        make_project('one')
        Path('a.py').write_text('x = 1\n')
        arguments = ('report', '--format', 'json', '--output', '-')
        assert [p['path'] for p in json.loads(run(*arguments).stdout)['projects']] == ['one']
        Path('a.py').write_text('import tensorflow as tf\ntf.contrib.layers\n')
        projects = json.loads(run(*arguments).stdout)['projects']
        assert [p['path'] for p in projects] == ['one', '.']
        assert [file['path'] for file in projects[1]['files']] == ['a.py']

    @pytest.mark.parametrize(
        ('arguments', 'name', 'start'),
        [
            ([], 'savedmodel-migrate-report.html', '<!doctype html>'),
            (['--format', 'markdown'], 'savedmodel-migrate-report.md', '## SavedModel migration report'),
            (['--output', 'out/r.json'], 'out/r.json', '{'),
            (['-o', 'r.MD'], 'r.MD', '## SavedModel migration report'),
            (['-o', 'r.txt', '--format', 'html'], 'r.txt', '<!doctype html>'),
        ],
    )
    def test_formats(self, arguments: list[str], name: str, start: str) -> None:
        result = run('report', SAMPLE, *arguments)
        assert (result.exit_code, result.stdout) == (0, f'{name}\n')
        assert Path(name).read_text().lower().startswith(start.lower())

    def test_a_name_that_tells_no_format(self) -> None:
        result = run('report', SAMPLE, '--output', 'report.txt')
        assert result.exit_code == 2
        assert 'add --format' in result.stderr

    def test_a_file_that_cannot_be_read(self, folder: Path) -> None:
        (folder / 'old.py').write_text('import tensorflow as tf\nprint "x"\n')
        result = run('report')
        assert (result.exit_code, result.stdout) == (3, 'savedmodel-migrate-report.html\n')
        assert result.stderr.startswith('error: old.py: line 2: is Python 2 source')

    def test_one_file(self) -> None:
        result = run('report', SAMPLE / 'export.py', '--format', 'json', '--output', '-')
        assert [file['path'] for file in json.loads(result.stdout)['projects'][0]['files']] == ['export.py']

    def test_settings_that_cannot_be_read(self, folder: Path) -> None:
        (folder / 'pyproject.toml').write_text('[tool.savedmodel-migrate\n')
        result = run('report')
        assert result.exit_code == 2
        assert result.stderr.startswith('error: pyproject.toml: ')
        assert not Path('savedmodel-migrate-report.html').exists()
