"""Runs a training script on logical CPU devices and records its losses.

Started by mirrorscope as ``python <this folder> job.json``; not meant to be imported by user code.
See ``job.py`` for the input and the output.
"""
