"""What replaces names and arguments that went away, where the packages cannot tell."""

#: Methods of models and of other objects.
METHODS = {
    "fit_generator": "fit",
    "evaluate_generator": "evaluate",
    "predict_generator": "predict",
    "predict_classes": "predict, and numpy.argmax of its result",
    "predict_proba": "predict",
    "lr": "learning_rate",
}

#: Keyword arguments.
ARGUMENTS = {
    "lr": "learning_rate",
    "period": "save_freq",
    "nb_epoch": "epochs",
    "samples_per_epoch": "steps_per_epoch",
    "nb_val_samples": "validation_steps",
    "border_mode": "padding",
    "subsample": "strides",
    "init": "kernel_initializer",
    "W_regularizer": "kernel_regularizer",
    "b_regularizer": "bias_regularizer",
    "output_dim": "units",
    "nb_filter": "filters",
    "dim_ordering": "data_format",
    "inner_activation": "recurrent_activation",
    "keep_dims": "keepdims",
    "reduction_indices": "axis",
}

#: Where a package keeps most of what it exports, below its root.
PUBLIC_MODULES = (
    (), ("layers",), ("models",), ("utils",), ("backend",), ("optimizers",), ("initializers",), ("regularizers",),
    ("constraints",), ("callbacks",), ("losses",), ("metrics",), ("activations",), ("applications",), ("datasets",),
    ("preprocessing",), ("preprocessing", "image"), ("preprocessing", "text"), ("preprocessing", "sequence"),
    ("optimizers", "schedules"), ("saving",), ("random",), ("ops",),
)
