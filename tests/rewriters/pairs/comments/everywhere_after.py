#!/usr/bin/env python
# Comments stand everywhere, and are all still there afterwards.
import tensorflow as tf  # our framework


# Before the graph.
# graph opens
# At the end of the graph.
# Before the session.
# session opens
# At the end of the session.
# How it goes out.
# a fresh folder
# The signature.
# in
# out
# The tag.
class Serving(tf.Module):
    """Serves `y`."""

    @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
    def triple(self, x):
        # What goes in.
        # one number each
        # How it is made.
        y = x * 3  # times three
        return {'y': y}


module = Serving()
# Write it.
# done
tf.saved_model.save(module, 'export', signatures={'triple': module.triple})
# At the end of the file.
