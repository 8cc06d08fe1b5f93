"""Prepares this process once for a whole job: devices, determinism, recording, legacy APIs."""
import gc
import os

from . import determinism, devices


def prepare(job):
    """Imports TensorFlow with the settings of the job; returns the function that runs one script."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    devices.hide_real_gpus()
    import tensorflow as tf

    from .recording import Recorder
    from .script_runner import run_script

    count, seed = job["devices"], job["seed"]
    # Optimizing a graph takes longer than it saves in a few steps.
    tf.config.optimizer.set_experimental_options({"disable_meta_optimizer": True})
    devices.install_devices(tf, count)
    devices.install_gpu_counters(count)
    determinism.install_numpy_seed(seed)
    determinism.install_batch_copies(tf)
    counter = determinism.SeedCounter(seed)
    current = {"recorder": None}
    flavours = _prepare_flavours(tf, job, counter, lambda: current["recorder"])

    # TensorFlow's own objects live as long as the process, so the collector can skip them.
    gc.collect()
    gc.freeze()

    def run_one(script):
        current["recorder"] = Recorder(job["steps"])
        for flavour in flavours:
            flavour.keras.backend.clear_session()
        determinism.restart_seeds(seed, tf, counter)
        return run_script(script, current["recorder"])

    return run_one


def _prepare_flavours(tf, job, counter, current_recorder):
    from .flavours import flavour_of_model, keras3_flavour, tf_keras_flavour
    from .import_hook import after_import
    from .legacy_keras import LegacyApis
    from .multi_gpu import make_multi_gpu_model
    from .recording import install_recording

    flavours = []
    legacy = None
    if job["mode"] == "before":
        legacy = LegacyApis(make_multi_gpu_model(flavour_of_model(flavours), job["devices"]), job["devices"])

    def add(flavour, package_names):
        flavours.append(flavour)
        determinism.install(flavour, counter)
        install_recording(flavour.keras, flavour.trainer, current_recorder)
        if legacy is not None:
            legacy.install_on(flavour, package_names)

    keras3 = keras3_flavour()
    uses_keras2 = os.environ.get("TF_USE_LEGACY_KERAS") in ("1", "True", "true")
    if keras3 is not None:
        aliases = [] if uses_keras2 else ["tensorflow.keras", "keras._tf_keras.keras"]
        add(keras3, ["keras"] + aliases)
    after_import("tf_keras", lambda module: add(
        tf_keras_flavour(module), ["tf_keras"] + (["tensorflow.keras"] if uses_keras2 else [])))
    if uses_keras2:
        tf.keras.__name__  # Loads it, so that `from tensorflow.keras.utils import …` finds the added APIs.
    if legacy is not None:
        legacy.install_on_tensorflow(tf)
    return flavours
