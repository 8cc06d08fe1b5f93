"""Runs a training script on logical CPU devices and writes down its losses.

Started by mirrorscope as ``python <this folder> job.json``; not meant to be imported by user code.
See ``job.py`` for what goes in and what comes out.
"""
