"""The commands that run models (`verify`, `prove`) and the report of them, without running any."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from migrate import verify as verifying
from migrate.cli import commands
from migrate.output import manifests
from migrate.prove import exports
from migrate.prove import project as proving
from migrate.prove.interpreters import Interpreter
from migrate.verify.results import (
    InputFile,
    OutputResult,
    OutputTolerance,
    Pair,
    Side,
    SignatureResult,
    Verdict,
    Verification,
)
from tests.migrate.saved_model.messages import STRING, saved_model
from tests.migrate.verify.interpreters import shell

SAMPLE = Path(__file__).parents[2] / 'sample_projects' / 'add_two_builder'
MODEL = SAMPLE / 'exported_by_tf1' / 'saved-model-builder'
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


def verification(old: Path, new: Path, verdict: Verdict) -> Verification:
    output = OutputResult('y', verdict, 'it is so', 'float32', '[2]', 0.5, 2.0)
    method = 'tensorflow/serving/predict'
    signature = SignatureResult('serving_default', verdict, 'it is so', method, method, 3, 'made up', (output,))
    return Verification(Side(str(old)), Side(str(new)), verdict, f'they are {verdict.value}', (signature,))


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, list(map(str, arguments)), prog_name='savedmodel-migrate')


def prove(*arguments: str | Path) -> Result:
    # In this process: others would know nothing of what stands in for TensorFlow.
    return run('prove', *arguments, '--jobs', '1', '--new-python', sys.executable)


def contents(folder: Path) -> dict[str, bytes]:
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob('*') if path.is_file()}


class TestVerify:
    def test_a_folder_without_a_model(self, folder: Path) -> None:
        (folder / 'empty').mkdir()
        result = run('verify', 'empty', MODEL)
        assert (result.exit_code, result.stdout) == (3, '')
        assert 'error: the old model cannot be read: empty holds no saved_model.pb' in result.stderr

    def test_a_truncated_model(self, folder: Path) -> None:
        (folder / 'cut').mkdir()
        (folder / 'cut' / 'saved_model.pb').write_bytes((MODEL / 'saved_model.pb').read_bytes()[:300])
        result = run('verify', MODEL, 'cut', '--format', 'json')
        assert result.exit_code == 3
        assert json.loads(result.stdout)['verification']['verdict'] == 'error'
        assert 'error: the new model cannot be read: cut/saved_model.pb is damaged' in result.stderr

    @pytest.mark.parametrize('option', ['--old-python', '--new-python'])
    def test_a_missing_interpreter(self, option: str) -> None:
        result = run('verify', MODEL, MODEL, option, 'no/such/python')
        assert (result.exit_code, result.stdout) == (2, '')
        assert 'there is no Python interpreter no/such/python' in result.stderr

    @pytest.mark.parametrize(
        ('verdict', 'code'),
        [
            (Verdict.IDENTICAL, 0),
            (Verdict.EQUAL, 0),
            (Verdict.DIFFERENT, 1),
            (Verdict.INCOMPATIBLE, 1),
            (Verdict.ERROR, 3),
            (Verdict.INCONCLUSIVE, 4),
        ],
    )
    def test_exit_codes(self, verdict: Verdict, code: int, monkeypatch: pytest.MonkeyPatch) -> None:
        monkeypatch.setattr(verifying, 'verify', lambda old, new, **_: verification(old, new, verdict))
        result = run('verify', MODEL, MODEL)
        assert result.exit_code == code
        assert result.stdout.endswith(f'{verdict.value}: they are {verdict.value}\n')

    def test_options_arrive(self, monkeypatch: pytest.MonkeyPatch) -> None:
        given: dict[str, object] = {}

        def verify(old: Path, new: Path, **options: object) -> Verification:
            given.update(options)
            return verification(old, new, Verdict.EQUAL)

        monkeypatch.setattr(verifying, 'verify', verify)
        monkeypatch.setenv('SAVEDMODEL_MIGRATE_OLD_PYTHON', 'is/for/prove')
        relative = os.path.relpath(sys.executable)
        Path('x.npz').touch()
        how = ['--seed', '7', '--timeout', '2.5', '--memory', '2', '--new-python', relative]
        what = ['--inputs', 'a=b=x.npz', '--inputs', 'x.npz', '--atol', 'a/y=0.5', '--rtol', '0.1', '--save', 'saved']
        Path('a=b=x.npz').touch()
        assert run('verify', MODEL, MODEL, *how, *what, '--both-loaders').exit_code == 0
        given.pop('progress')
        assert given == {
            'old_python': None,
            'new_python': os.path.abspath(relative),
            'timeout': 2.5,
            'memory': 2_000_000_000,
            'seed': 7,
            'inputs': (InputFile(Path('a=b=x.npz')), InputFile(Path('x.npz'))),
            'replay': None,
            'save': Path('saved'),
            'both_loaders': True,
            'tolerances': (OutputTolerance('', 0.0, 0.1), OutputTolerance('a/y', 0.5, 0.0)),
        }

    @pytest.mark.parametrize(
        ('arguments', 'said'),
        [
            ((MODEL,), 'It takes OLD and NEW, or --manifest'),
            ((MODEL, MODEL, '--atol', 'y=much'), '"much" is no number'),
            ((MODEL, MODEL, '--atol', 'y=-1'), 'must be zero or more'),
            ((MODEL, MODEL, '--inputs', 'a=nowhere.npz'), 'there is no file nowhere.npz'),
            ((MODEL, MODEL, '--output', 'results.jsonl'), 'to which --output belongs'),
        ],
    )
    def test_wrong_usage(self, arguments: tuple[str | Path, ...], said: str) -> None:
        result = run('verify', *arguments)
        assert (result.exit_code, result.stdout) == (2, '')
        assert said in result.stderr

    @pytest.mark.parametrize('number', [signal.SIGTERM, signal.SIGINT])
    def test_nothing_runs_on_when_it_is_ended(self, folder: Path, number: int) -> None:
        python = shell(folder / 'python', f'echo $$ >> "{folder}/pids"; sleep 60')
        command = [sys.executable, '-m', 'migrate.cli', 'verify', str(MODEL), str(MODEL)]
        process = subprocess.Popen(
            [*command, '--old-python', python, '--new-python', python],
            stderr=subprocess.DEVNULL,
            # Whoever runs the tests in the background has SIGINT ignored, and so would this process.
            preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
        )
        pids = folder / 'pids'
        for _ in range(200):
            if pids.exists() and len(pids.read_text().split()) == 2:
                break
            time.sleep(0.1)
        process.send_signal(number)
        assert process.wait(30) != 0
        for pid in pids.read_text().split():
            with pytest.raises(ProcessLookupError):
                os.kill(int(pid), 0)

    def test_a_manifest_goes_on_where_it_was_ended(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        for name in 'abc':
            shutil.copytree(MODEL, folder / 'models' / name)
        lines = [f'{{"old": "{name}", "new": "{name}"}}' for name in 'abc']
        manifest = folder / 'models' / 'pairs.jsonl'
        asked: list[str] = []

        def verify_pairs(pairs: Sequence[Pair], **_: object) -> Iterator[tuple[int, Verification]]:
            asked.extend(pair.old.name for pair in pairs)
            for place, pair in reversed(list(enumerate(pairs))):
                yield place, verification(pair.old, pair.new, Verdict.EQUAL)

        monkeypatch.setattr(manifests, 'verify_pairs', verify_pairs)
        manifest.write_text('\n'.join(lines[:2]))
        command = ('verify', '--manifest', manifest, '--output', 'results.jsonl')
        assert run(*command).stdout.endswith('2 pairs: 2 equal\n')
        manifest.write_text('\n'.join(lines))
        (folder / 'models' / 'b' / 'saved_model.pb').write_bytes(b'another')
        result = run(*command)
        assert (result.exit_code, asked) == (0, ['a', 'b', 'b', 'c'])
        assert result.stdout.endswith('3 pairs: 3 equal\n')
        assert result.stderr.splitlines() == ['1 of 3 pairs are verified already', '2 of 3 pairs', '3 of 3 pairs']
        result = run(*command, '--both-loaders')
        assert (result.exit_code, asked[4:]) == (0, ['a', 'b', 'c'])

    def test_a_manifest_with_a_mistake(self, folder: Path) -> None:
        (folder / 'pairs.jsonl').write_text('{"old": "a", "new": "b"}\n{"old": "a", "mew": "b"}\n')
        result = run('verify', '--manifest', 'pairs.jsonl')
        assert (result.exit_code, result.stdout) == (2, '')
        assert 'pairs.jsonl, line 2: it must be an object with "old" and "new"' in result.stderr


class TestInspect:
    def test_a_model_is_told_without_tensorflow(self) -> None:
        result = run('inspect', SAMPLE.parent / 'flower_classifier' / 'exported_by_tf1' / 'flower-model')
        assert result.exit_code == 0
        lines = [line.split() for line in result.stdout.splitlines()]
        assert ['signature', '"serving_default"', 'tensorflow/serving/classify'] in lines
        assert ['output', 'probabilities', 'float32', '[?,', '3]', '(softmax/Softmax:0)'] in lines
        assert ['hidden/weights', 'float32', '[4,', '8]', 'reference', 'trainable'] in lines

    def test_what_deserves_a_look_is_told(self, folder: Path) -> None:
        model = saved_model({'a': {'inputs': {'x': (STRING, [-1])}}})
        for op in ('ReadFile', 'ReadFile', 'PyFunc', 'AcmeFilter', 'Identity'):
            model.meta_graphs[0].graph_def.node.add(name=op, op=op)
        (folder / 'saved_model.pb').write_bytes(model.SerializeToString())
        content = json.loads(run('inspect', '.', '--format', 'json').stdout)['model']
        found = {
            each['name']: (each['count'], each['what'].split(':')[0]) for each in content['graphs'][0]['operations']
        }
        assert found == {
            'AcmeFilter': (1, 'is no op of TensorFlow'),
            'PyFunc': (1, 'runs a Python function, which no SavedModel holds'),
            'ReadFile': (2, 'reads files'),
        }

    def test_a_folder_without_a_model(self, folder: Path) -> None:
        result = run('inspect', '.')
        assert (result.exit_code, result.stdout) == (3, '')
        assert 'holds no saved_model.pb' in result.stderr


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
