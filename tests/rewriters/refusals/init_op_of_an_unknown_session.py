# expect: may do more than fill tables
import tensorflow as tf


def export(sessions, signatures):
    builder = tf.saved_model.builder.SavedModelBuilder('export')
    builder.add_meta_graph_and_variables(
        next(sessions), ['serve'], signature_def_map=signatures, main_op=tf.get_collection('init')[0])
    builder.save()
