"""The modules and parameters of Keras 2, and what they are now. Data only."""

# Old module, relative to the Keras package: the current modules that contain its names.
MOVED_MODULES = {
    "layers.core": ("layers",),
    "layers.convolutional": ("layers",),
    "layers.convolutional_recurrent": ("layers",),
    "layers.normalization": ("layers",),
    "layers.advanced_activations": ("layers",),
    "layers.embeddings": ("layers",),
    "layers.recurrent": ("layers",),
    "layers.pooling": ("layers",),
    "layers.merge": ("layers",),
    "layers.wrappers": ("layers",),
    "layers.noise": ("layers",),
    "layers.local": ("layers",),
    "utils.np_utils": ("utils",),
    "utils.vis_utils": ("utils",),
    "utils.generic_utils": ("utils",),
    "utils.data_utils": ("utils",),
    "utils.io_utils": ("utils",),
    "utils.layer_utils": ("utils",),
    "engine": ("layers", "models"),
    "engine.base_layer": ("layers",),
    "engine.input_layer": ("layers",),
    "engine.network": ("models",),
    "engine.sequential": ("models",),
    "engine.topology": ("layers", "models"),
    "engine.training": ("models",),
    "objectives": ("losses",),
}

# Modules from which `multi_gpu_model` could be imported, relative to the Keras package.
MULTI_GPU_MODULES = ("utils", "utils.training_utils", "utils.multi_gpu_utils")

# The same within TensorFlow's private copy and its contrib package, by full name.
PRIVATE_MULTI_GPU_MODULES = (
    "tensorflow.python.keras.utils",
    "tensorflow.python.keras.utils.training_utils",
    "tensorflow.python.keras.utils.multi_gpu_utils",
    "tensorflow.python.keras._impl.keras.utils.training_utils",
    "tensorflow.contrib.keras.python.keras.utils.training_utils",
    "tensorflow_core.python.keras.utils.multi_gpu_utils",
)

# Arguments of `fit` and similar methods in Keras 2 that do not affect the results.
DROPPED_ARGUMENTS = (
    "workers", "use_multiprocessing", "max_queue_size", "max_q_size", "pickle_safe", "nb_worker",
)

# Arguments of Keras 1 and their later names.
RENAMED_ARGUMENTS = {
    "nb_epoch": "epochs",
    "nb_val_samples": "validation_steps",
    "val_samples": "steps",
    "samples_per_epoch": "steps_per_epoch",
    "generator": "x",
}

# The parameters of each generator method by position.
GENERATOR_PARAMETERS = {
    "fit": ("x", "steps_per_epoch", "epochs", "verbose", "callbacks", "validation_data",
            "validation_steps"),
    "evaluate": ("x", "steps"),
    "predict": ("x", "steps"),
}

# Arguments that count steps.
STEP_ARGUMENTS = ("steps_per_epoch", "validation_steps", "steps")
