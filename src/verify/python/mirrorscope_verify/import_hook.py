"""Calls a function right after the first import of a module, so that unused modules cost nothing."""
import importlib.abc
import importlib.util
import sys


class AfterImport(importlib.abc.MetaPathFinder):
    """Watches for one module by its full name."""

    def __init__(self, name, action):
        self.name = name
        self.action = action

    def find_spec(self, fullname, path=None, target=None):
        if fullname != self.name:
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            self._extend(spec.loader)
        return spec

    def _extend(self, loader):
        execute = loader.exec_module

        def exec_module(module):
            execute(module)
            self.action(module)

        loader.exec_module = exec_module


def after_import(name, action):
    """Calls the action now if the module is already imported, otherwise when it is imported."""
    if name in sys.modules:
        action(sys.modules[name])
    else:
        sys.meta_path.insert(0, AfterImport(name, action))
