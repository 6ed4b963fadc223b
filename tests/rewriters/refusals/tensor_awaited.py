# expect: a served tensor is built from what is awaited or yielded
import tensorflow as tf


async def export(get_factor):
    with tf.Graph().as_default(), tf.Session() as sess:
        x = tf.placeholder(tf.float32, [None])
        y = x * await get_factor()
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
