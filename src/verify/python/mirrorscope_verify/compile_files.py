"""Compiles many texts in one process: ``[{"path", "text"}]`` on stdin, failures as JSON on stdout.

Standard library only, any Python 3: it says whether a text is Python to *this* interpreter. It is
the check of ``py_compile`` without the file that ``py_compile`` writes.
"""
import json
import sys
import warnings


def failures(files):
    found = []
    for entry in files:
        # Bytes, because a byte-order mark and a coding line are Python's to understand.
        source = entry["text"].encode("utf-8", "surrogatepass")
        try:
            with warnings.catch_warnings():
                warnings.simplefilter("ignore")
                compile(source, entry["path"], "exec", dont_inherit=True)
        except (SyntaxError, ValueError, OverflowError, RecursionError, MemoryError) as failure:
            found.append({
                "path": entry["path"],
                "message": "%s: %s" % (type(failure).__name__, getattr(failure, "msg", None) or failure),
                "line": getattr(failure, "lineno", None),
            })
    return found


if __name__ == "__main__":
    json.dump(failures(json.loads(sys.stdin.buffer.read().decode("utf-8"))), sys.stdout)
