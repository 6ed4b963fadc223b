# expect: the dtype and shape of the input `x` can't be read
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    dataset = tf.data.Dataset.from_tensors([1.])
    x = dataset.make_one_shot_iterator().get_next()
    y = x * 2
    tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})
