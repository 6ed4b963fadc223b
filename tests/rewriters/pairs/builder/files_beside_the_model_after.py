"""What is written into the export directory before `save()` needs the folder that the builder made."""

import json
import os
import shutil

import tensorflow as tf


def describe(folder, **facts):
    with open(os.path.join(folder, 'facts.json'), 'w') as file:
        json.dump(facts, file)


class Serving(tf.Module):
    """Serves `y`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def increase(self, x):
        return {'y': tf.add(x, 3., name='y')}


def export(version):
    # One folder for each version.
    export_dir = os.path.join('export', str(version))
    tf.io.gfile.makedirs(export_dir)
    extra = os.path.join('export', str(version), 'assets.extra')
    os.makedirs(extra)
    shutil.copy('vocabulary.txt', extra)
    describe(os.path.dirname(extra), version=version)
    print('Writing', extra)
    module = Serving()
    tf.saved_model.save(module, export_dir, signatures={'increase': module.increase})


export(1)
