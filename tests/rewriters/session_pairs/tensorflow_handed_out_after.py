"""TensorFlow comes from a module of the project, under a name of its own."""
import tensorflow as tf

from .compat import tfv1
import session_module


def export(sess, folder, signatures):
    print(tf.__version__)
    session_module.save(sess, folder, tags=['serve'], signature_def_map=signatures)
    session_module.simple_save(sess, folder + '-simple', {'x': sess.x}, {'y': sess.y})
