"""Variables that a Saver fills from a checkpoint, by the names that the source gives them."""
import tensorflow as tf


def export(checkpoint_dir, export_dir):
    with tf.Graph().as_default():
        # Sizes in cm.
        x = tf.placeholder(tf.float32, shape=[None, 2], name='x')
        w = tf.Variable(tf.truncated_normal([2, 1]), name='w')  # trained
        b = tf.Variable(tf.zeros([1]), name='b')
        y = tf.matmul(x, w) + b
        saver = tf.train.Saver()
        with tf.Session() as sess:
            sess.run(tf.global_variables_initializer())
            checkpoint = tf.train.latest_checkpoint(checkpoint_dir)
            saver.restore(sess, checkpoint)
            print('restored', checkpoint)
            tf.saved_model.simple_save(sess, export_dir, inputs={'x': x}, outputs={'y': y})


if __name__ == '__main__':
    export('checkpoint', 'export')
