"""Two signatures of one model, one of them without inputs."""
import numpy as np
import tensorflow as tf


def score(export_dir, x):
    with tf.Session(graph=tf.Graph()) as sess:
        signatures = tf.saved_model.loader.load(sess, ['serve'], export_dir).signature_def
        labels = sess.run(signatures['labels'].outputs['labels'].name)
        predict = signatures['predict']
        scores = sess.run(predict.outputs['scores'].name, {predict.inputs['x'].name: np.asarray(x)})
    return labels[np.argmax(scores)]
