# expect: `y` is bound for code outside of the function
import tensorflow as tf

y = None


def export():
    global y
    x = tf.placeholder(tf.float32, [None])
    y = x * 2
    with tf.Session() as sess:
        tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': y})


export()
print(y)
