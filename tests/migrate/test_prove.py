"""The proof of a project: both exports in copies, every failure named, and the samples proven for real."""

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest

from migrate.config import ConfigError
from migrate.prove import exports, load_proof, prove, work_folder
from migrate.prove import project as proving
from migrate.prove.digest import sources_digest
from migrate.prove.exports import export_old
from migrate.prove.interpreters import Interpreter, InterpreterError, environment, find_interpreter
from migrate.verify.results import Side, Verdict, Verification

SAMPLE_PROJECTS = Path(__file__).parents[2] / 'sample_projects'
OLD_PYTHON = os.environ.get('SAVEDMODEL_MIGRATE_OLD_PYTHON') or None

EXPORT = """
import pathlib, sys
folder = pathlib.Path('model')
folder.mkdir()
(folder / 'saved_model.pb').write_text('a model')
print('exported')
"""

MakeProject = Callable[..., Path]


@pytest.fixture
def make_project(tmp_path: Path) -> MakeProject:
    """Makes a project whose export needs no TensorFlow, with a committed old export."""

    def make(export: str = EXPORT, *, models: str = 'model', run: str = 'python export.py', more: str = '') -> Path:
        project = tmp_path / 'project'
        (project / 'old' / 'model').mkdir(parents=True)
        (project / 'old' / 'model' / 'saved_model.pb').write_text('a model')
        (project / 'export.py').write_text(export)
        (project / 'pyproject.toml').write_text(
            f'[tool.savedmodel-migrate.prove]\nrun = ["{run}"]\nmodels = ["{models}"]\nold-exports = "old"\n{more}'
        )
        return project

    return make


@pytest.fixture
def plain_python(monkeypatch: pytest.MonkeyPatch) -> None:
    """Takes every interpreter for one with TensorFlow 1, and compares models as files."""

    def same_files(old: Path, new: Path, **_: object) -> Verification:
        is_same = (old / 'saved_model.pb').read_text() == (new / 'saved_model.pb').read_text()
        verdict = Verdict.IDENTICAL if is_same else Verdict.DIFFERENT
        return Verification(Side(str(old)), Side(str(new)), verdict, f'they are {verdict.value}')

    def with_tensorflow_1(path: str) -> Interpreter:
        return Interpreter(path, '1.15.5', '3.7.16')

    monkeypatch.setattr(proving, 'verify', same_files)
    monkeypatch.setattr(exports, 'find_interpreter', with_tensorflow_1)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob('*') if path.is_file()}


def commit(project: Path) -> None:
    identity = ('-c', 'user.name=a', '-c', 'user.email=a@b')
    for arguments in (['init', '-q'], ['add', '-A'], [*identity, 'commit', '-qm', 'as it was']):
        subprocess.run(['git', *arguments], cwd=project, check=True)


@pytest.mark.usefixtures('plain_python')
class TestWithoutTensorFlow:
    def test_the_old_side_is_that_of_a_commit(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project(EXPORT.replace('a model', 'the old model'))
        commit(project)
        (project / 'export.py').write_text(EXPORT)
        (project / 'data').write_text('git does not know it')
        before, work_dir = contents(project), tmp_path / 'work'
        proof = prove(project, old_python=sys.executable, old_revision='HEAD', work_dir=work_dir)
        assert proof.verdict is Verdict.DIFFERENT
        assert proof.old_side.startswith('TensorFlow 1.15.5, exported afresh from ')
        copies = work_folder(project, work_dir)
        assert 'the old model' in (copies / 'old' / 'export.py').read_text()
        assert (copies / 'old' / 'data').exists()
        assert 'the old model' not in (copies / 'new' / 'export.py').read_text()
        assert contents(project) == before

    def test_nothing_is_written_through_a_link(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project()
        commit(project)
        (project / 'kept').mkdir()
        (project / 'export.py').rename(project / 'kept' / 'export.py')
        (project / 'export.py').symlink_to('kept/export.py')
        (project / 'kept' / 'export.py').write_text('raise SystemExit(3)')
        prove(project, old_python=sys.executable, old_revision='HEAD', work_dir=tmp_path / 'work')
        old = work_folder(project, tmp_path / 'work') / 'old'
        assert (old / 'kept' / 'export.py').read_text() == 'raise SystemExit(3)'

    def test_a_commit_that_is_not_there(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project()
        with pytest.raises(ConfigError, match='git knows no commit `HEAD` there'):
            prove(project, old_python=sys.executable, old_revision='HEAD', work_dir=tmp_path / 'work')

    def test_says_that_the_code_is_rewritten_already(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project('import tensorflow as tf\ntf.saved_model.save(1, 2)\n')
        settings = project / 'pyproject.toml'
        settings.write_text(settings.read_text().replace('old-exports = "old"\n', ''))
        proof = prove(project, old_python=sys.executable, work_dir=tmp_path / 'work')
        assert 'Code in it is rewritten already: --old-revision names a commit' in proof.message

    def test_says_where_an_estimator_exports(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project(EXPORT.replace("pathlib.Path('model')", "pathlib.Path('model/1596')").replace(
            'folder.mkdir()', 'folder.mkdir(parents=True)'
        ))  # fmt: skip
        proof = prove(project, old_python=sys.executable, work_dir=tmp_path / 'work')
        assert 'there is no SavedModel at model, but below it: "model/*" in the settings means' in proof.message

    def test_proves_and_remembers(self, make_project: MakeProject, tmp_path: Path) -> None:
        project, work_dir = make_project(), tmp_path / 'work'
        before = contents(project)
        said: list[str] = []
        proof = prove(project, old_python=sys.executable, work_dir=work_dir, progress=said.append)
        assert (proof.verdict, proof.message) == (Verdict.IDENTICAL, 'they are identical')
        assert proof.old_side == 'TensorFlow 1.15.5, exported afresh'
        assert proof.sources_digest == sources_digest(project)
        assert load_proof(project, work_dir) == proof
        assert (work_dir / '.gitignore').read_text() == '*\n'
        assert contents(project) == before
        assert said == [f'{project.as_posix()}: exporting with TensorFlow 1.15.5'] * 2
        assert prove(project, old_python=sys.executable, work_dir=work_dir) == proof

    def test_committed_exports_stand_in(self, make_project: MakeProject, tmp_path: Path) -> None:
        proof = prove(make_project(), work_dir=tmp_path / 'work')
        assert (proof.verdict, proof.old_side) == (Verdict.IDENTICAL, 'the committed TF1 export')

    def test_a_different_model_is_seen(self, make_project: MakeProject, tmp_path: Path) -> None:
        proof = prove(make_project(EXPORT.replace('a model', 'another model')), work_dir=tmp_path / 'work')
        assert proof.verdict is Verdict.DIFFERENT

    def test_a_failing_command_is_named_with_its_last_words(self, make_project: MakeProject, tmp_path: Path) -> None:
        proof = prove(make_project('print("so far")\nraise SystemExit("no way")'), work_dir=tmp_path / 'work')
        assert proof.verdict is Verdict.ERROR
        assert proof.message == 'the new export failed: `python export.py` ended with status 1'
        assert proof.log == '$ python export.py\nso far\nno way'

    def test_a_tensorflow_1_that_fails_is_not_excused(self, make_project: MakeProject, tmp_path: Path) -> None:
        proof = prove(make_project('import gone'), old_python=sys.executable, work_dir=tmp_path / 'work')
        assert proof.verdict is Verdict.ERROR
        assert proof.message.startswith('the old export failed')
        assert "No module named 'gone'" in proof.log

    @pytest.mark.parametrize(
        ('run', 'message'),
        [
            ('no-such-program x', '`no-such-program x` could not be started'),
            ("python 'export.py", 'could not be started: No closing quotation'),
            ('python -c \'import os; os.kill(os.getpid(), 9)\'', 'was ended by SIGKILL'),
        ],
    )  # fmt: skip
    def test_other_ways_to_fail(self, make_project: MakeProject, tmp_path: Path, run: str, message: str) -> None:
        proof = prove(make_project(run=run), work_dir=tmp_path / 'work')
        assert proof.verdict is Verdict.ERROR
        assert message in proof.message

    def test_a_hang_is_ended_with_all_its_children(self, make_project: MakeProject, tmp_path: Path) -> None:
        child = 'import time; time.sleep(3); open("late", "w")'
        script = f'import subprocess, sys\nsubprocess.run([sys.executable, "-c", {child!r}])'
        project = make_project(script, more='timeout = 0.5')
        start = time.monotonic()
        proof = prove(project, work_dir=tmp_path / 'work')
        assert time.monotonic() - start < 3
        assert 'was stopped after 0.5 seconds' in proof.message
        time.sleep(3.5)
        assert not (work_folder(project, tmp_path / 'work') / 'new' / 'late').exists()

    def test_a_model_that_does_not_come_out_is_an_error(self, make_project: MakeProject, tmp_path: Path) -> None:
        proof = prove(make_project('print("nothing done")'), work_dir=tmp_path / 'work')
        assert proof.verdict is Verdict.ERROR
        assert 'there is no SavedModel at model' in proof.message

    def test_a_committed_export_that_is_missing_is_an_error(self, make_project: MakeProject, tmp_path: Path) -> None:
        proof = prove(make_project(models='other'), work_dir=tmp_path / 'work')
        assert proof.message == 'the committed TF1 export: there is no SavedModel at old/other'

    def test_a_model_of_an_earlier_run_is_not_taken(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project('print("nothing done")')
        (project / 'model').mkdir()
        (project / 'model' / 'saved_model.pb').write_text('a model')
        assert prove(project, work_dir=tmp_path / 'work').verdict is Verdict.ERROR

    def test_the_newest_of_several_versions_is_taken(self, make_project: MakeProject, tmp_path: Path) -> None:
        export = EXPORT.replace("'model')", "'model') / sys.argv[1]").replace('mkdir()', 'mkdir(parents=True)')
        project = make_project(export.replace("'a model'", 'sys.argv[1]'), models='model/*')
        (project / 'pyproject.toml').write_text(
            '[tool.savedmodel-migrate.prove]\nmodels = ["model/*"]\n'
            'run = ["python export.py 9", "python export.py 10", "python export.py temp-11"]\n'
        )
        proof = prove(project, old_python=sys.executable, work_dir=tmp_path / 'work')
        assert proof.models[0].verification.new.path.endswith('model/10')

    def test_links_lead_nowhere_out_of_the_copy(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project(EXPORT + "open('inner', 'a').write('written')\nopen('data', 'a')")
        (tmp_path / 'outside').write_text('outside')
        (project / 'notes').write_text('notes')
        (project / 'inner').symlink_to(project / 'notes')
        (project / 'data').symlink_to(tmp_path / 'outside')
        proof = prove(project, work_dir=tmp_path / 'work')
        assert proof.message == 'they are identical; not copied: data (a link that leaves the project)'
        assert (project / 'notes').read_text() == 'notes'
        assert (work_folder(project, tmp_path / 'work') / 'new' / 'notes').read_text() == 'noteswritten'

    def test_the_work_dir_may_be_in_the_project(
        self, make_project: MakeProject, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.chdir(make_project())
        for work_dir in (Path('.savedmodel-migrate'), Path('build')):
            proof = prove(Path('.'), work_dir=work_dir)
            assert (proof.verdict, proof.project) == (Verdict.IDENTICAL, 'project')
            assert not list(work_folder(Path('.'), work_dir).rglob('proof.json'))[1:]

    def test_shell_scripts_get_the_interpreter_too(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project(run='sh export.sh')
        (project / 'export.sh').write_text('python export.py && python -c "import sys; print(sys.prefix)"')
        assert prove(project, work_dir=tmp_path / 'work').verdict is Verdict.IDENTICAL
        log = work_folder(project, tmp_path / 'work') / 'new.log'
        assert log.read_text().splitlines()[-1] == sys.prefix

    def test_a_file_that_is_no_python_3_is_named(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project()
        (project / 'legacy.py').write_text('import tensorflow as tf\nprint "no Python 3"\n')
        proof = prove(project, work_dir=tmp_path / 'work')
        assert proof.verdict is Verdict.IDENTICAL
        assert 'not rewritten: legacy.py' in proof.message

    def test_without_settings_there_is_nothing_to_prove(self, tmp_path: Path) -> None:
        with pytest.raises(ConfigError, match=r'no table \[tool.savedmodel-migrate.prove\]'):
            prove(tmp_path, work_dir=tmp_path / 'work')

    def test_a_broken_proof_counts_as_none(self, make_project: MakeProject, tmp_path: Path) -> None:
        project = make_project()
        prove(project, work_dir=tmp_path)
        (work_folder(project, tmp_path) / 'proof.json').write_text('{')
        assert load_proof(project, tmp_path) is None


def test_the_digest_follows_the_sources_only(tmp_path: Path) -> None:
    (tmp_path / 'a.py').write_text('1')
    (tmp_path / 'model.bin').write_text('1')
    first = sources_digest(tmp_path)
    (tmp_path / 'model.bin').write_text('2')
    assert sources_digest(tmp_path) == first
    (tmp_path / 'a.py').rename(tmp_path / 'b.py')
    second = sources_digest(tmp_path)
    (tmp_path / 'b.py').write_text('2')
    assert len({first, second, sources_digest(tmp_path)}) == 3


def test_the_sides_get_a_clean_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('TF2_BEHAVIOR', '1')
    monkeypatch.setenv('PYTHONPATH', '/elsewhere')
    variables = environment('/bin/python')
    assert 'TF2_BEHAVIOR' not in variables
    assert 'PYTHONPATH' not in variables
    assert variables['PATH'].startswith('/bin' + os.pathsep)


def test_an_interpreter_must_exist_and_have_tensorflow(make_project: MakeProject, tmp_path: Path) -> None:
    subprocess.run([sys.executable, '-m', 'venv', '--without-pip', tmp_path / 'empty'], check=True)
    with pytest.raises(InterpreterError, match=r"cannot import TensorFlow: ModuleNotFoundError.*'tensorflow'"):
        find_interpreter(str(tmp_path / 'empty' / 'bin' / 'python'))
    proof = prove(make_project(), old_python='python3.0', work_dir=tmp_path / 'work')
    assert (proof.verdict, proof.message) == (Verdict.ERROR, 'there is no Python interpreter python3.0')


@pytest.mark.parametrize(
    ('sample', 'side'),
    [
        ('half_plus_two', 'TensorFlow {} in TensorFlow 1 mode, exported afresh'),
        ('flower_classifier', 'the committed TF1 export (TensorFlow {} failed: AttributeError: '),
    ],
)
def test_a_tensorflow_2_plays_the_old_side_as_far_as_it_can(tmp_path: Path, sample: str, side: str) -> None:
    job = proving._job(SAMPLE_PROJECTS / sample, tmp_path, None, None)
    exported = export_old(job, sys.executable)
    assert not exported.failure
    assert exported.side.startswith(side.format(find_interpreter(sys.executable).tensorflow))
    assert (exported.models[0] / 'saved_model.pb').is_file()


@pytest.mark.parametrize('sample', sorted(path.parent.name for path in SAMPLE_PROJECTS.glob('*/pyproject.toml')))
def test_sample_projects_are_proven(sample: str, tmp_path: Path) -> None:
    files = _files_of(SAMPLE_PROJECTS / sample)
    proof = prove(SAMPLE_PROJECTS / sample, old_python=OLD_PYTHON, work_dir=tmp_path)
    assert proof.verdict in (Verdict.IDENTICAL, Verdict.EQUAL), f'{proof.message}\n{proof.log}'
    assert _files_of(SAMPLE_PROJECTS / sample) == files  # what is rewritten and exported is a copy


def _files_of(folder: Path) -> set[Path]:
    return {path for path in folder.rglob('*') if '__pycache__' not in path.parts}
