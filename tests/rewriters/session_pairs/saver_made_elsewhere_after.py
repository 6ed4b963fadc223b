"""A saver that is made where nobody can see it."""
import tensorflow as tf
import session_module


def export(sess, saver, signatures):
    session_module.save(sess, 'export', tags=['serve'], signature_def_map=signatures)
