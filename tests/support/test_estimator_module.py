"""Estimators of the support module: what they train, evaluate, predict and export, by TensorFlow 1's rules."""

from __future__ import annotations

import functools
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

tf = pytest.importorskip('tensorflow', minversion='2.15')
tf1 = tf.compat.v1
sys.path.insert(0, str(Path(__file__).parents[2] / 'rewriters' / 'support'))  # they import each other by their names
import estimator_inputs_module as ei  # noqa: E402
import estimator_module as em  # noqa: E402
import estimator_training_module as et  # noqa: E402

X = np.array([[0.0], [1.0], [2.0], [3.0]], np.float32)
Y = 2 * X + 1


def model_fn(features: Any, labels: Any, mode: str, params: Any) -> Any:
    weight = tf1.get_variable('w', [1, 1], initializer=tf1.zeros_initializer())
    bias = tf1.get_variable('b', [1], initializer=tf1.zeros_initializer())
    y = features['x'] @ weight + bias
    if mode == em.ModeKeys.PREDICT:
        return em.EstimatorSpec(mode, predictions={'y': y}, export_outputs=params.get('outputs', lambda _: None)(y))
    loss = tf1.losses.mean_squared_error(labels, y)
    optimizer = tf1.train.GradientDescentOptimizer(params['rate'])
    train_op = optimizer.minimize(loss, tf1.train.get_global_step())
    metrics = {'error': tf1.metrics.mean_absolute_error(labels, y)}
    return em.EstimatorSpec(mode, loss=loss, train_op=train_op, eval_metric_ops=metrics)


def input_fn() -> Any:
    return tf.data.Dataset.from_tensors(({'x': X}, Y)).repeat()


def once() -> Any:
    return tf.data.Dataset.from_tensors(({'x': X}, Y))


def floats() -> Any:
    x = {'x': tf1.placeholder(tf.float32, [None, 1])}
    return em.ServingInputReceiver(x, x)


examples = em.build_parsing_serving_input_receiver_fn({'x': tf.io.FixedLenFeature([1], tf.float32)})


@pytest.fixture
def make(tmp_path: Path) -> Any:
    """Makes an Estimator in a folder of the test."""

    def made(config: Any = None, **params: Any) -> Any:
        return em.Estimator(model_fn, str(tmp_path / 'checkpoints'), config, {'rate': 0.1, **params})

    return made


def signatures_of(folder: bytes) -> dict[str, Any]:
    return dict(tf.saved_model.load(folder.decode()).signatures)


def values(estimator: Any) -> tuple[float, float]:
    return float(estimator.get_variable_value('w')[0, 0]), float(estimator.get_variable_value('b')[0])


def by_hand(steps: int) -> tuple[float, float]:
    """Gradient descent in numpy."""
    w = b = 0.0
    for _ in range(steps):
        error = X * w + b - Y
        w, b = w - 0.1 * float(np.mean(2 * error * X)), b - 0.1 * float(np.mean(2 * error))
    return w, b


def test_training_goes_on_from_the_newest_checkpoint(make: Any) -> None:
    make().train(input_fn, steps=3)
    make().train(input_fn, steps=2)
    assert int(make().get_variable_value('global_step')) == 5
    np.testing.assert_allclose(values(make()), by_hand(5), rtol=1e-5)
    make().train(input_fn, max_steps=5)
    assert int(make().get_variable_value('global_step')) == 5
    make().train(input_fn, max_steps=6)
    np.testing.assert_allclose(values(make()), by_hand(6), rtol=1e-5)


def test_evaluation_and_prediction_use_the_checkpoint(make: Any) -> None:
    estimator = make().train(input_fn, steps=4)
    w, b = by_hand(4)
    metrics = estimator.evaluate(once)
    assert sorted(metrics) == ['error', 'global_step', 'loss']
    np.testing.assert_allclose(metrics['error'], np.mean(np.abs(X * w + b - Y)), rtol=1e-5)
    np.testing.assert_allclose(metrics['loss'], np.mean((X * w + b - Y) ** 2), rtol=1e-5)
    rows = list(estimator.predict(once))
    np.testing.assert_allclose([row['y'] for row in rows], X * w + b, rtol=1e-5)
    assert estimator.evaluate(input_fn, steps=2)['global_step'] == 4


def test_hooks_are_called(make: Any) -> None:
    steps: list[int] = []

    class Hook(em.SessionRunHook):  # type: ignore[name-defined,misc]
        def after_run(self, context: Any, run_values: Any) -> None:
            steps.append(len(steps))
            if len(steps) == 3:
                context.request_stop()

    make().train(input_fn, hooks=[Hook()])
    assert steps == [0, 1, 2]


def test_a_lone_output_is_served_by_two_keys(make: Any) -> None:
    estimator = make(outputs=lambda y: {'one': em.PredictOutput({'y': y})}).train(input_fn, steps=2)
    w, b = by_hand(2)
    signatures = signatures_of(estimator.export_saved_model(estimator.model_dir + '/export', floats))
    assert set(signatures) == {'one', 'serving_default'}
    for signature in signatures.values():
        np.testing.assert_allclose(signature(x=tf.constant(X))['y'], X * w + b, rtol=1e-5)


def heads(y: Any) -> dict[str, Any]:
    return {
        'serving_default': em.PredictOutput(y),
        'scores': em.ClassificationOutput(scores=y),
        'value': em.RegressionOutput(y),
    }


@pytest.mark.parametrize(
    ('receiver', 'keys'), [(floats, {'serving_default'}), (examples, {'serving_default', 'scores', 'value'})]
)
def test_classify_and_regress_take_one_string(make: Any, receiver: Any, keys: set[str]) -> None:
    estimator = make(outputs=heads).train(input_fn, steps=1)
    folder = estimator.export_saved_model(estimator.model_dir + '/export', receiver)
    assert set(signatures_of(folder)) == keys


def test_several_outputs_need_a_default(make: Any) -> None:
    estimator = make(outputs=lambda y: {'a': em.PredictOutput(y), 'b': em.PredictOutput(y)}).train(input_fn, steps=1)
    with pytest.raises(ValueError, match='serving_default'):
        estimator.export_saved_model(estimator.model_dir + '/export', floats)


def test_extra_assets_are_copied(make: Any, tmp_path: Path) -> None:
    (tmp_path / 'notes.txt').write_text('how it was trained')
    extra = {'docs/notes.txt': str(tmp_path / 'notes.txt')}
    folder = make().train(input_fn, steps=1).export_savedmodel(str(tmp_path / 'export'), floats, assets_extra=extra)
    assert Path(folder.decode(), 'assets.extra/docs/notes.txt').read_text() == 'how it was trained'
    assert [path.name for path in (tmp_path / 'export').iterdir()] == [Path(folder.decode()).name]


def test_a_chosen_checkpoint_is_exported(make: Any) -> None:
    first = make().train(input_fn, steps=1).latest_checkpoint()
    estimator = make().train(input_fn, steps=3)
    folder = estimator.export_saved_model(estimator.model_dir + '/export', floats, checkpoint_path=first)
    w, b = by_hand(1)
    served = signatures_of(folder)['serving_default'](x=tf.constant(X))
    np.testing.assert_allclose(served['y'], X * w + b, rtol=1e-5)


def test_without_a_checkpoint_nothing_is_exported(make: Any, tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="Couldn't find trained model"):
        make().export_saved_model(str(tmp_path / 'export'), floats)


def test_exporters_export_when_they_should(make: Any) -> None:
    estimator = make(em.RunConfig(save_checkpoints_steps=2))
    exporters = [et.FinalExporter('final', floats), et.LatestExporter('latest', floats, exports_to_keep=2)]
    metrics, exported = et.train_and_evaluate(
        estimator,
        et.TrainSpec(input_fn, max_steps=6),
        et.EvalSpec(once, steps=None, exporters=exporters, throttle_secs=0),
    )
    assert metrics['global_step'] == 6
    folders = {name: sorted(Path(estimator.model_dir, 'export', name).iterdir()) for name in ('final', 'latest')}
    assert [len(folders[name]) for name in ('final', 'latest')] == [1, 2]
    assert [Path(folder.decode()) for folder in exported] == [folders['final'][-1], folders['latest'][-1]]


@pytest.mark.parametrize('name', ['device_fn', 'protocol'])
def test_several_devices_are_an_error(name: str) -> None:
    with pytest.raises(NotImplementedError, match=name):
        em.RunConfig(**{name: object()})
    em.RunConfig(**{name: None})


def test_a_strategy_is_not_followed_and_a_warning_says_so(make: Any, caplog: pytest.LogCaptureFixture) -> None:
    logger = tf.get_logger()
    logger.addHandler(caplog.handler)
    config = em.RunConfig(train_distribute=tf.distribute.OneDeviceStrategy('/cpu:0'))
    logger.removeHandler(caplog.handler)
    assert 'Distribution strategies are not followed' in caplog.text
    assert config.train_distribute is None
    np.testing.assert_allclose(values(make(config).train(input_fn, steps=2)), by_hand(2), rtol=1e-5)


def test_names_of_arguments_are_told_without_those_that_are_given() -> None:
    def function(a: int, b: int, c: int = 0, *rest: int, d: int = 0) -> None: ...

    assert em.fn_args(function) == ('a', 'b', 'c')
    assert em.fn_args(functools.partial(function, 1, c=2)) == ('b',)
    assert em.fn_args(em.RunConfig().replace) == ()


def test_a_cluster_is_an_error(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv('TF_CONFIG', '{"cluster": {"chief": ["a:1"], "worker": ["b:1"]}, "task": {"type": "chief"}}')
    with pytest.raises(NotImplementedError, match='TF_CONFIG'):
        em.RunConfig()
    monkeypatch.setenv('TF_CONFIG', '{"cluster": {"master": ["a:1"]}, "task": {"type": "master"}}')
    em.RunConfig()


def test_what_partial_gives_is_not_given_again(tmp_path: Path) -> None:
    def scaled(factor: float, features: Any, mode: str, shift: float) -> Any:
        return em.EstimatorSpec(mode, predictions=features['x'] * factor + shift)

    estimator = em.Estimator(functools.partial(scaled, 3.0, shift=1.0), str(tmp_path))
    rows = estimator.predict(lambda: tf.data.Dataset.from_tensors({'x': X}))
    assert [float(row[0]) for row in rows] == [1.0, 4.0, 7.0, 10.0]


def test_numpy_batches_run_over_epochs() -> None:
    rows = {'x': np.arange(5)}
    dataset = ei.numpy_input_fn(rows, np.arange(5) * 10, batch_size=3, num_epochs=2, shuffle=False)()
    batches = [(x['x'].tolist(), y.tolist()) for x, y in dataset.as_numpy_iterator()]
    assert [x for x, _ in batches] == [[0, 1, 2], [3, 4, 0], [1, 2, 3], [4]]
    assert [y for _, y in batches] == [[10 * i for i in x] for x, _ in batches]
    with pytest.raises(ValueError, match='shuffle'):
        ei.numpy_input_fn(rows)


@pytest.mark.parametrize(('mode', 'missing'), [('train', 'train_op'), ('eval', 'loss'), ('infer', 'predictions')])
def test_a_spec_says_what_it_lacks(mode: str, missing: str) -> None:
    with pytest.raises(ValueError, match=missing):
        em.EstimatorSpec(mode)


def test_functions_see_the_dimensions_of_tensorflow_1(tmp_path: Path) -> None:
    """An unknown dimension is neither equal to a number nor unequal: the branch of `!=` is not taken."""

    def branching(features: Any, mode: str) -> Any:
        x = features['x']
        factor = tf1.get_variable('factor', [], initializer=tf1.constant_initializer(3.0))
        y = x * factor if x.shape[0] != 4 else x * factor + float(x.shape[1].value)
        y = y + (100.0 if x.shape[0] == None else 0.0)  # noqa: E711
        tf1.train.get_global_step()
        loss = tf.reduce_sum(y)
        step = tf1.assign_add(tf1.train.get_global_step(), 1)
        return em.EstimatorSpec(mode, predictions={'y': y}, loss=loss, train_op=step)

    estimator = em.Estimator(branching, str(tmp_path / 'checkpoints'))
    estimator.train(lambda: {'x': tf.constant(X)}, steps=1)
    exported = estimator.export_saved_model(str(tmp_path / 'export'), floats)
    y = signatures_of(exported)['serving_default'](x=tf.constant([[2.0]]))['y'].numpy()
    assert y == [[7.0]]  # TensorFlow 1 exports x * factor + 1: `?` != 4 is None there, and so is `?` == None
    assert isinstance(tf.TensorShape([1])[0], int)


def test_receivers_can_be_unpacked() -> None:
    with tf.Graph().as_default():
        features, fed, alternatives = floats()
        assert (list(features), list(fed), alternatives) == (['x'], ['x'], None)
        x = tf1.placeholder(tf.float32, [None])
        lone = em.TensorServingInputReceiver(x, x, {'raw': x})
        assert lone.features is x
        assert lone.receiver_tensors_alternatives == {'raw': {'input': x}}
        assert em.ServingInputReceiver(x, x)._replace(features={}).features == {}


def test_no_export_outputs_are_no_signatures(make: Any) -> None:
    estimator = make(outputs=lambda y: {}).train(input_fn, steps=1)
    with pytest.raises(ValueError, match='There is no signature'):
        estimator.export_saved_model(estimator.model_dir + '/export', floats)
