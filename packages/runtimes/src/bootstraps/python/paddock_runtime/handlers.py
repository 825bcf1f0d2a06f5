"""From the handler string to the function (spec 11.2)."""

import importlib
import os
import sys

from . import faults
from .faults import Fault


def add_code_folders(task_root):
    """Function first, then layers; the runtime's own folder stays behind both."""
    release = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    folders = [task_root, f"/opt/python/lib/{release}/site-packages", "/opt/python"]
    sys.path[:] = folders + [folder for folder in sys.path if folder not in folders]
    # They were shown to this process after it had started. importlib.invalidate_caches would import
    # fifty modules in Python 3.13, which takes 20 ms and which the function would see.
    for folder in folders:
        sys.path_importer_cache.pop(folder, None)
    try:
        os.chdir(task_root)
    except OSError:
        pass  # Importing the handler names the missing module.


def replace_python_path(booted, wanted):
    """As if the interpreter had been started with it: it reads PYTHONPATH once, at its start."""
    if wanted == booted:
        return
    first = 1  # After the folder of the program.
    last = first + len([folder for folder in booted.split(":") if folder])
    sys.path[first:last] = [folder for folder in wanted.split(":") if folder]


def load_handler(handler):
    module_name, function_name = _split(handler)
    module = _import(module_name)
    try:
        return getattr(module, function_name)
    except AttributeError:
        message = f"Handler '{function_name}' missing on module '{module_name}'"
        raise Fault(faults.HANDLER_NOT_FOUND, message) from None


def _split(handler):
    try:
        module_name, function_name = handler.rsplit(".", 1)
    except ValueError as error:
        message = f"Bad handler '{handler}': {error}"
        raise Fault(faults.MALFORMED_HANDLER_NAME, message) from None
    return module_name, function_name


def _import(module_name):
    if module_name.split(".")[0] in sys.builtin_module_names:
        message = f"Cannot use built-in module {module_name} as a handler module"
        raise Fault(faults.BUILT_IN_MODULE_CONFLICT, message)
    try:
        return importlib.import_module(module_name.replace("/", "."))
    except ImportError as error:
        message = f"Unable to import module '{module_name}': {error}"
        raise Fault(faults.IMPORT_MODULE_ERROR, message) from None
    except SyntaxError as error:
        message = f"Syntax error in module '{module_name}': {error}"
        trace = [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']
        raise Fault(faults.USER_CODE_SYNTAX_ERROR, message, trace) from None
