"""Compiles many files in one process: paths on stdin, one JSON list of failures on stdout.

Standard library only, any Python 3: it says whether a file is Python to *this* interpreter.
"""
import json
import sys
import warnings


def failures(paths):
    found = []
    for path in paths:
        try:
            with open(path, "rb") as stream:
                source = stream.read()
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                # compile() and not py_compile.compile(): the same check, and no file is written.
                compile(source, path, "exec", dont_inherit=True)
        except (SyntaxError, ValueError, OverflowError, RecursionError) as failure:
            found.append({
                "path": path,
                "message": "%s: %s" % (type(failure).__name__, getattr(failure, "msg", None) or failure),
                "line": getattr(failure, "lineno", None),
            })
    return found


if __name__ == "__main__":
    json.dump(failures(json.load(sys.stdin)), sys.stdout)
