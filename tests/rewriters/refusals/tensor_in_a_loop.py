# expect: a served tensor is built inside a compound statement
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    for _ in range(3):
        x2 = tf.square(x)
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': x2})
