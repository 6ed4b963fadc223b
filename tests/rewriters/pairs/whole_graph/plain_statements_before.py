"""What stands between the statements of a graph goes with them where it holds tensors, and stays where it does not."""

import tensorflow as tf

rates = []
for rate in ['2', '3']:
    rates.append(float(rate))
print('rates are read')

with tf.Graph().as_default(), tf.Session() as sess:
    x = image = tf.placeholder(tf.float32, [None], name='x')
    h = image * rates[0]; print('graph is built')
    scaled = [h, h + 1.]
    scaled.append(x * rates[1])
    y = tf.stack(scaled, axis=1)
    loss = tf.reduce_mean(y)  # nobody serves it
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
