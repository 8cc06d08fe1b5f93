"""Reads the job that mirrorscope wrote, and writes the results that it reads back. Both are JSON.

Job::

    {"mode": "before" | "after", "devices": 2, "steps": 10, "seed": 20171,
     "results": "/tmp/.../results.json",
     "scripts": [{"path": "/abs/train.py", "root": "/abs", "arguments": []}]}

Results: one entry per script, in the same order; the file is rewritten after every script so that a
crash of the interpreter loses only the script that crashed::

    {"path": "...", "outcome": "finished" | "stopped" | "failed",
     "records": [{"model": 0, "call": "fit", "losses": {"loss": 0.1, "acc": 0.5}}],
     "error": {"type": "ValueError", "message": "...", "traceback": "..."} | null,
     "devicesNeeded": 4 | null, "loadedFiles": ["train.py", "models/net.py"], "seconds": 1.2}
"""
import json
import os


def read_job(path):
    with open(path, encoding="utf-8") as stream:
        return json.load(stream)


def write_results(path, results):
    """Replaces the file in one step, so that a reader always sees a complete file."""
    partial = path + ".partial"
    with open(partial, "w", encoding="utf-8") as stream:
        json.dump(results, stream, allow_nan=True)
    os.replace(partial, path)
