"""Makes Estimators of Keras models in a process where TensorFlow has Keras 2; prints what came of it as JSON."""

from __future__ import annotations

import functools
import json
import os
import sys
from pathlib import Path
from typing import Any

os.environ['TF_USE_LEGACY_KERAS'] = '1'
sys.path.insert(0, str(Path(__file__).parents[2] / 'rewriters' / 'support'))

import estimator_keras_module as ek
import estimator_module as em
import numpy as np
import tensorflow as tf

FOLDER = Path(sys.argv[1])
layers = tf.keras.layers
X = np.random.default_rng(0).normal(size=(8, 3)).astype(np.float32)


def build() -> Any:
    """Two inputs, two outputs, and layers that differ between training and serving."""
    a, b = layers.Input((2,), name='a'), layers.Input((1,), name='b')
    net = layers.BatchNormalization()(layers.Dense(4)(layers.concatenate([a, b])))
    net = layers.Dropout(0.5)(net)
    model = tf.keras.Model([a, b], [layers.Dense(1, name='y')(net), layers.Dense(2, name='z')(net)])
    model.compile(tf.keras.optimizers.SGD(0.01), 'mse', metrics={'y': ['mae']})
    return model


def input_fn() -> Any:
    labels = {'y': X[:, :1], 'z': X[:, :2]}
    return tf.data.Dataset.from_tensors(({'a': X[:, :2], 'b': X[:, 2:], 'unused': X}, labels)).repeat()


def receiver() -> Any:
    given = {'a': tf.compat.v1.placeholder(tf.float32, [None, 2]), 'b': tf.compat.v1.placeholder(tf.float32, [None, 1])}
    return em.ServingInputReceiver(given, given)


def served(estimator: Any) -> dict[str, Any]:
    folder = estimator.export_saved_model(str(FOLDER / 'export'), receiver)
    signatures = tf.saved_model.load(folder.decode()).signatures
    assert list(signatures) == ['serving_default']
    return {name: y.numpy() for name, y in signatures['serving_default'](a=X[:, :2], b=X[:, 2:]).items()}


def error(make: Any) -> str:
    try:
        make()
    except (ImportError, NotImplementedError, TypeError, ValueError) as problem:
        return f'{type(problem).__name__}: {problem}'
    return ''


def others() -> list[Any]:
    """Models of each Keras that is there and is not tf.keras, and what is no model."""
    import keras
    from tensorflow.python.keras.engine.sequential import Sequential
    from tensorflow.python.keras.layers import Dense

    inside = Sequential([Dense(1, input_shape=(2,))])
    models = [inside] if keras.__version__.startswith('2.') else [inside, keras.Sequential([keras.layers.Dense(1)])]
    for model in models:
        model.compile('sgd', 'mse')
    return [*models, 3]


def main() -> None:
    model = build()
    model.layers[3].set_weights([weight + 1 for weight in model.layers[3].get_weights()])
    y, z = model.predict([X[:, :2], X[:, 2:]], verbose=0)
    estimator = ek.model_to_estimator(model, model_dir=str(FOLDER / 'first'))
    untrained = served(estimator)
    results: dict[str, Any] = {
        'outputs': sorted(untrained),
        'begins with its weights': bool(np.allclose(untrained['y'], y) and np.allclose(untrained['z'], z)),
    }
    estimator.train(input_fn, steps=3)
    tf.keras.backend.clear_session()  # the layers get the same names again
    again = ek.model_to_estimator(build(), model_dir=str(FOLDER / 'first'))
    metrics = again.evaluate(input_fn, steps=1)
    results |= {
        'step': int(metrics['global_step']),
        'metrics': sorted(metrics),
        'error': float(metrics['y_mae']),
        'error of what is served': float(np.mean(np.abs(served(again)['y'] - X[:, :1]))),
        'names': [name for name, _ in tf.train.list_variables(str(FOLDER / 'first')) if 'training' not in name],
    }
    results['uncompiled'] = error(
        lambda: ek.model_to_estimator(tf.keras.Sequential([layers.Dense(1, input_shape=(1,))]))
    )
    results['without inputs'] = error(lambda: ek.model_to_estimator(tf.keras.Sequential([layers.Dense(1)])))
    results['of other Keras'] = [error(functools.partial(ek.model_to_estimator, other)) for other in others()]
    print(json.dumps(results))


main()
