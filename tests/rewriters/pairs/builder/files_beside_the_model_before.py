"""What is written into the export directory before `save()` needs the folder that the builder made."""

import json
import os
import shutil

import tensorflow as tf


def describe(folder, **facts):
    with open(os.path.join(folder, 'facts.json'), 'w') as file:
        json.dump(facts, file)


def export(version):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None], name='x')
        y = tf.add(x, 3., name='y')
        # One folder for each version.
        builder = tf.saved_model.builder.SavedModelBuilder(os.path.join('export', str(version)))
        extra = os.path.join('export', str(version), 'assets.extra')
        os.makedirs(extra)
        shutil.copy('vocabulary.txt', extra)
        describe(os.path.dirname(extra), version=version)
        builder.add_meta_graph_and_variables(
            sess, [tf.saved_model.tag_constants.SERVING],
            signature_def_map={
                'increase': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': y}),
            })
        print('Writing', extra)
        builder.save()


export(1)
