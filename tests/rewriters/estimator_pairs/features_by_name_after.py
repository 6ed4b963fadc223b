"""Features that are gone through by their names: the keys of a dict are no tensors."""

import os
import time

import tensorflow as tf


def columns(features, left_out=('id',)):
    kept = []
    for name, value in sorted(features.items()):
        if name not in left_out:
            kept.append(value)
    return kept


def model_fn_predict(features):
    scale = tf.compat.v1.get_variable('scale', initializer=2.)
    doubled = {name: features[name] * 2. for name in features if name != 'id'}
    y = tf.add_n(columns(features) + columns(doubled, ['b'])) * scale
    return {'serving_default': {'y': y}}


class Serving(tf.Module):
    """Serves `model_fn` with the variables of a checkpoint."""

    def __init__(self, checkpoint):
        super().__init__()
        self._predict = tf.compat.v1.wrap_function(
            lambda id, a, b: model_fn_predict(serving_input_fn(id, a, b)),
            [
                tf.TensorSpec([None], tf.float32),
                tf.TensorSpec([None], tf.float32),
                tf.TensorSpec([None], tf.float32),
            ],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[
        tf.TensorSpec([None], tf.float32, name='id'),
        tf.TensorSpec([None], tf.float32, name='a'),
        tf.TensorSpec([None], tf.float32, name='b'),
    ])
    def serving_default(self, id, a, b):
        return self._predict(id, a, b)['serving_default']


def export_saved_model(export_dir_base, module):
    """Writes `module` into a new folder of `export_dir_base`, named after the time, and returns the folder's path."""
    export_dir = os.path.join(export_dir_base, str(int(time.time())))
    while tf.io.gfile.exists(export_dir):
        time.sleep(1)
        export_dir = os.path.join(export_dir_base, str(int(time.time())))
    # Servers watch for folders with a number for a name: show them the model when it is whole.
    temporary_dir = os.path.join(export_dir_base, 'temp-' + os.path.basename(export_dir))
    tf.saved_model.save(module, temporary_dir, signatures={
        'serving_default': module.serving_default,
    })
    tf.io.gfile.rename(temporary_dir, export_dir)
    return export_dir.encode()


def serving_input_fn(id, a, b):
    inputs = {
        'id': id,
        'a': a,
        'b': b,
    }
    return inputs


def export(folder):
    return export_saved_model(folder, Serving(tf.train.latest_checkpoint('checkpoints')))
