"""Reads ``{"files": [{"path", "text"}], "roots", "shadowed"}`` on standard input, and prints what fails as JSON.

Parses the program and never runs it. Imports the installed TensorFlow, Keras and NumPy.
"""
import ast
import json
import os
import sys
import warnings

# What lies beside this file, and nothing of the folder that it is started in.
sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))

FAILURES = (SyntaxError, ValueError, RecursionError, MemoryError)


def main():
    # The packages print to standard output, which is for the answer.
    answer = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    job = json.loads(sys.stdin.buffer.read().decode("utf-8"))
    from mirrorscope_names.check import Checker
    from mirrorscope_names.installed import Installed
    installed = Installed()
    checker = Checker(installed)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        failures = [failure for entry in job["files"] for failure in failures_of(entry, checker)]
        versions = {root: checker.version(root) for root in job["roots"] if checker.is_installed(root)}
    json.dump({"failures": failures, "versions": versions}, answer)
    answer.flush()
    # Without the handlers of the packages, which may wait for threads.
    os._exit(0)


def failures_of(entry, checker):
    from mirrorscope_names.uses import UseFinder
    try:
        tree = ast.parse(entry["text"])
        finder = UseFinder(tree, set(entry["roots"]))
    except FAILURES:
        return []
    return [{
        "path": entry["path"],
        "name": failure.name,
        "message": failure.message,
        "line": failure.node.lineno,
        "column": failure.node.col_offset,
        "endLine": getattr(failure.node, "end_lineno", None),
        "endColumn": getattr(failure.node, "end_col_offset", None),
    } for failure in checker.failures(finder)]


if __name__ == "__main__":
    main()
