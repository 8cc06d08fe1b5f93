"""Prepares this process once for a whole job: devices, determinism, recording, old idioms."""
import os

from . import determinism, devices


def prepare(job):
    """Imports TensorFlow under the job's conditions; returns the function that runs one script."""
    os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "2")
    devices.hide_real_gpus()
    import tensorflow as tf

    from .flavours import find_flavours, flavour_of_model
    from .recording import Recorder, install_recording
    from .script_runner import run_script

    count, seed = job["devices"], job["seed"]
    devices.install_devices(tf, count)
    devices.install_gpu_counters(count)
    flavours = find_flavours()
    counter = determinism.SeedCounter(seed)
    determinism.install_numpy_seed(seed)
    determinism.install_owned_batches(tf)
    current = {"recorder": None}
    for flavour in flavours:
        if flavour.name == "keras3":
            determinism.install_keras3_determinism(flavour.keras, flavour.trainer, counter)
        else:
            determinism.install_tf_keras_determinism(flavour.keras, counter)
        install_recording(flavour.keras, flavour.trainer, lambda: current["recorder"])
    if job["mode"] == "before":
        _restore_old_apis(tf, flavours, flavour_of_model(flavours), count)

    def run_one(script):
        current["recorder"] = Recorder(job["steps"])
        for flavour in flavours:
            flavour.keras.backend.clear_session()
        determinism.restart_seeds(seed, tf, counter)
        return run_script(script, current["recorder"])

    return run_one


def _restore_old_apis(tf, flavours, flavour_of, count):
    from . import legacy_keras
    from .multi_gpu import make_multi_gpu_model

    multi_gpu_model = make_multi_gpu_model(flavour_of, count)
    gpu_names = ["/device:GPU:%d" % index for index in range(count)]
    legacy_keras.install_legacy_modules(tf, multi_gpu_model, gpu_names)
    for flavour in flavours:
        for optimizer in flavour.optimizers:
            legacy_keras.install_legacy_arguments(flavour.trainer, optimizer)
    legacy_keras.install_legacy_distribution(tf)
