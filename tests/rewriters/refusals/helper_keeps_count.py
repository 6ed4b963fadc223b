# expect: `net` changes `built` each time it builds graph
import tensorflow as tf

built = [0]


def net(value):
    built[0] += 1
    return value * float(built[0])


x = tf.placeholder(tf.float32, [None])
hidden = net(x)
with tf.Session() as sess:
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        sess, ['serve'],
        signature_def_map={
            'one': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': hidden + 1}),
            'two': tf.saved_model.signature_def_utils.predict_signature_def({'x': x}, {'y': hidden + 2})})
    builder.save()
