"""Good models made wrong, one way each: every one is caught and called what it is; the good ones raise no alarm."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import pytest

from migrate.verify import Pair, verify_pairs
from migrate.verify.results import Verdict, Verification
from migrate.verify.text import render

pytest.importorskip('tensorflow', reason='runs models: needs TensorFlow 2')

from tests.migrate.verify import mutations as make
from tests.migrate.verify.mutations import DOUBLE, FLOAT, Mutation

SAMPLES = Path(__file__).parents[3] / 'sample_projects'
GOOD = {
    'cities': SAMPLES / 'city_temperatures/exported_by_tf1/city-temperatures',
    'flowers': SAMPLES / 'flower_classifier/exported_by_tf1/flower-model',
    'half': SAMPLES / 'half_plus_two/exported_by_tf1/half-plus-two/1',
    'router': SAMPLES / 'ticket_router/exported_by_tf1/router/1',
    'wine': SAMPLES / 'wine_keras/exported_by_tf1/wine-model/1',
}
IDENTICAL, DIFFERENT, INCOMPATIBLE, ERROR = (
    Verdict.IDENTICAL,
    Verdict.DIFFERENT,
    Verdict.INCOMPATIBLE,
    Verdict.ERROR,
)


class Fault(NamedTuple):
    """One way to make a model wrong, and what must be said of it."""

    model: str
    mutation: Mutation
    verdict: Verdict
    said: str
    """Part of what a person reads."""
    wrong: str | None = 'serving_default'
    """The only signature that has this verdict; None where it is the model as a whole, or all of it."""


def _fixed_batch(signature: Any) -> None:
    signature.inputs['sizes'].tensor_shape.dim[0].size = 1


def _required(signature: Any) -> None:
    signature.inputs['more'].CopyFrom(signature.inputs['x'])


def _no_method(signature: Any) -> None:
    signature.method_name = ''


def _predict(signature: Any) -> None:
    signature.method_name = 'tensorflow/serving/predict'


def _retyped(signature: Any) -> None:
    signature.outputs['y'].dtype = DOUBLE


def _other_tags(directory: Path) -> None:
    with make.edited(directory) as graph:
        graph.meta_info_def.tags[:] = ['production']


def _not_initialised(directory: Path) -> None:
    with make.edited(directory) as graph:
        for name in ('saved_model_main_op', 'legacy_init_op'):
            graph.collection_def.pop(name, None)


def _relu6_for_relu(node: Any) -> None:
    node.op = 'Relu6'


def _outputs(change: Callable[[Any], None]) -> Callable[[Any], None]:
    return lambda signature: change(signature.outputs)


def _inputs(change: Callable[[Any], None]) -> Callable[[Any], None]:
    return lambda signature: change(signature.inputs)


_CAST = {'SrcT': {'type': FLOAT}, 'DstT': {'type': DOUBLE}, 'Truncate': {'b': False}}

FAULTS: dict[str, Fault] = {
    'a weight times 1.001': Fault(
        'flowers',
        make.variable('softmax/weights', make.element((2, 1), lambda w: w * 1.001)),
        DIFFERENT,
        'variable "softmax/weights" has other values',
        None,
    ),
    'a weight times 1.0003': Fault(
        'flowers',
        make.variable('softmax/weights', make.element((2, 1), lambda w: w * 1.0003)),
        DIFFERENT,
        'not by rounding alone: variable "softmax/weights" has other values',
        None,
    ),
    'two weights swapped': Fault(
        'flowers', make.variable('hidden/weights', make.swapped((0, 2), (3, 2))), DIFFERENT, 'probabilities', None
    ),
    'a bias added': Fault('half', make.variable('b', lambda b: b + 0.01), DIFFERENT, '"y" differs', None),
    'a sign': Fault(
        'router', make.variable('hours/kernel', lambda kernel: -kernel), DIFFERENT, '"outputs" differs', None
    ),
    'a moving mean': Fault(
        'wine', make.variable('wine/moving_mean', lambda mean: mean * 0), DIFFERENT, '"grade" differs'
    ),
    'one row of an embedding of hashed words': Fault(
        'plant',
        make.variable('words', make.element((812, 1), lambda w: w + 0.5)),
        DIFFERENT,
        'case "rows that differ"',
        'embed',
    ),
    'a variable that no output needs': Fault(
        'plant',
        make.variable('unused', lambda value: value + 1),
        IDENTICAL,
        'signatures proven to serve the same; other values in variable "unused"',
        None,
    ),
    'epsilon': Fault(
        'wine', make.constant('wine/batchnorm/add/y', lambda value: value * 0 + 1e-5), DIFFERENT, '"grade" differs'
    ),
    'NaN in a weight': Fault(
        'flowers', make.variable('softmax/weights', make.element((0, 0), lambda w: np.nan)), DIFFERENT, 'NaN', None
    ),
    'an activation': Fault('flowers', make.nodes('Relu', _relu6_for_relu), DIFFERENT, 'differ', None),
    'label order': Fault(
        'flowers',
        make.constant('Const', lambda labels: labels[::-1]),
        DIFFERENT,
        '"classes" differs',
    ),
    'a placeholder default': Fault(
        'plant',
        make.constant('PlaceholderWithDefault/input', lambda value: value * 2),
        DIFFERENT,
        'without gain',
    ),
    'a limit that few values reach': Fault(
        'plant', make.constant('limit', lambda value: value + 10), DIFFERENT, '"limited" differs', 'limit'
    ),
    'a counter that starts elsewhere': Fault(
        'plant', make.variable('counter', lambda value: value + 1), DIFFERENT, '"total" differs', 'count'
    ),
    'rows exchanged': Fault(
        'cities', make.variable('temperatures', lambda rows: rows[[1, 0, 2, 3, 4, 5]]), DIFFERENT, 'by_month'
    ),
    'a vocabulary line dropped': Fault(
        'cities',
        make.lines('cities.txt', lambda lines: lines[:1] + lines[2:]),
        INCOMPATIBLE,
        'asset "cities.txt" has other content',
        None,
    ),
    'vocabulary lines exchanged': Fault(
        'cities',
        make.lines('cities.txt', lambda lines: lines[::-1]),
        INCOMPATIBLE,
        '"by_month", "warmest" differ',
        None,
    ),
    'an asset missing': Fault('cities', make.remove('assets/cities.txt'), INCOMPATIBLE, 'the file is missing', None),
    'a table never filled': Fault('cities', _not_initialised, DIFFERENT, 'able not initialized'),
    'an output renamed': Fault(
        'half',
        make.signature('serving_default', _outputs(make.rename('y', 'z'))),
        INCOMPATIBLE,
        'output "y" is missing in the new model',
    ),
    'an output dropped': Fault(
        'flowers',
        make.signature('serving_default', lambda s: s.outputs.pop('classes')),
        INCOMPATIBLE,
        'output "classes" is missing',
    ),
    'an output added': Fault(
        'plant',
        make.signature('serving_default', lambda s: s.outputs['more'].CopyFrom(s.outputs['most'])),
        IDENTICAL,
        'output "more" is new',
        None,
    ),
    'an output re-typed': Fault(
        'half', make.signature('serving_default', _retyped), INCOMPATIBLE, 'dtype was float32, is float64'
    ),
    'an output cast': Fault(
        'half',
        make.served_through('serving_default', 'y', 'Cast', **_CAST),
        INCOMPATIBLE,
        'dtype was float32, is float64',
    ),
    'outputs exchanged': Fault(
        'plant',
        make.signature('serving_default', _outputs(make.exchange('most', 'least'))),
        DIFFERENT,
        '"least", "most" differ',
    ),
    'an input renamed': Fault(
        'half',
        make.signature('serving_default', _inputs(make.rename('x', 'z'))),
        INCOMPATIBLE,
        'input "x" is missing in the new model',
    ),
    'one more input': Fault(
        'half', make.signature('serving_default', _required), INCOMPATIBLE, 'input "more" is new and required'
    ),
    'a fixed batch': Fault(
        'flowers', make.signature('predict', _fixed_batch), INCOMPATIBLE, 'refuses values', 'predict'
    ),
    'a method name lost': Fault(
        'half', make.signature('regress_x_to_y', _no_method), INCOMPATIBLE, 'method name was', 'regress_x_to_y'
    ),
    'classify become predict': Fault(
        'flowers', make.signature('serving_default', _predict), INCOMPATIBLE, 'classify -> predict'
    ),
    'a signature dropped': Fault(
        'half',
        make.signatures(lambda all: all.pop('regress_x_to_y')),
        INCOMPATIBLE,
        'is missing in the new model',
        'regress_x_to_y',
    ),
    'the default key renamed': Fault(
        'half', make.signatures(make.rename('serving_default', 'default')), INCOMPATIBLE, 'is missing in the new model'
    ),
    'signatures exchanged': Fault(
        'half', make.signatures(make.exchange('serving_default', 'regress_x_to_y')), INCOMPATIBLE, 'is missing', None
    ),
    'other tags': Fault('half', _other_tags, INCOMPATIBLE, 'tag set {serve} is gone', None),
    'variables of another model': Fault(
        'half', make.variables(lambda values: {'c': values['a']}), DIFFERENT, 'not found in checkpoint', None
    ),
    'a variable of another shape': Fault(
        'flowers', make.variable('softmax/biases', lambda biases: biases[:2]), DIFFERENT, 'the new one fails', None
    ),
    'the shard missing': Fault(
        'half', make.remove('variables/variables.data-00000-of-00001'), ERROR, 'values of variables are missing', None
    ),
    'no variables at all': Fault('half', make.remove('variables'), ERROR, 'values of variables are missing', None),
}
SEEDS = range(20)


@pytest.fixture(scope='module')
def good(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    return {**GOOD, 'plant': make.export_plant(tmp_path_factory.mktemp('good') / 'plant')}


@pytest.fixture(scope='module')
def verifications(good: dict[str, Path], tmp_path_factory: pytest.TempPathFactory) -> dict[str, Verification]:
    """Of every fault, and of the good models with every seed; all in the same two processes."""
    folder = tmp_path_factory.mktemp('mutations')
    pairs: dict[str, Pair] = {}
    for number, (name, fault) in enumerate(FAULTS.items()):
        mutated = folder / str(number)
        shutil.copytree(good[fault.model], mutated)
        fault.mutation(mutated)
        pairs[name] = Pair(good[fault.model], mutated)
    models = list(good.values())
    for seed in SEEDS:
        model = models[seed % len(models)]
        pairs[f'seed {seed}'] = Pair(model, model, seed)
    names = list(pairs)
    return {names[number]: found for number, found in verify_pairs(list(pairs.values()))}


@pytest.mark.parametrize('name', FAULTS)
def test_each_fault_is_caught_and_called_what_it_is(verifications: dict[str, Verification], name: str) -> None:
    fault, verification = FAULTS[name], verifications[name]
    assert verification.verdict is fault.verdict
    assert fault.said in '\n'.join(render(verification))
    if fault.wrong:
        assert _with(verification, fault.verdict) == [fault.wrong]


@pytest.mark.parametrize('seed', SEEDS)
def test_good_models_raise_no_alarm_whatever_the_inputs(verifications: dict[str, Verification], seed: int) -> None:
    verification = verifications[f'seed {seed}']
    assert verification.verdict is IDENTICAL, render(verification)
    assert not verification.contract


def _with(verification: Verification, verdict: Verdict) -> list[str]:
    return [result.key for result in verification.signatures if result.verdict is verdict]
