"""Counts the live calls of multi_gpu_model below folders, without mirrorscope: the second opinion of replay-contact.js.

`count_wraps.py FOLDER...` prints one JSON object: folder -> {file -> calls}. A call is live when its name is imported
from somewhere, or is an attribute of anything but `self`. Files that this Python does not compile are counted line by
line.
"""

import ast
import json
import os
import re
import sys

NAME = "multi_gpu_model"


def code_of_notebook(text):
    """Joins the code cells of a notebook; magics become `pass`."""
    cells = json.loads(text).get("cells", [])
    sources = ("".join(cell["source"]) for cell in cells if cell.get("cell_type") == "code")
    return "\n".join(re.sub(r"(?m)^(\s*)[%!?].*$", r"\1pass", source) for source in sources)


def count(code):
    """Counts the live calls of one file."""
    try:
        tree = ast.parse(code)
    except (SyntaxError, ValueError):
        lines = (line.split("#")[0] for line in code.split("\n"))
        return sum(bool(re.search(r"(?<!def )\b" + NAME + r"\s*\(", line)) for line in lines)
    imported = {
        alias.asname or alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.ImportFrom)
        for alias in node.names
        if alias.name == NAME
    }
    calls = [node.func for node in ast.walk(tree) if isinstance(node, ast.Call)]
    return sum(
        (isinstance(callee, ast.Name) and (callee.id in imported or callee.id == NAME))
        or (isinstance(callee, ast.Attribute) and callee.attr == NAME and ast.unparse(callee.value) != "self")
        for callee in calls
    )


def count_below(folder):
    """Counts the live calls of each file below a folder that has any."""
    counts = {}
    for parent, _, names in os.walk(folder):
        for name in names:
            if not name.endswith((".py", ".ipynb")):
                continue
            path = os.path.join(parent, name)
            with open(path, encoding="utf-8", errors="replace") as file:
                text = file.read()
            if NAME not in text:
                continue
            try:
                calls = count(code_of_notebook(text) if name.endswith(".ipynb") else text)
            except (ValueError, KeyError, AttributeError):
                continue
            if calls:
                counts[os.path.relpath(path, folder)] = calls
    return counts


if __name__ == "__main__":
    print(json.dumps({folder: count_below(folder) for folder in sys.argv[1:]}))
