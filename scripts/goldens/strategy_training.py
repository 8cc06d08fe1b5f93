"""Trains a model under a strategy as the strategy goldens want it. Both ways return the loss of each epoch."""
import tensorflow as tf

keras = tf.keras


def per_example(loss):
    """A loss, without the mean over the batch."""
    classes = {"mean_squared_error": keras.losses.MeanSquaredError, "categorical_crossentropy": keras.losses.CategoricalCrossentropy}
    return classes[loss](reduction="none") if isinstance(loss, str) else loss


def fit(strategy, build, set_weights, optimizer, x, y, batch, epochs):
    """Keras's own fit. It gives the mean loss of each replica the same weight: right where all have as many rows."""
    with strategy.scope():
        model, loss = build()
        model.compile(optimizer=optimizer(), loss=loss)
        set_weights(model)
    one = lambda arrays: arrays if len(arrays) > 1 else arrays[0]
    history = model.fit(one(x), one(y), batch_size=batch, epochs=epochs, shuffle=False, verbose=0)
    return model, [float(value) for value in history.history["loss"]]


def loop(strategy, build, set_weights, optimizer, x, y, batch, epochs):
    """The training loop of tf.distribute's guide, which divides by the global batch size: right for a ragged last batch, too.

    Source: https://www.tensorflow.org/tutorials/distribute/custom_training
    """
    with strategy.scope():
        model, losses = build()
        set_weights(model)
        optimizer = optimizer()
        optimizer.build(model.trainable_variables)
    losses = [per_example(loss) for loss in (losses if isinstance(losses, list) else [losses])]

    def replica_step(x, y, global_batch):
        with tf.GradientTape() as tape:
            outputs = model(list(x) if len(x) > 1 else x[0], training=True)
            outputs = outputs if isinstance(outputs, (list, tuple)) else [outputs]
            loss = tf.add_n([
                tf.nn.compute_average_loss(of(target, output), global_batch_size=global_batch)
                for of, target, output in zip(losses, y, outputs)
            ])
            if model.losses:
                loss += tf.nn.scale_regularization_loss(tf.add_n(model.losses))
        optimizer.apply(tape.gradient(loss, model.trainable_variables), model.trainable_variables)
        return loss

    @tf.function
    def step(x, y, global_batch):
        return strategy.reduce(tf.distribute.ReduceOp.SUM, strategy.run(replica_step, args=(x, y, global_batch)), axis=None)

    rows = len(x[0])
    dataset = strategy.experimental_distribute_dataset(tf.data.Dataset.from_tensor_slices((tuple(x), tuple(y))).batch(batch))
    history = []
    for _ in range(epochs):
        sizes = [min(batch, rows - start) for start in range(0, rows, batch)]
        values = [float(step(*data, tf.constant(size))) * size for data, size in zip(dataset, sizes)]
        history.append(sum(values) / rows)
    return model, history
