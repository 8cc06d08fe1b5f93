"""Runs one script in a fresh namespace; returns what it trained and how it ended."""
import os
import runpy
import sys
import time
import traceback

from .multi_gpu import MoreDevicesNeeded
from .recording import TrainingStopped


def run_script(script, recorder):
    """Runs ``script`` (an entry of the job) as ``__main__``. Catches the errors of the script."""
    path = os.path.realpath(script["path"])
    root = os.path.realpath(script["root"])
    started = time.monotonic()
    saved = (list(sys.argv), list(sys.path), os.getcwd(), dict(os.environ))
    modules = set(sys.modules)
    result = {"path": script["path"], "outcome": "finished", "error": None, "devicesNeeded": None}
    in_traceback = []
    try:
        os.chdir(root)
        sys.argv = [path] + list(script.get("arguments", []))
        sys.path.insert(0, os.path.dirname(path))
        runpy.run_path(path, run_name="__main__")
    except TrainingStopped:
        result["outcome"] = "stopped"
    except SystemExit as ending:
        if ending.code not in (None, 0):
            result.update(_failure(ending))
    except KeyboardInterrupt:
        raise
    except BaseException as failure:  # A failure of the script is a result, not an error of this runner.
        result.update(_failure(failure))
        result["devicesNeeded"] = _devices_needed(failure)
        in_traceback = _files_in_traceback(failure, root)
    finally:
        loaded = _loaded_files(modules, root)
        sys.argv, sys.path[:] = saved[0], saved[1]
        os.chdir(saved[2])
        os.environ.clear()
        os.environ.update(saved[3])
        _forget_modules(modules, root)
    result["records"] = recorder.records
    result["loadedFiles"] = sorted(set(loaded + in_traceback + [_relative(path, root)]))
    result["seconds"] = round(time.monotonic() - started, 3)
    return result


def _failure(failure):
    return {
        "outcome": "failed",
        "error": {
            "type": type(failure).__name__,
            "message": str(failure),
            "traceback": traceback.format_exc(),
        },
    }


def _devices_needed(failure):
    seen = set()
    while failure is not None and id(failure) not in seen:
        seen.add(id(failure))
        if isinstance(failure, MoreDevicesNeeded):
            return failure.needed
        failure = failure.__cause__ or failure.__context__
    return None


def _project_modules(known, root):
    for name, module in list(sys.modules.items()):
        path = getattr(module, "__file__", None)
        if name not in known and path and os.path.realpath(path).startswith(root + os.sep):
            yield name, os.path.realpath(path)


def _loaded_files(known, root):
    return [_relative(path, root) for _, path in _project_modules(known, root)]


def _relative(path, root):
    return os.path.relpath(path, root).replace(os.sep, "/")


def _files_in_traceback(failure, root):
    """Finds the modules whose import failed, which ``sys.modules`` does not contain."""
    if isinstance(failure, SyntaxError) and failure.filename:
        names = [failure.filename]
    else:
        names = []
    names += [frame.filename for frame in traceback.extract_tb(failure.__traceback__)]
    return [_relative(os.path.realpath(name), root) for name in names
            if os.path.realpath(name).startswith(root + os.sep)]


def _forget_modules(known, root):
    """Unloads the modules of a script: the next script may have modules of the same names."""
    for name, _ in list(_project_modules(known, root)):
        del sys.modules[name]
