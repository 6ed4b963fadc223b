"""A helper with get_variable: built once with wrap_function, its variables filled from the checkpoint by name."""
import tensorflow as tf


def inference(images, hidden):
    with tf.variable_scope('layer'):
        w = tf.get_variable('w', [2, hidden])
        b = tf.get_variable('b', [hidden], initializer=tf.zeros_initializer())
    return tf.nn.relu(tf.matmul(images, w) + b)


def export(checkpoint, export_dir, hidden=3):
    with tf.Graph().as_default():
        images = tf.placeholder(tf.float32, [None, 2], name='images')
        output = inference(images, hidden)
        saver = tf.train.Saver()
        with tf.Session() as sess:
            saver.restore(sess, checkpoint)
            builder = tf.saved_model.builder.SavedModelBuilder(export_dir)
            signature = tf.saved_model.signature_def_utils.predict_signature_def(
                inputs={'images': images}, outputs={'output': output})
            builder.add_meta_graph_and_variables(
                sess, [tf.saved_model.tag_constants.SERVING],
                signature_def_map={
                    tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature})
            builder.save()


if __name__ == '__main__':
    export('checkpoint/helper', 'export')
