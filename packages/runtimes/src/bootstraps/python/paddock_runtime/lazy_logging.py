"""The module `logging`, loaded when somebody first looks into it.

As on Lambda it is in sys.modules from the start, and its root logger has Lambda's handler. But it
brings sixteen modules with it, a third of an empty process's memory and of its boot: a function
that does not log should not wait for them.
"""

import sys
from _thread import RLock
from importlib.machinery import PathFinder
from types import ModuleType

# What the import system reads of a module that it finds in sys.modules.
_WITHOUT_LOADING = frozenset(
    ("__class__", "__file__", "__loader__", "__name__", "__package__", "__path__", "__spec__")
)
_lock = RLock()


class _LazyModule(ModuleType):
    def __getattribute__(self, name):
        if name not in _WITHOUT_LOADING:
            _load(self)
        return ModuleType.__getattribute__(self, name)

    def __setattr__(self, name, value):
        _load(self)
        ModuleType.__setattr__(self, name, value)


_on_load = None
_is_loading = False


def install(on_load):
    """Call once; `on_load(logging)` runs when the module has been loaded, before anybody sees it."""
    global _on_load
    _on_load = on_load
    spec = PathFinder.find_spec("logging")
    module = _LazyModule(spec.name)
    ModuleType.__getattribute__(module, "__dict__").update(
        __spec__=spec,
        __loader__=spec.loader,
        __file__=spec.origin,
        __cached__=spec.cached,
        __package__=spec.name,
        __path__=spec.submodule_search_locations,
    )
    sys.modules[spec.name] = module


def _load(module):
    global _is_loading
    with _lock:
        # Loading itself looks into the module; another thread has waited for the lock.
        if _is_loading or type(module) is ModuleType:
            return
        _is_loading = True
        try:
            module.__spec__.loader.exec_module(module)
            ModuleType.__setattr__(module, "__class__", ModuleType)
            _on_load(module)
        finally:
            _is_loading = False
