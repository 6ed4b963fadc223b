# expect: is not a statement of its own
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    tf.saved_model.builder.SavedModelBuilder('export').save()
