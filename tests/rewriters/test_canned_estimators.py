"""Estimators whose model_fn is inside of TensorFlow: the way out stands where they are made, if they are exported."""

from __future__ import annotations

from rewriters import Confidence, Finding, Options, rewrite
from rewriters.kept_estimators.project import decide

MAKES = """\
import tensorflow as tf


def build(model_dir):
    return tf.estimator.DNNClassifier([4], [], model_dir=model_dir)
"""
EXPORTS = """\
from model import build


def export(receiver):
    build('checkpoints').export_savedmodel('export', receiver)
"""
EXPERIMENT = """\
import tensorflow as tf
from tensorflow.contrib.learn.python.learn.utils import saved_model_export_utils as utils


def experiment(output_dir):
    return tf.contrib.learn.Experiment(
        tf.contrib.learn.LinearRegressor([], model_dir=output_dir), train_input_fn, eval_input_fn,
        export_strategies=[utils.make_export_strategy(serving_input_fn)])
"""


def found(files: dict[str, str]) -> dict[str, list[Finding]]:
    sources = {path: text.encode() for path, text in files.items()}
    uses = decide(list(sources), sources.__getitem__)
    results = {path: rewrite(source, Options(path, estimators=uses.get(path))) for path, source in sources.items()}
    return {path: list(result.findings) for path, result in results.items()}


def test_the_way_out_stands_where_it_is_made_for_another_file() -> None:
    (finding,) = found({'model.py': MAKES, 'main.py': EXPORTS})['model.py']
    assert (finding.code, finding.confidence, finding.place.line) == ('EST902', Confidence.MANUAL, 5)
    assert 'raises an error with TensorFlow 2.16 and later' in finding.message
    assert '`savedmodel-migrate convert EXPORTED NEW_MODEL`' in finding.advice


def test_nothing_is_converted_where_nothing_is_exported() -> None:
    trains = MAKES + "\n\nbuild('checkpoints').train(input_fn)\n"
    assert [finding.code for finding in found({'model.py': trains})['model.py']] == ['NAM201']


def test_it_is_told_once_where_the_same_file_exports() -> None:
    both = MAKES + "\n\nest = build('checkpoints')\nest.export_saved_model('export', receiver)\n"
    findings = [finding for finding in found({'model.py': both})['model.py'] if finding.code == 'EST902']
    assert [finding.place.line for finding in findings] == [9]


def test_no_conversion_is_promised_for_boosted_trees() -> None:
    makes = MAKES.replace('DNNClassifier([4], []', 'BoostedTreesClassifier([], 2')
    (finding,) = found({'model.py': makes, 'main.py': EXPORTS})['model.py']
    assert finding.code == 'EST902'
    assert 'savedmodel-migrate convert' not in finding.advice


def test_what_tf_contrib_learn_makes_ends_with_tensorflow_1() -> None:
    makes = MAKES.replace('estimator.DNNClassifier([4], []', 'contrib.learn.Estimator(model_fn=model_fn')
    (finding,) = found({'model.py': makes, 'main.py': EXPORTS})['model.py']
    assert finding.code == 'EST902'
    assert finding.message.endswith('raises an error with TensorFlow 2: it is one of tf.contrib.learn')
    assert '1.15 is the last with tf.contrib' in finding.advice


def test_an_experiment_exports_by_its_strategies() -> None:
    (finding,) = (each for each in found({'task.py': EXPERIMENT})['task.py'] if each.code.startswith('EST'))
    assert (finding.code, finding.place.line) == ('EST902', 8)
    folder = '`savedmodel-migrate convert MODEL_DIR/export/Servo/TIMESTAMP NEW_MODEL`, where MODEL_DIR is `output_dir`'
    assert folder in finding.advice


def test_a_strategy_of_another_module_is_none() -> None:
    source = EXPERIMENT.replace('tensorflow.contrib.learn.python.learn.utils', 'trainer')
    assert not [each for each in found({'task.py': source})['task.py'] if each.place.line == 8]
