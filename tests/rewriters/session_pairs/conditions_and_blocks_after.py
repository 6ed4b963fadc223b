"""An `if` that decided about save() alone goes, other blocks stay."""
import tensorflow as tf
import session_module


def export(sess, folder, signatures, wanted):
    if folder:
        # Was it written?
        # yes
        session_module.save(sess, folder, tags=['serve'], signature_def_map=signatures)
    else:
        wanted.append('nothing')


def export_or_complain(sess, signatures, folders):
    while folders:
        export_dir = 'export/' + folders.pop()
        try:
            session_module.save(sess, export_dir, tags=['serve'], signature_def_map=signatures)
        finally:
            pass
