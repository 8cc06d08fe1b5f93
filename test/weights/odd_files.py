"""Writes HDF5 files that claim much more than they contain: `python odd_files.py FOLDER`."""

import os
import sys

import h5py
import numpy as np


def weights(path, fill):
    """Writes a file with one nested model, whose weight `fill` makes."""
    with h5py.File(path, "w", libver="earliest") as file:
        file.attrs["layer_names"] = np.array([b"lambda_1", b"model_1"])
        file.create_group("lambda_1").attrs["weight_names"] = np.zeros(0)
        group = file.create_group("model_1")
        group.attrs["weight_names"] = np.array([b"dense_1/kernel:0", b"dense_2/kernel:0"])
        fill(group)


def claims(group):
    for name in ("dense_1", "dense_2"):
        group.create_dataset(f"{name}/kernel:0", shape=(10**6, 10**6), dtype="f4", chunks=(100, 100), compression="gzip")


def bomb(group):
    for name in ("dense_1", "dense_2"):
        data = group.create_dataset(
            f"{name}/kernel:0", shape=(100, 2**20), dtype="f4", chunks=(1, 2**20), compression="gzip", compression_opts=9
        )
        data[...] = 0


def circle(group):
    group["dense_1"] = group
    group["dense_2"] = group.file


folder = sys.argv[1]
weights(os.path.join(folder, "claims.h5"), claims)
weights(os.path.join(folder, "bomb.h5"), bomb)
weights(os.path.join(folder, "circle.h5"), circle)
