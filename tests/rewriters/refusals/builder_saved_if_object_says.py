# expect: what is added to the builder is not always saved
import tensorflow as tf


class Trainer(object):
    def export(self, signatures):
        builder = tf.saved_model.builder.SavedModelBuilder('export')
        if self.good:
            builder.add_meta_graph_and_variables(self.sess, ['serve'], signature_def_map=signatures)
        self.evaluate()
        if self.good:
            builder.save()
