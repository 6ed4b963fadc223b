"""An `if` that decided about save() alone goes, other blocks stay."""
import tensorflow as tf


def export(sess, folder, signatures, wanted):
    if folder:
        builder = tf.saved_model.builder.SavedModelBuilder(folder)
        builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
        # Was it written?
        if folder:
            builder.save()  # yes
    else:
        wanted.append('nothing')


def export_or_complain(sess, signatures, folders):
    while folders:
        builder = tf.saved_model.builder.SavedModelBuilder('export/' + folders.pop())
        try:
            builder.add_meta_graph_and_variables(sess, ['serve'], signature_def_map=signatures)
        finally:
            builder.save()
