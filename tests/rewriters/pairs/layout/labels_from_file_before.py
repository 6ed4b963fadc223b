"""A list that is filled before the graph reads it, and read later: it means the same at the end."""
import tensorflow as tf

labels = []
for line in ['cat', 'dog']:
    labels.append(line.upper())

with tf.Graph().as_default(), tf.Session() as sess:
    index = tf.placeholder(tf.int32, [None])
    label = tf.gather(tf.constant(labels), index)
    tf.saved_model.simple_save(sess, 'export', inputs={'index': index}, outputs={'label': label})
print(labels)
