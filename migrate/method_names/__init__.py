"""Shows and sets the method names of a SavedModel's signatures, so that classify and regress survive."""

from migrate.method_names.change import MethodNames, Settings, set_method_names
from migrate.method_names.plan import Request, SignatureName, only_in_other, plan

__all__ = ['MethodNames', 'Request', 'Settings', 'SignatureName', 'only_in_other', 'plan', 'set_method_names']
