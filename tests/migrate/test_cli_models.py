"""The commands `verify` and `inspect`, without running any model."""

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest

from migrate import verify as verifying
from migrate.output import manifests
from migrate.verify.results import (
    InputFile,
    OutputTolerance,
    Pair,
    Verdict,
    Verification,
)
from tests.migrate.command import run
from tests.migrate.faked import verification
from tests.migrate.saved_model.messages import STRING, saved_model
from tests.migrate.verify.interpreters import shell

SAMPLE = Path(__file__).parents[2] / 'sample_projects' / 'add_two_builder'
MODEL = SAMPLE / 'exported_by_tf1' / 'saved-model-builder'
FLOWERS = SAMPLE.parent / 'flower_classifier' / 'exported_by_tf1' / 'flower-model'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder to work in, and no settings from outside."""
    monkeypatch.chdir(tmp_path)
    for variable in ('SAVEDMODEL_MIGRATE_OLD_PYTHON', 'SAVEDMODEL_MIGRATE_DEBUG'):
        monkeypatch.delenv(variable, raising=False)
    return tmp_path


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
        assert 'Copy the model again from where it is whole, or export it anew.' in result.stderr

    @pytest.mark.parametrize('name', ['variables.index', 'variables.data-00000-of-00001', ''])
    def test_a_model_without_its_variables(self, folder: Path, name: str) -> None:
        model = Path(shutil.copytree(FLOWERS, folder / 'model'))
        (model / 'variables').rename(folder / 'aside')
        if name:
            shutil.copytree(folder / 'aside', model / 'variables')
            (model / 'variables' / name).unlink()
        missing = f'model/variables/{name or "variables.index"}'
        for pair, side in (((FLOWERS, 'model'), 'new'), (('model', FLOWERS), 'old')):
            result = run('verify', *pair)
            assert (result.exit_code, result.stdout) == (3, '')
            said = f'the {side} model cannot be read: values of variables are missing: there is no {missing}. Copy'
            assert said in result.stderr
        result = run('run', 'model', 'serving_default')
        assert (result.exit_code, missing in result.stderr) == (3, True)

    def test_a_model_whose_variables_are_cut_short(self, folder: Path) -> None:
        model = Path(shutil.copytree(FLOWERS, folder / 'model'))
        shard = model / 'variables' / 'variables.data-00000-of-00001'
        whole = shard.stat().st_size
        os.truncate(shard, whole - 1)
        said = f'model/variables/{shard.name} is cut short, it has {whole - 1} bytes of {whole}'
        for arguments in (('verify', FLOWERS, 'model'), ('run', 'model', 'predict'), ('convert', 'model', 'new')):
            result = run(*arguments)
            assert (result.exit_code, result.stdout) == (3, '')
            assert f'{said}. Copy the whole directory of the model again' in result.stderr
        assert said in run('inspect', 'model').stdout

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
        what += ['--tags', 'serve,gpu']
        Path('a=b=x.npz').touch()
        assert run('verify', MODEL, MODEL, *how, *what, '--both-loaders').exit_code == 0
        given.pop('progress')
        given.pop('on_error')
        given.pop('on_misuse')
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
            'tags': frozenset(['serve', 'gpu']),
            'tolerances': (OutputTolerance('', 0.0, 0.1), OutputTolerance('a/y', 0.5, 0.0)),
        }

    def test_libraries_with_ops_reach_the_processes_of_this_run(self, monkeypatch: pytest.MonkeyPatch) -> None:
        found: list[str] = []

        def verify(old: Path, new: Path, **_: object) -> Verification:
            found.append(os.environ['SAVEDMODEL_MIGRATE_OP_LIBRARIES'])
            return verification(old, new, Verdict.EQUAL)

        monkeypatch.setattr(verifying, 'verify', verify)
        monkeypatch.setenv('SAVEDMODEL_MIGRATE_OP_LIBRARIES', 'before')
        for name in ('one.so', 'two.so'):
            Path(name).touch()
        assert run('verify', MODEL, MODEL, '--op-library', 'one.so', '--op-library', 'two.so').exit_code == 0
        assert found == [os.pathsep.join(os.path.realpath(name) for name in ('one.so', 'two.so'))]
        assert os.environ['SAVEDMODEL_MIGRATE_OP_LIBRARIES'] == 'before'
        assert run('verify', MODEL, MODEL, '--op-library', 'none.so').exit_code == 2

    @pytest.mark.parametrize(
        ('arguments', 'said'),
        [
            ((MODEL,), 'It takes OLD and NEW, or --manifest'),
            ((MODEL, MODEL, '--atol', 'y=much'), '"much" is no number'),
            ((MODEL, MODEL, '--atol', 'y=-1'), 'must be zero or more'),
            ((MODEL, MODEL, '--inputs', 'a=nowhere.npz'), 'there is no file nowhere.npz'),
            ((MODEL, MODEL, '--output', 'results.jsonl'), 'to which --output belongs'),
            ((MODEL, MODEL, '--save', 'nowhere/x.npz'), "Invalid value for '--save': there is no folder nowhere"),
            ((MODEL, MODEL, '--save', SAMPLE / 'export.py'), 'export.py is there already, and --save did not write it'),
            (('--manifest', SAMPLE / 'export.py', '--output', 'nowhere/x.jsonl'), 'there is no folder nowhere'),
        ],
    )
    def test_wrong_usage(self, arguments: tuple[str | Path, ...], said: str) -> None:
        result = run('verify', *arguments)
        assert (result.exit_code, result.stdout) == (2, '')
        assert said in result.stderr

    @pytest.mark.parametrize(
        ('arguments', 'said'),
        [
            (['--tags', 'gpu'], 'the old model has no tag set {gpu}; it has {serve}'),
            (['--atol', 'nosuch=1'], 'the old model has no output "nosuch" for a tolerance; it has '),
            (['--inputs', 'other.json'], 'other.json fits no signature of both models; the old one has predict, '),
            (['--inputs', 'broken.json'], 'broken.json: '),
            (['--replay', 'other.json'], 'other.json holds no inputs of a verification'),
        ],
    )
    @pytest.mark.parametrize('style', ['text', 'json'])
    def test_what_does_not_fit_the_models_is_wrong_usage(
        self, folder: Path, arguments: list[str], said: str, style: str
    ) -> None:
        (folder / 'other.json').write_text('{"inputs": {"nosuch": 1, "other": 2}}')
        (folder / 'broken.json').write_text('{')
        result = run('verify', FLOWERS, FLOWERS, *arguments, '--format', style)
        assert (result.exit_code, result.stdout) == (2, '')
        assert f'error: {said}' in result.stderr

    def test_what_does_not_fit_one_pair_of_many_costs_only_this_one(self, folder: Path) -> None:
        (folder / 'pairs.jsonl').write_text(json.dumps({'old': str(FLOWERS), 'new': str(FLOWERS), 'tags': ['gpu']}))
        result = run('verify', '--manifest', 'pairs.jsonl')
        assert (result.exit_code, 'has no tag set {gpu}; it has {serve}' in result.stdout) == (3, True)

    @pytest.mark.parametrize('style', ['text', 'json'])
    def test_a_result_that_is_not_stored_is_shown(
        self, folder: Path, monkeypatch: pytest.MonkeyPatch, style: str
    ) -> None:
        (folder / 'out').mkdir()
        python = shell(folder / 'python', f'rm -rf "{folder}/out"')
        arguments = ('verify', MODEL, MODEL, '--save', 'out/x.npz', '--format', style)
        result = run(*arguments, '--old-python', python, '--new-python', python)
        assert (result.exit_code, 'both sides: ' in result.stdout) == (3, True)
        assert 'error: the result is not stored: out/x.npz: No such file or directory\n' in result.stderr

        def verify(old: Path, new: Path, **options: Any) -> Verification:
            options['on_error'](OSError(28, 'No space left on device', 'out/x.npz'))
            return verification(old, new, Verdict.EQUAL)

        (folder / 'out').mkdir()
        monkeypatch.setattr(verifying, 'verify', verify)
        result = run(*arguments)
        assert (result.exit_code, 'they are equal' in result.stdout) == (3, True)
        assert 'out/x.npz: No space left on device' in result.stderr

    def test_a_result_is_stored_over_an_earlier_one(self, folder: Path) -> None:
        python = shell(folder / 'python', 'exit 1')
        arguments = ('verify', MODEL, MODEL, '--save', 'x.npz', '--old-python', python, '--new-python', python)
        assert [run(*arguments).exit_code for _ in range(2)] == [3, 3]

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

    def test_a_manifest_that_is_interrupted(self, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        def verify_pairs(pairs: Sequence[Pair], **_: object) -> Iterator[tuple[int, Verification]]:
            yield 0, verification(pairs[0].old, pairs[0].new, Verdict.EQUAL)
            raise KeyboardInterrupt

        monkeypatch.setattr(manifests, 'verify_pairs', verify_pairs)
        lines = [json.dumps({'old': str(MODEL), 'new': str(MODEL), 'seed': seed}) for seed in range(2)]
        (folder / 'pairs.jsonl').write_text('\n'.join(lines))
        result = run('verify', '--manifest', 'pairs.jsonl', '--output', 'results.jsonl')
        said = 'Interrupted: 1 of 2 pairs are verified; the same command goes on with the others.'
        assert (result.exit_code, result.stderr.splitlines()[-1]) == (130, said)

    def test_one_pair_that_is_interrupted(self, monkeypatch: pytest.MonkeyPatch) -> None:
        def interrupted(*_: object, **__: object) -> None:
            raise KeyboardInterrupt

        monkeypatch.setattr('migrate.verify.verify', interrupted)
        result = run('verify', MODEL, MODEL)
        assert (result.exit_code, result.stderr.splitlines()[-1]) == (130, 'Interrupted: nothing is proven.')

    def test_a_manifest_with_a_mistake(self, folder: Path) -> None:
        (folder / 'pairs.jsonl').write_text('{"old": "a", "new": "b"}\n{"old": "a", "mew": "b"}\n')
        result = run('verify', '--manifest', 'pairs.jsonl')
        assert (result.exit_code, result.stdout) == (2, '')
        assert 'pairs.jsonl, line 2: it must be an object with "old" and "new"' in result.stderr


class TestInspect:
    def test_a_model_is_told_without_tensorflow(self) -> None:
        result = run('inspect', FLOWERS)
        assert result.exit_code == 0
        lines = [line.split() for line in result.stdout.splitlines()]
        assert ['signature', '"serving_default"', 'tensorflow/serving/classify'] in lines
        assert ['output', 'probabilities', 'float32', '[?,', '3]', '(softmax/Softmax:0)'] in lines
        assert ['hidden/weights', 'float32', '[4,', '8]', 'reference', 'trainable'] in lines

    def test_missing_variables_are_told(self, folder: Path) -> None:
        shutil.copy(FLOWERS / 'saved_model.pb', folder)
        result = run('inspect', '.')
        assert result.exit_code == 0
        assert 'variables: values of variables are missing: there is no variables/variables.index\n' in result.stdout

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
