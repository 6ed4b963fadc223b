# expect: is handed on, and called somewhere else
import tensorflow as tf


class CarefulBuilder(tf.saved_model.builder.SavedModelBuilder):
    """Refuses to write over anything."""
