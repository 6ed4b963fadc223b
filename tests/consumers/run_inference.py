"""What a consumer gets: TFX's RunInference, which goes by method names as TensorFlow Serving does, on both models.

Not part of `make test`: tfx-bsl needs an environment of its own, which `make test-consumer` makes.
"""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import apache_beam as beam
import pytest
import tensorflow as tf
from tensorflow_serving.apis import prediction_log_pb2
from tfx_bsl.public.beam import RunInference
from tfx_bsl.public.proto import model_spec_pb2

from migrate.prove import prove, work_folder
from migrate.verify import Verdict

SAMPLES = Path(__file__).parents[2] / 'sample_projects'
SIGNALS = [[0.9, 0.1, 0.2, 0.5], [0.1, 0.8, 0.3, 0.25], [0.2, 0.1, 0.7, 1.0]]
NUMBERS = [[1.0], [2.5], [-3.0]]

MODELS = {
    'half_plus_two': ('half-plus-two/1', 'x', NUMBERS),
    'ticket_router': ('router/1', 'signals', SIGNALS),
}
"""By sample: its model, and what its tf.Examples hold."""

SIGNATURES = [
    ('half_plus_two', 'regress_x_to_y', 'regress_log'),
    ('half_plus_two', 'classify_x_to_y', 'classify_log'),
    ('ticket_router', 'hours', 'regress_log'),
    ('ticket_router', 'serving_default', 'classify_log'),
]


@pytest.fixture(scope='module')
def rewritten(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """The models of the rewritten samples, exported by this TensorFlow."""
    work = tmp_path_factory.mktemp('work')
    found = {}
    for name, (model, _, _) in MODELS.items():
        proof = prove(SAMPLES / name, work_dir=work)
        assert proof.verdict in (Verdict.IDENTICAL, Verdict.EQUAL), f'{proof.message}\n{proof.log}'
        found[name] = work_folder(SAMPLES / name, work) / 'new' / model
    return found


@pytest.fixture(scope='module')
def converted(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """What `convert` makes of the models that TensorFlow 1 exported."""
    folder = tmp_path_factory.mktemp('converted')
    for name in MODELS:
        run('convert', old_model(name), folder / name)
    return {name: folder / name for name in MODELS}


def old_model(sample: str) -> Path:
    return SAMPLES / sample / 'exported_by_tf1' / MODELS[sample][0]


def run(*arguments: str | Path) -> None:
    command = [sys.executable, '-m', 'migrate.cli', *map(str, arguments)]
    result = subprocess.run(command, capture_output=True, text=True)
    assert result.returncode == 0, result.stdout + result.stderr


def examples(sample: str) -> list[tf.train.Example]:
    _, feature, rows = MODELS[sample]
    values = (tf.train.Feature(float_list=tf.train.FloatList(value=row)) for row in rows)
    return [tf.train.Example(features=tf.train.Features(feature={feature: value})) for value in values]


def answers(model: Path, sample: str, signatures: Sequence[str], folder: Path) -> list[Any]:
    """The prediction logs for the sample's examples, ordered by what was asked."""
    place = model_spec_pb2.SavedModelSpec(model_path=str(model), signature_name=signatures)
    with beam.Pipeline() as pipeline:
        logs = (
            pipeline
            | beam.Create(examples(sample))
            | RunInference(model_spec_pb2.InferenceSpecType(saved_model_spec=place))
        )
        logs | beam.Map(lambda log: log.SerializeToString()) | beam.io.WriteToTFRecord(str(folder / 'logs'))
    records = tf.data.TFRecordDataset(sorted(map(str, folder.glob('logs*')))).as_numpy_iterator()
    return sorted(map(prediction_log_pb2.PredictionLog.FromString, records), key=str)


def numbers(log: Any) -> list[float]:
    """All that a classification or regression answers with, in order; of classes the scores."""
    if log.WhichOneof('log_type') == 'regress_log':
        return [regression.value for regression in log.regress_log.response.result.regressions]
    found = log.classify_log.response.result.classifications
    return [chosen.score for classification in found for chosen in classification.classes]


def labels(log: Any) -> list[str]:
    found = log.classify_log.response.result.classifications
    return [chosen.label for classification in found for chosen in classification.classes]


@pytest.mark.parametrize('made', ['rewritten', 'converted'])
@pytest.mark.parametrize(('sample', 'signature', 'kind'), SIGNATURES)
def test_the_new_model_answers_as_the_old_one(
    request: pytest.FixtureRequest, tmp_path: Path, made: str, sample: str, signature: str, kind: str
) -> None:
    given = []
    for name, model in (('old', old_model(sample)), ('new', request.getfixturevalue(made)[sample])):
        (tmp_path / name).mkdir()
        given.append(answers(model, sample, [signature], tmp_path / name))
    old, new = given
    assert len(old) == len(new) == len(examples(sample))
    assert {log.WhichOneof('log_type') for log in (*old, *new)} == {kind}
    for before, after in zip(old, new, strict=True):
        assert numbers(before)
        assert numbers(after) == pytest.approx(numbers(before), rel=1e-6)
        assert labels(after) == labels(before)


def test_signatures_that_share_their_examples_answer_together(rewritten: dict[str, Path], tmp_path: Path) -> None:
    """MultiInference refuses signatures that don't take the same tensor."""
    model = tmp_path / 'model'
    shutil.copytree(rewritten['half_plus_two'], model)
    signatures = ['classify_x_to_y', 'regress_x_to_y']
    (tmp_path / 'before').mkdir()
    with pytest.raises(Exception, match='Input tensor must be the same for all Signatures'):
        answers(model, 'half_plus_two', signatures, tmp_path / 'before')
    run('method-names', model, '--share-examples')
    (tmp_path / 'after').mkdir()
    logs = answers(model, 'half_plus_two', signatures, tmp_path / 'after')
    assert [log.WhichOneof('log_type') for log in logs] == ['multi_inference_log'] * len(NUMBERS)
    results = [result for log in logs for result in log.multi_inference_log.response.results]
    assert {result.model_spec.signature_name for result in results} == set(signatures)
