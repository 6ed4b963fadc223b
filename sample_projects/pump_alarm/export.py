"""Exports the pump alarm, of which only the frozen graph is left: its training code is lost.

    python export.py

reads `pump_alarm.pb` and writes `pump-alarm/`, which tells from three sensors how likely it is that a pump is worn.
"""
import tensorflow as tf


def load_graph(path):
    with tf.gfile.GFile(path, 'rb') as f:
        graph_def = tf.GraphDef()
        graph_def.ParseFromString(f.read())
    with tf.Graph().as_default() as graph:
        tf.import_graph_def(graph_def, name='')
    return graph


def export(graph_file, export_dir):
    graph = load_graph(graph_file)
    # Pressure in bar, temperature in degrees C, vibration in mm/s.
    readings = graph.get_tensor_by_name('readings:0')
    probability = graph.get_tensor_by_name('probability:0')
    with tf.Session(graph=graph) as sess:
        builder = tf.saved_model.builder.SavedModelBuilder(export_dir)
        signature = tf.saved_model.signature_def_utils.predict_signature_def(
            inputs={'readings': readings}, outputs={'worn': probability})
        builder.add_meta_graph_and_variables(
            sess, [tf.saved_model.tag_constants.SERVING],
            signature_def_map={tf.saved_model.signature_constants.DEFAULT_SERVING_SIGNATURE_DEF_KEY: signature})
        builder.save()


if __name__ == '__main__':
    export('pump_alarm.pb', 'pump-alarm')
