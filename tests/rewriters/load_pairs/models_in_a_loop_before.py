"""One model after the other, each with a session of its own, and a file that stays open."""
import numpy as np
import tensorflow as tf


def compare(export_dirs, values, path):
    for export_dir in export_dirs:
        with open(path, 'a') as log, tf.Session(graph=tf.Graph()) as sess:
            meta_graph = tf.saved_model.loader.load(sess, ['serve'], export_dir)
            signature = meta_graph.signature_def['serving_default']
            y = sess.run(signature.outputs['y'].name, feed_dict={signature.inputs['x'].name: values})
            log.write('%s %s\n' % (export_dir, np.mean(y)))
