"""TensorFlow comes from a module of the project, under a name of its own."""
import tensorflow as tf

from .compat import tfv1


def export(sess, folder, signatures):
    print(tf.__version__)
    builder = tfv1.saved_model.builder.SavedModelBuilder(folder)
    builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
    builder.save()
    tfv1.saved_model.simple_save(sess, folder + '-simple', {'x': sess.x}, {'y': sess.y})
