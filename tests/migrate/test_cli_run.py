"""`run`: one signature on inputs from a command line, as saved_model_cli runs it, without eval and pickle."""

import json
from pathlib import Path

import numpy as np
import pytest
from click.testing import CliRunner, Result

from migrate.cli import commands
from migrate.saved_model.contract import SignatureContract, TensorContract
from migrate.verify.given import InputError, check_shapes
from migrate.verify.runs import Case
from migrate.verify.typed import typed_requests
from migrate.verify.worker import Tensor
from tests.migrate.saved_model.messages import BOOL, FLOAT, INT32, STRING, contract, saved_model
from tests.migrate.verify.conftest import NEEDS_TENSORFLOW
from tests.migrate.verify.interpreters import shell

SAMPLES = Path(__file__).parents[2] / 'sample_projects'
ADD_TWO = SAMPLES / 'add_two_builder' / 'exported_by_tf1' / 'saved-model-builder'
HALF = SAMPLES / 'half_plus_two' / 'exported_by_tf1' / 'half-plus-two' / '1'
FLOWERS = SAMPLES / 'flower_classifier' / 'exported_by_tf1' / 'flower-model'


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*arguments: str | Path) -> Result:
    return CliRunner().invoke(commands, ['run', *map(str, arguments)], prog_name='savedmodel-migrate')


class TestWithTensorFlow:
    @pytest.fixture(autouse=True)
    def tensorflow(self) -> None:
        pytest.importorskip('tensorflow', reason=NEEDS_TENSORFLOW)

    def test_each_request_is_answered_and_a_failing_one_costs_only_itself(self) -> None:
        rows = [{'sizes': [5.1, 3.5, 1.4, 0.2]}, {'sizes': [5.1]}, {'sizes': [6.0, 3.0, 5.0, 2.0]}]
        requests = [json.dumps({'examples': [row]}) for row in rows]
        result = run(FLOWERS, 'serving_default', *(part for each in requests for part in ('--inputs', each)))
        assert result.exit_code == 3
        assert [line for line in result.stdout.splitlines() if line.startswith('the')] == ['the JSON', 'the JSON (3)']
        assert result.stdout.count('scores  float32 [1, 2]') == 2
        assert 'error: the JSON (2): InvalidArgumentError: ' in result.stderr

    @pytest.mark.parametrize(
        ('value', 'said'),
        [(31, 'is int64, the model takes float: write 31.0 for 31'), ('a', 'is string, the model takes float')],
    )
    def test_a_feature_of_another_type_is_named(self, value: object, said: str) -> None:
        request = json.dumps({'examples': [{'x': 0.5}, {'x': value}]})
        result = run(HALF, 'regress_x_to_y', '--inputs', request)
        assert (result.exit_code, result.stdout) == (2, '')
        assert f'error: the JSON: the feature "x" {said}\n' in result.stderr

    def test_several_requests_are_answered_in_their_order(self) -> None:
        requests = ['{"inputs": 3.5}', 'input=-1']
        result = run(ADD_TWO, 'serving_default', *(part for each in requests for part in ('--inputs', each)))
        assert result.exit_code == 0
        assert result.stdout.split() == 'the JSON output float32 [] 5.5 the inputs by name output float32 [] 1.'.split()

    def test_what_does_not_fit_is_said_before_anything_runs(self) -> None:
        requests = ['{"inputs": 3.5}', '{"inputs": {"input": [1, 2]}}']
        result = run(ADD_TWO, 'serving_default', *(part for each in requests for part in ('--inputs', each)))
        assert (result.exit_code, result.stdout) == (2, '')
        assert 'the JSON (2), input "input" has the shape [2], the signature takes []' in result.stderr

    def test_outputs_are_stored_and_never_overwritten_unasked(self, folder: Path) -> None:
        arguments = (ADD_TWO, 'serving_default', '--inputs', 'input=3', '--output-dir', 'out')
        result = run(*arguments)
        assert (result.exit_code, result.stdout) == (0, 'out/output.npy  float32 []\n')
        assert np.load(folder / 'out' / 'output.npy', allow_pickle=False) == 5.0
        again = run(*arguments)
        assert (again.exit_code, again.stdout) == (2, '')
        assert 'out/output.npy is there already; --overwrite replaces it.' in again.stderr

    def test_examples_in_json_and_an_answer_in_json(self) -> None:
        example = {'sizes': [5.1, 3.5, 1.4, 0.2]}
        result = run(FLOWERS, 'serving_default', '--inputs', json.dumps({'examples': [example]}), '--format', 'json')
        (answer,) = json.loads(result.stdout)['answers']
        assert (result.exit_code, answer['error']) == (0, '')
        classes, scores = answer['outputs']['classes'], answer['outputs']['scores']
        assert (classes['dtype'], classes['shape'], classes['values'][0][0]) == ('string', [1, 2], 'setosa')
        assert (scores['dtype'], sum(scores['values'][0])) == ('float32', pytest.approx(1, abs=0.01))


def test_a_signature_that_is_not_there_is_said_with_those_that_are(folder: Path) -> None:
    (folder / 'saved_model.pb').write_bytes(saved_model({'a': {}, 'b': {}}).SerializeToString())
    result = run('.', 'c')
    assert (result.exit_code, result.stdout) == (2, '')
    assert '. has no signature c in its tag set {serve}; it has a, b' in result.stderr
    assert 'it has {serve}' in run('.', 'a', '--tags', 'serve,gpu').stderr


def test_what_is_no_model_ends_with_3(folder: Path) -> None:
    assert run('.', 'c').exit_code == 3


@pytest.mark.parametrize(
    ('inputs', 'said'),
    [
        (['z=1'], 'the inputs by name: signature "a" takes no input "z"; it takes "x", "y"'),
        (['x=1', 'y=1', 'z=1'], 'signature "a" takes no input "z"'),
        (['y=1'], 'lacks the input "x"'),
        (['x=[1'], 'the input x: [1 is neither a file nor JSON'),
        (['x=__import__("os")'], 'is neither a file nor JSON'),
        (['x="a"'], 'holds values that are no numbers'),
        (['x=1', 'x=2'], 'the input x is given twice'),
        (['missing.npy'], 'there is no file missing.npy'),
        (['{"signature_name": "b", "inputs": [1.0]}'], 'is for the signature b'),
        (['[1, 2]'], 'a request is an object'),
    ],
)
def test_inputs_that_do_not_fit_run_nothing(folder: Path, inputs: list[str], said: str) -> None:
    model = saved_model({'a': {'inputs': {'x': (FLOAT, [-1]), 'y': (FLOAT, [-1])}}})
    (folder / 'saved_model.pb').write_bytes(model.SerializeToString())
    result = run('.', 'a', *(part for each in inputs for part in ('--inputs', each)))
    assert (result.exit_code, result.stdout) == (2, '')
    assert said in result.stderr


@pytest.mark.parametrize(
    ('dtype', 'shape', 'value', 'said'),
    [
        (FLOAT, [-1, 2], '[1.0, 2.0]', 'has the shape [2], the signature takes [?, 2]'),
        (FLOAT, [-1, 2], '[[1.0, 2.0, 3.0]]', 'has the shape [1, 3], the signature takes [?, 2]'),
        (FLOAT, [], '[1.0]', 'has the shape [1], the signature takes []'),
        (STRING, [-1], '"a"', 'has the shape [], the signature takes [?]'),
        (STRING, [-1], '[1]', 'holds 1, the signature takes strings'),
        (INT32, [-1], '[0.5]', 'holds fractions, the signature takes int32'),
        (INT32, [-1], '[-3, 2147483648]', 'holds -3 to 2147483648, the signature takes int32'),
        (BOOL, [-1], '[0, 2]', 'holds 0 to 2, the signature takes bool'),
    ],
)
def test_an_input_of_another_shape_or_dtype_runs_nothing(
    folder: Path, dtype: int, shape: list[int], value: str, said: str
) -> None:
    model = saved_model({'a': {'inputs': {'x': (dtype, shape)}}})
    (folder / 'saved_model.pb').write_bytes(model.SerializeToString())
    result = run('.', 'a', '--inputs', f'x={value}')
    assert (result.exit_code, result.stdout) == (2, '')
    assert f'the inputs by name, input "x" {said}' in result.stderr


@pytest.mark.parametrize(
    ('shape', 'value'),
    [
        ([-1, 2], [[1.0, 2.0]]),
        ([-1, -1], [[1.0], [2.0]]),
        ([0], []),
        (None, 1.0),
        (None, [[[1.0]]]),
        ([], 1),
    ],
)
def test_dimensions_that_are_not_known_take_all(shape: list[int] | None, value: object) -> None:
    signature = contract({'a': {'inputs': {'x': (FLOAT, shape)}}}).graphs[0].signatures['a']
    check_shapes(Case('', {'x': Tensor('float32', np.array(value, 'float32'))}), signature)


def test_the_parts_of_a_sparse_input() -> None:
    sparse = TensorContract('x', 'float32', (None, 4), 'sparse', ('i:0', 'v:0', 's:0'))
    parts = {'x_indices': np.zeros((3, 2)), 'x_values': np.zeros(3), 'x_dense_shape': np.zeros(2)}
    signature = SignatureContract('a', '', {'x': sparse}, {})
    check_shapes(Case('', {name: Tensor('', array) for name, array in parts.items()}), signature)
    for name, array in parts.items():
        wrong = {**parts, name: array[None]}
        with pytest.raises(InputError, match=f'input "{name}" has the shape'):
            check_shapes(Case('', {part: Tensor('', each) for part, each in wrong.items()}), signature)


def test_complex_numbers_are_no_real_ones(folder: Path) -> None:
    model = saved_model({'a': {'inputs': {'x': (FLOAT, [-1])}}})
    (folder / 'saved_model.pb').write_bytes(model.SerializeToString())
    np.save(folder / 'x.npy', np.array([1j]))
    result = run('.', 'a', '--inputs', 'x=x.npy')
    assert (result.exit_code, result.stdout) == (2, '')
    assert 'input "x" is complex128, the signature takes float32' in result.stderr


def test_inputs_by_name_from_files_and_json_are_one_request(folder: Path) -> None:
    np.save(folder / 'x.npy', np.arange(3))
    np.savez(folder / 'all.npz', y=np.ones(2))
    (request,) = typed_requests(['x=x.npy', 'y=all.npz', 'z=[[1, 2]]'])
    assert {name: np.asarray(value).tolist() for name, value in request.values.items()} == {
        'x': [0, 1, 2],
        'y': [1.0, 1.0],
        'z': [[1, 2]],
    }


def test_pickles_are_refused(folder: Path) -> None:
    np.save(folder / 'x.npy', np.array([{}], dtype=object), allow_pickle=True)
    with pytest.raises(InputError, match='allow_pickle=False'):
        typed_requests(['x=x.npy'])


@pytest.mark.parametrize(
    ('script', 'said'),
    [
        ('sleep 60', 'did not end within 0.5 seconds; --timeout gives it more\n'),
        ('exit 1', '/python is no Python with a TensorFlow that starts: the process ended with exit code 1\n'),
    ],
)
def test_why_nothing_was_run_is_said(folder: Path, script: str, said: str) -> None:
    model = saved_model({'a': {'inputs': {'x': (FLOAT, [])}, 'outputs': {'y': (FLOAT, [])}}})
    (folder / 'saved_model.pb').write_bytes(model.SerializeToString())
    python = shell(folder / 'python', script)
    result = run('.', 'a', '--inputs', 'x=1', '--python', python, '--timeout', '0.5')
    assert (result.exit_code, result.stdout) == (3, '')
    assert result.stderr.startswith('error: the inputs by name: ')
    assert result.stderr.endswith(said)


@pytest.mark.parametrize('place', ['model/out', 'link/out', 'model', 'file/out'])
def test_where_no_outputs_go_is_said_before_anything_runs(folder: Path, place: str) -> None:
    (folder / 'model').mkdir()
    (folder / 'link').symlink_to('model')
    (folder / 'file').touch()
    model = saved_model({'a': {'outputs': {'y': (FLOAT, [])}}})
    (folder / 'model' / 'saved_model.pb').write_bytes(model.SerializeToString())
    result = run('model', 'a', '--inputs', '{"inputs": {}}', '--output-dir', place)
    assert (result.exit_code, result.stdout) == (2, '')
    why = 'there is no folder file' if place == 'file/out' else f'{place} is in model, which is never written to'
    assert why in result.stderr


def test_an_output_that_is_not_stored_is_shown(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from migrate.output import running
    from migrate.verify.single import Answer

    def no_space(path: Path, data: bytes) -> None:
        raise OSError(28, 'No space left on device', str(path))

    answer = Answer('the request', {}, {'y': Tensor('float32', np.array(7.5, 'float32'))})
    monkeypatch.setattr(running, 'run_signature', lambda *_: [answer])
    monkeypatch.setattr(running, 'write_atomically', no_space)
    model = saved_model({'a': {'inputs': {'x': (FLOAT, [])}, 'outputs': {'y': (FLOAT, [])}}})
    (folder / 'saved_model.pb').write_bytes(model.SerializeToString())
    result = run('.', 'a', '--inputs', 'x=1', '--output-dir', '../out')
    assert (result.exit_code, result.stdout.split()) == (3, ['y', 'float32', '[]', '7.5'])
    assert 'the request: output "y" is not stored: ../out/y.npy: No space left on device' in result.stderr


def test_files_are_named_so_that_they_stay_in_their_folder(folder: Path) -> None:
    from migrate.output.running import _store
    from migrate.verify.single import Answer

    words = np.array([b'a', 'ä'.encode()], dtype=object)
    outputs = {'../../out': Tensor('float32', np.ones(2, 'float32')), 'words': Tensor('string', words)}
    assert not list(_store(folder / 'here', Answer('', {}, outputs)))
    assert sorted(each.name for each in folder.rglob('*')) == ['..%2F..%2Fout.npy', 'here', 'words.npy']
    assert np.load(folder / 'here' / 'words.npy', allow_pickle=False).tolist() == words.tolist()
    nul = Answer('r', {}, {'bytes': Tensor('string', np.array([b'a\0'], dtype=object))})
    assert list(_store(folder, nul)) == [
        'r: output "bytes" has strings that end with NUL, which .npy loses: take --format json'
    ]
