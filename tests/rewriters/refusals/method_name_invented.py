# expect: is none of predict, classify and regress
import tensorflow as tf

with tf.Graph().as_default(), tf.Session() as sess:
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    signature = tf.saved_model.signature_def_utils.build_signature_def(
        inputs={'x': tf.saved_model.utils.build_tensor_info(x)},
        outputs={'y': tf.saved_model.utils.build_tensor_info(y)},
        method_name='my/method')
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map={'p': signature})
    builder.save()
