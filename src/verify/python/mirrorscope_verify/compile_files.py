"""Compiles many texts in one process: ``[{"path", "text", "before"}]`` on stdin, failures as JSON on stdout.

Where a text fails, it also compiles the optional text before the change, and says whether that fails, too.

Uses only the standard library and runs on any Python 3. Checks whether *this* interpreter accepts a
text, like ``py_compile``, but writes no file. In a notebook, it compiles every code cell without
IPython's own lines.
"""
import ast
import json
import re
import sys
import warnings

FAILURES = (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError)
IPYTHON_LINE = re.compile(r"^(\s*)(?:[%!?].*|.*\?\s*|\w+\s*=\s*[%!].*)$")


def failures(files):
    found = []
    for entry in files:
        failure = failure_of(entry["path"], entry["text"])
        if failure is not None:
            before = entry.get("before")
            found.append({
                "path": entry["path"],
                "message": "%s: %s" % (type(failure).__name__, getattr(failure, "msg", None) or failure),
                "line": getattr(failure, "lineno", None),
                "alsoBefore": before is not None and failure_of(entry["path"], before) is not None,
            })
    return found


def failure_of(path, text):
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for source, flags in sources(path, text):
                compile(source, path, "exec", flags, dont_inherit=True)
    except FAILURES as failure:
        return failure
    return None


def sources(path, text):
    """The pieces of code to compile, each with its flags."""
    if not path.lower().endswith(".ipynb"):
        # Pass bytes, so that Python itself interprets a byte-order mark and a coding line.
        yield text.encode("utf-8", "surrogatepass"), 0
        return
    for cell in code_cells(json.loads(text.lstrip("\ufeff"))):
        if not cell.lstrip().startswith("%%"):
            lines = [IPYTHON_LINE.sub(r"\1pass", line) for line in cell.split("\n")]
            yield "\n".join(lines), getattr(ast, "PyCF_ALLOW_TOP_LEVEL_AWAIT", 0)


def code_cells(notebook):
    sheets = [notebook] + notebook.get("worksheets", [])
    for cell in (cell for sheet in sheets for cell in sheet.get("cells", [])):
        if cell.get("cell_type") == "code":
            source = cell.get("source", cell.get("input", ""))
            yield source if isinstance(source, str) else "".join(source)


if __name__ == "__main__":
    json.dump(failures(json.loads(sys.stdin.buffer.read().decode("utf-8"))), sys.stdout)
