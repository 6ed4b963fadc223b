"""Makes the checkpoint that sample_projects/multiply_metagraph starts from. It is committed: no need to run this again.

    cd sample_projects/multiply_metagraph
    python3.7 ../../scripts/sample_checkpoints/multiply.py     # TensorFlow 1.15.5
"""
import tensorflow as tf

x = tf.placeholder(tf.float32, shape=[], name='x')
v = tf.Variable(3.0, name='v')
y = tf.multiply(x, v, name='y')
raise_v = tf.assign_add(v, 1.0)

saver = tf.train.Saver()
with tf.Session() as sess:
    sess.run(tf.global_variables_initializer())
    for _ in range(2):  # "training"
        sess.run(raise_v)
    saver.save(sess, 'multiply/model.ckpt')  # v = 5, and the graph in model.ckpt.meta
