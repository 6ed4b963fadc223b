"""What the files after export is called on TensorFlow 2, and gives what their sources say, computed by hand."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

pytestmark = pytest.mark.skipif(find_spec('tensorflow') is None, reason='needs TensorFlow')

PAIRS = Path(__file__).parent / 'pairs'
RUNNER = Path(__file__).parent / 'pairs_runner.py'
DEFAULT = 'serving_default'

# (pair, SavedModel folder, signature key, inputs, outputs)
CASES: list[tuple[str, str, str, dict[str, Any], dict[str, Any]]] = [
    ('assets/collection', 'export', 'increase', {'x': [1.0]}, {'y': [2.0]}),
    ('builder/directory_expression', 'export/1', 'negate', {'x': [1.0, -2.0]}, {'y': [-1.0, 2.0]}),
    ('builder/files_beside_the_model', 'export/1', 'increase', {'x': [1.0]}, {'y': [4.0]}),
    ('builder/flat_session', 'export', 'square', {'x': [3, -4]}, {'y': [9, 16]}),
    ('builder/inline_map', 'export', DEFAULT, {'celsius': [0.0, 100.0]}, {'fahrenheit': [32.0, 212.0]}),
    ('builder/local_names', 'export/1', DEFAULT, {'x': [1.0]}, {'y': [6.0]}),
    ('builder/map_step_by_step', 'export', 'scale', {'x': [1.0, 2.0], 'k': 3.0}, {'y': [3.0, 6.0]}),
    ('builder/map_in_variable', 'export', 'add', {'a': [[1.0, 2.0]], 'b': [[3.0, 4.0]]}, {'sum': [[4.0, 6.0]]}),
    ('builder/not_as_text', 'export', 'halve', {'x': [3.0]}, {'y': [1.5]}),
    ('builder/nothing_beside_the_model', 'export', DEFAULT, {'x': [3.0]}, {'y': [2.0]}),
    ('builder/tensor_infos', 'export', 'predict_images', {'images': [[0.0] * 3]}, {'scores': [[1 / 3] * 3]}),
    ('builder/two_functions', 'export/upper', DEFAULT, {'text': ['ab']}, {'text': ['AB']}),
    ('builder/two_functions', 'export/length', DEFAULT, {'text': ['abc', '']}, {'length': [3, 0]}),
    ('builder/under_main', 'export', DEFAULT, {'x': [[1.0, 1.0]]}, {'y': [[4.0, 6.0]]}),
    ('classes/keys', 'export', 'class', {'x': [3.0]}, {'y': [6.0]}),
    ('classes/keys', 'export', 'variables', {'x': [3.0]}, {'y': [5.0]}),
    ('classes/keys', 'export', 'x-1', {'x': [3.0]}, {'y': [1.0]}),
    ('classes/method', 'export', DEFAULT, {'x': [1.75, -0.25]}, {'y': [1.0, -1.0]}),
    ('helpers/check_that_nothing_fetches', 'export', DEFAULT, {'x': [-4.0]}, {'root': [2.0]}),
    ('helpers/get_variable', 'export', DEFAULT, {'images': [[1.0, 2.0]]}, {'output': [[1.0, 14.0, 0.0]]}),
    ('helpers/options_compared', 'export', DEFAULT, {'x': [[1.0, -2.0]]}, {'y': [[1.0, 0.0]], 'z': [[2.0, 0.0]]}),
    ('helpers/pure', 'export', DEFAULT, {'image': [[1.0, 0.0]]}, {'output': [[1.0, -1.0]]}),
    (
        'helpers/static_sizes',
        'export',
        DEFAULT,
        {'x': [[[1.0, 2.0, 3.0], [4.0, 5.0, 6.0]]]},
        {'y': [[1.0, 2.0, 3.0, 4.0, 5.0, 6.0]]},
    ),
    ('inputs/identity', 'export', 'scale', {'pixels': [[255, 0, 0, 51]]}, {'image': [[1.0, 0.0, 0.0, 0.2]]}),
    ('inputs/identity', 'export', 'mean', {'image': [[1.0, 2.0, 3.0, 6.0]]}, {'mean': [3.0]}),
    ('inputs/identity', 'export', 'mean_of_raw', {'raw': [[1.0, 2.0, 3.0, 6.0]]}, {'mean': [3.0]}),
    ('inputs/name_taken', 'export', 'predict', {'scale': [[2.0]]}, {'y': [[20.0]]}),
    ('inputs/other_names', 'export', DEFAULT, {'b': 5.0, 'c': 3.0}, {'difference': 2.0}),
    ('inputs/parsed_feature', 'export', 'raw', {'x': [[1.0, 2.0]]}, {'total': [3.0]}),
    ('layout/imported_in_main', 'export', DEFAULT, {'x': [3]}, {'y': [21]}),
    ('layout/in_a_loop', 'export/1', DEFAULT, {'x': [3.0]}, {'y': [3.0]}),
    ('layout/in_a_loop', 'export/2', DEFAULT, {'x': [3.0]}, {'y': [6.0]}),
    ('layout/labels_from_file', 'export', DEFAULT, {'index': [1, 0]}, {'label': ['DOG', 'CAT']}),
    ('layout/lambdas', 'export', DEFAULT, {'x': [1.0]}, {'y': [13.0]}),
    (
        'layout/long_lines',
        'export',
        DEFAULT,
        {'first': [[4.0, 8.0]], 'second': [[0.0, 4.0]]},
        {'weighted': [[1.0, 5.0]], 'note': 'two\n  lines'},
    ),
    ('metagraph/import_and_restore', 'export', DEFAULT, {'x': [2.0]}, {'y': [7.0]}),
    ('session_runs/before_export', 'export', DEFAULT, {'x': [2.5]}, {'doubled': [5.0]}),
    ('simple_save/dict_call', 'export', DEFAULT, {'x': 1.0, 'y': 4.0}, {'distance': 3.0}),
    ('simple_save/positional', 'export', DEFAULT, {'x': [[3.0, 4.0]]}, {'norm': [5.0]}),
    ('tables/hash_table', 'export', DEFAULT, {'code': ['de', 'xx']}, {'country': ['Germany', 'somewhere']}),
    ('tables/index_from_words', 'export', DEFAULT, {'word': ['dog', 'ox']}, {'id': [1, -1], 'known_id': [1, 0]}),
    (
        'tables/index_to_string',
        'export',
        'label',
        {'scores': [[0.25, 0.5, 0.125]]},
        {'names': [['versicolor', 'setosa']], 'values': [[0.5, 0.25]]},
    ),
    ('variables/initialised', 'export', DEFAULT, {'x': [[1.0, 2.0]]}, {'y': [[3.5, 6.5]]}),
    ('variables/restored', 'export', DEFAULT, {'x': [[2.0, 1.0]]}, {'y': [[1.25]]}),
    ('variables/served', 'export', 'rate', {'x': [4.0]}, {'y': [1.0], 'rate': 0.25}),
    ('whole_graph/crosswise', 'export', DEFAULT, {'a': [1.0], 'b': [5.0]}, {'difference': [4.0]}),
    ('whole_graph/default_value', 'export', DEFAULT, {'x': [4.0]}, {'y': [2.0]}),
    ('whole_graph/default_value', 'export', 'rated', {'x': [4.0], 'rate': 3.0}, {'y': [12.0]}),
    ('whole_graph/file_beside_the_model', 'export', DEFAULT, {'x': [4.0]}, {'y': [8.0]}),
    ('whole_graph/frozen_graph', 'export', DEFAULT, {'image': [[1.0, -2.0]]}, {'doubled': [[2.0, -4.0]]}),
    ('whole_graph/intermediate_tensors', 'export', 'predict', {'x': [[1.0, 2.0]]}, {'scores': [[2.0, 4.0]]}),
    ('whole_graph/looked_up', 'export', DEFAULT, {'x': [2.0]}, {'y': [6.0]}),
    ('whole_graph/plain_statements', 'export', DEFAULT, {'x': [1.0]}, {'y': [[2.0, 3.0, 3.0]]}),
    ('whole_graph/names_taken', 'export', DEFAULT, {'x': [1.0, 0.0]}, {'y': [70.0, 50.0]}),
    ('whole_graph/scopes_and_loops', 'export', DEFAULT, {'x': [2.0]}, {'y': [[-4.0, -8.0]]}),
    ('whole_graph/two_calls', 'export', DEFAULT, {'x': [1.0]}, {'y': [6.0]}),
    ('whole_graph/variables_restored', 'export', DEFAULT, {'x': [[1.0, 2.0]]}, {'y': [15.0]}),
]
# An empty tf.Example: the feature's default value, 1, goes in; sigmoid(1) comes out.
SIGMOID_OF_1 = 0.7310585786300049
CLASSIFIED = [
    (DEFAULT, {'classes': [['1.000000']], 'scores': [[SIGMOID_OF_1]]}, 'tensorflow/serving/classify'),
    ('scores', {'scores': [[SIGMOID_OF_1]]}, 'tensorflow/serving/classify'),
    ('regress', {'outputs': [[SIGMOID_OF_1]]}, 'tensorflow/serving/regress'),
]
CLASSIFIER = 'kinds/classify_and_regress'


@pytest.fixture(scope='module')
def results(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """What every case gave, from one process: importing TensorFlow takes longest."""
    cases = [[case_id(case), source(case[0]), *case[1:4]] for case in CASES]
    cases += [[key, source(CLASSIFIER), 'export', key, {'inputs': ['']}] for key, _, _ in CLASSIFIED]
    folder = str(tmp_path_factory.mktemp('pairs'))
    process = subprocess.run(
        [sys.executable, str(RUNNER), folder], input=json.dumps(cases), capture_output=True, text=True, timeout=300
    )
    assert process.returncode == 0, process.stderr[-3000:]
    answers: dict[str, Any] = json.loads(process.stdout.splitlines()[-1])
    return answers


def source(pair: str) -> str:
    return str(PAIRS / f'{pair}_after.py')


def case_id(case: tuple[str, str, str, dict[str, Any], dict[str, Any]]) -> str:
    return '-'.join(case[:3])


@pytest.mark.parametrize('case', CASES, ids=map(case_id, CASES))
def test_the_export_serves_what_the_source_says(
    case: tuple[str, str, str, dict[str, Any], dict[str, Any]], results: dict[str, Any]
) -> None:
    result, expected = results[case_id(case)], case[4]
    assert result['outputs'].keys() == expected.keys()
    for name, value in expected.items():
        assert is_near(result['outputs'][name], value)
    assert result['method_name'] == 'tensorflow/serving/predict'


@pytest.mark.parametrize(('key', 'expected', 'method_name'), CLASSIFIED)
def test_classify_and_regress(key: str, expected: dict[str, Any], method_name: str, results: dict[str, Any]) -> None:
    assert results[key]['method_name'] == method_name
    assert results[key]['outputs'].keys() == expected.keys()
    assert all(is_near(results[key]['outputs'][name], value) for name, value in expected.items())


def test_assets_travel_with_the_model(results: dict[str, Any]) -> None:
    assert results['assets/collection-export-increase']['assets'] == ['assets/vocabulary.txt']


def is_near(value: Any, expected: Any) -> bool:
    """Whether two nested lists of numbers and strings are the same, up to float32."""
    if isinstance(expected, list):
        return len(value) == len(expected) and all(is_near(v, e) for v, e in zip(value, expected, strict=True))
    return bool(value == expected) if isinstance(expected, str) else bool(value == pytest.approx(expected, rel=1e-6))
