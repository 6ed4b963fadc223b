"""Code that has nothing to do with a TF1 export stays as it is, byte for byte, and is no finding."""

from __future__ import annotations

import textwrap

import pytest

from rewriters import rewrite, scan

NOTHING_TO_DO = {
    'an empty file': '',
    'no TensorFlow at all': """
        class Builder:
            def save(self):
                return 'saved'

        builder = Builder()
        builder.save()
        """,
    'TensorFlow in a comment only': """
        # tensorflow: tf.saved_model.simple_save(sess, 'export', inputs, outputs)
        x = 1
        """,
    'simple_save in a string': """
        import tensorflow as tf

        print('tf.saved_model.simple_save is gone', tf.__version__)
        """,
    'simple_save in a docstring': '''
        """Was tf.saved_model.builder.SavedModelBuilder('export'), now tensorflow 2."""
        import tensorflow as tf

        tf.saved_model.save(tf.Module(), 'export')
        ''',
    'a saved_model of some object': """
        import tensorflow as tf

        class House:
            def build(self, saved_model, tools):
                print(tf.__version__)
                self.saved_model.Builder('house')
                tools.saved_model.simple_save('house')
                saved_model.builder.SavedModelBuilder('house')
        """,
    'a TF2 export': """
        import tensorflow as tf

        class Serving(tf.Module):
            @tf.function(input_signature=[tf.TensorSpec([None], tf.float32, name='x')])
            def serving_default(self, x):
                return {'y': x * 2}

        module = Serving()
        tf.saved_model.save(module, 'export', signatures={'serving_default': module.serving_default})
        """,
    'a TF2 model that is loaded': """
        import tensorflow as tf

        serve = tf.saved_model.load('export').signatures['serving_default']
        print(serve(x=tf.constant([1.])))
        """,
    'the Builder of another library': """
        import tensorflow as tf
        from wonderland import saved_model

        builder = saved_model.builder.SavedModelBuilder('export')
        builder.add_meta_graph_and_variables(None, ['serve'], signature_def_map={})
        builder.save()
        print(tf.__version__)
        """,
    'simple_save of another library': """
        import tensorflow
        from wonderland import simple_save

        simple_save(None, 'export', inputs={}, outputs={})
        """,
    'a class of the same name': """
        import tensorflow as tf

        class SavedModelBuilder:
            def __init__(self, folder):
                self.folder = folder

        builder = SavedModelBuilder('export')
        print(tf.constant(1))
        """,
    'a local that is called tf': """
        import tensorflow

        def export(tf):
            tf.simple_save(None, 'export', inputs={}, outputs={})
        """,
    'a tf that is another library': """
        import transformers as tf
        import tensorflow

        tf.saved_model.simple_save(None, 'export', inputs={}, outputs={})
        """,
    'a name that is bound to two things': """
        import tensorflow as tf
        import wonderland

        save = tf.io.write_file
        save = wonderland.simple_save
        save(None, 'export', inputs={}, outputs={})
        """,
    'tensors with methods that are called save': """
        import tensorflow as tf

        def keep(builder, saver, sess):
            builder.save()
            saver.save(sess, 'model.ckpt')
        """,
}


@pytest.mark.parametrize('source', NOTHING_TO_DO.values(), ids=NOTHING_TO_DO)
def test_nothing_happens(source: str) -> None:
    text = textwrap.dedent(source).lstrip('\n').encode()
    result = rewrite(text)
    assert result.source == text
    assert result.findings == ()
    assert result.exports == ()


def test_scan_finds_what_rewrite_finds_and_changes_nothing() -> None:
    source = textwrap.dedent("""\
        import tensorflow as tf

        with tf.Graph().as_default(), tf.Session() as sess:
            x = tf.placeholder(tf.float32, [None])
            tf.saved_model.simple_save(sess, 'export', inputs={'x': x}, outputs={'y': x * 2})
        """).encode()
    scanned, done = scan(source), rewrite(source)
    assert scanned.source == source
    assert done.source != source
    assert (scanned.findings, scanned.exports) == (done.findings, done.exports)
