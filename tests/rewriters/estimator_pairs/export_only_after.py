"""No training here, one checkpoint by its path, an inline parsing receiver; names that are taken, and annotations."""
import os
import time as time_2
from time import time
from typing import Dict

import tensorflow as tf

started = time()


class Serving(object):
    params = None


def export_saved_model():
    """Does something else."""


def model_fn_predict(features: Dict[str, tf.Tensor]):
    """Doubles."""
    weight = tf.compat.v1.get_variable('weight', [2, 1])
    doubled = 2. * tf.matmul(features['x'], weight)
    # What the dashboards read.
    return {
        'serving_default': {'outputs': doubled},
        'in-words': {'doubled': doubled, 'words': tf.as_string(doubled)},
    }


def parse_features(examples):
    return tf.io.parse_example(examples, {'x': tf.io.FixedLenFeature([2], tf.float32)})


class Serving_2(tf.Module):
    """Serves `model_fn` with the variables of a checkpoint."""

    def __init__(self, checkpoint):
        super().__init__()
        self._predict = tf.compat.v1.wrap_function(
            lambda examples: model_fn_predict(parse_features(examples)),
            [tf.TensorSpec([None], tf.string)],
        )
        self._variables = self._predict.variables
        values = tf.train.load_checkpoint(checkpoint)
        for variable in self.variables:
            variable.assign(values.get_tensor(variable.name.split(':')[0]))

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='inputs')])
    def serving_default(self, inputs):
        return self._predict(inputs)['serving_default']

    @tf.function(input_signature=[tf.TensorSpec([None], tf.string, name='examples')])
    def in_words(self, examples):
        return self._predict(examples)['in-words']


def export_saved_model_2(export_dir_base, module):
    """Writes `module` into a new folder of `export_dir_base`, named after the time, and returns the folder's path."""
    export_dir = os.path.join(export_dir_base, str(int(time_2.time())))
    while tf.io.gfile.exists(export_dir):
        time_2.sleep(1)
        export_dir = os.path.join(export_dir_base, str(int(time_2.time())))
    # Servers watch for folders with a number for a name: show them the model when it is whole.
    temporary_dir = os.path.join(export_dir_base, 'temp-' + os.path.basename(export_dir))
    tf.saved_model.save(module, temporary_dir, signatures={
        'serving_default': module.serving_default,
        'in-words': module.in_words,
    })
    updater = tf.compat.v1.saved_model.signature_def_utils.MethodNameUpdater(temporary_dir)
    updater.replace_method_name('serving_default', tf.saved_model.REGRESS_METHOD_NAME)
    updater.save()
    tf.io.gfile.rename(temporary_dir, export_dir)
    return export_dir.encode()


def export(directory: str, checkpoint: str):
    # The newest one is not always the best.
    # the deploy job looks here
    path = export_saved_model_2('export', Serving_2(checkpoint or tf.train.latest_checkpoint(directory)))
    return path, time() - started
