"""Makes the model that sample_projects/batch_scorer runs. It is committed: no need to run this again.

    cd sample_projects/batch_scorer
    python3.7 ../../scripts/sample_checkpoints/houses.py     # TensorFlow 1.15.5
"""
import tensorflow as tf

DISTRICTS = ['Altstadt', 'Neustadt', 'Pieschen', 'Südvorstadt']

with tf.Graph().as_default(), tf.Session() as sess:
    district = tf.placeholder(tf.string, [None], name='district')
    features = tf.placeholder(tf.float32, [None, 2], name='features')
    table = tf.contrib.lookup.index_table_from_tensor(DISTRICTS, num_oov_buckets=1)
    index = table.lookup(district)
    factors = tf.get_variable('factors', initializer=[1.31, 1.07, 0.93, 1.19, 1.0])
    with tf.variable_scope('rooms_and_area'):
        weights = tf.get_variable('weights', initializer=[[11.7], [2.45]])
        bias = tf.get_variable('bias', initializer=[17.3])
    price = tf.squeeze(tf.nn.softplus(tf.matmul(features, weights) + bias), 1) * tf.gather(factors, index)
    sess.run([tf.global_variables_initializer(), tf.tables_initializer()])
    tf.saved_model.simple_save(
        sess, 'model/1', {'district': district, 'features': features}, {'price': price, 'district_index': index},
        legacy_init_op=tf.tables_initializer())
