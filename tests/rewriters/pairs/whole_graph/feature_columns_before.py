"""Feature columns and what they make of parsed examples."""

import tensorflow as tf

serialized = tf.placeholder(tf.string, [None], name='examples')
year = tf.feature_column.numeric_column('year')
decade = tf.feature_column.bucketized_column(year, boundaries=[1960, 1970])

columns = [year, decade]

features = tf.parse_example(serialized, tf.feature_column.make_parse_example_spec(columns))
dense = tf.feature_column.input_layer(features, columns)
sess = tf.Session()
tf.saved_model.simple_save(sess, 'export', {'examples': serialized}, {'year': features['year'], 'dense': dense})
