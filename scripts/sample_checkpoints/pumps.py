"""Trains the network of sample_projects/pump_alarm and freezes its graph. It is committed: no need to run this again.

    cd sample_projects/pump_alarm
    python3.7 ../../scripts/sample_checkpoints/pumps.py     # TensorFlow 1.15.5
"""
import numpy as np
import tensorflow as tf

random = np.random.RandomState(1)
# Pressure in bar, temperature in degrees C, vibration in mm/s. Worn pumps are hot, and shake.
READINGS = (random.normal([5, 60, 2], [1, 8, 0.8], [400, 3])).astype(np.float32)
WORN = (READINGS[:, 1:] @ [0.05, 1.0] + random.normal(0, 0.2, 400) > 5.2).astype(np.float32)

with tf.Graph().as_default(), tf.Session() as sess:
    tf.set_random_seed(1)
    readings = tf.placeholder(tf.float32, [None, 3], name='readings')
    scaled = (readings - [5.0, 60.0, 2.0]) / [1.0, 8.0, 0.8]
    hidden = tf.layers.dense(scaled, 6, tf.nn.tanh)
    logits = tf.squeeze(tf.layers.dense(hidden, 1), 1)
    tf.sigmoid(logits, name='probability')
    loss = tf.losses.sigmoid_cross_entropy(WORN, logits)
    train = tf.train.AdamOptimizer(0.05).minimize(loss)
    sess.run(tf.global_variables_initializer())
    for _ in range(300):
        sess.run(train, {readings: READINGS})
    print('loss:', sess.run(loss, {readings: READINGS}))
    frozen = tf.graph_util.convert_variables_to_constants(sess, sess.graph_def, ['probability'])
    tf.train.write_graph(frozen, '.', 'pump_alarm.pb', as_text=False)
