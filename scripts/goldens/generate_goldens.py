"""Writes fixtures/goldens/{ops,layers}.json: what Python TensorFlow computes, forward and gradient.

Run: .venv/bin/python scripts/goldens/generate_goldens.py
The TypeScript side (test/runtime/backend/goldens.test.ts) has a formula of the same name for each case.
"""
import json
import os
import pathlib

os.environ.setdefault('TF_CPP_MIN_LOG_LEVEL', '3')
import numpy as np
import tensorflow as tf

FOLDER = pathlib.Path(__file__).resolve().parents[2] / 'fixtures' / 'goldens'
rng = np.random.default_rng(20)


def numbers(*shape, low=-1.0, high=1.0):
    return rng.uniform(low, high, shape).astype(np.float32)


def positive(*shape):
    return numbers(*shape, low=0.2, high=2.0)


def whole(*shape, high=4):
    return rng.integers(0, high, shape).astype(np.int32)


def pack(array):
    array = np.asarray(array)
    # Nine digits hold a float32 exactly.
    values = [float(f'{v:.9g}') if array.dtype == np.float32 else v for v in array.reshape(-1).tolist()]
    return {'shape': list(array.shape), 'dtype': array.dtype.name, 'values': values}


def unary(fn, values=None):
    return ([numbers(3, 4) if values is None else values], fn)


OPS = {
    'add': ([numbers(2, 3), numbers(3)], lambda a, b: a + b),
    'sub': ([numbers(2, 3), numbers(2, 1)], lambda a, b: a - b),
    'mul': ([numbers(2, 3), numbers(3)], lambda a, b: a * b),
    'div': ([numbers(2, 3), positive(3)], lambda a, b: a / b),
    'pow': ([positive(2, 3), numbers(3)], tf.pow),
    'maximum': ([numbers(4, 3), numbers(4, 3)], tf.maximum),
    'minimum': ([numbers(4, 3), numbers(4, 3)], tf.minimum),
    'squaredDifference': ([numbers(4, 3), numbers(4, 3)], tf.math.squared_difference),
    'atan2': ([numbers(4), numbers(4)], tf.math.atan2),
    'exp': unary(tf.exp),
    'log': unary(tf.math.log, positive(3, 4)),
    'log1p': unary(tf.math.log1p, positive(3, 4)),
    'sqrt': unary(tf.sqrt, positive(3, 4)),
    'rsqrt': unary(tf.math.rsqrt, positive(3, 4)),
    'erf': unary(tf.math.erf),
    'sin': unary(tf.sin),
    'tanh': unary(tf.tanh),
    'sigmoid': unary(tf.sigmoid),
    'softplus': unary(tf.math.softplus),
    'relu': unary(tf.nn.relu),
    'relu6': unary(tf.nn.relu6, numbers(3, 4, low=-2, high=8)),
    'elu': unary(tf.nn.elu),
    'selu': unary(tf.nn.selu),
    'leakyRelu': unary(lambda x: tf.nn.leaky_relu(x, 0.1)),
    'softmax': unary(tf.nn.softmax),
    'logSoftmax': unary(tf.nn.log_softmax),
    'clipByValue': unary(lambda x: tf.clip_by_value(x, -0.5, 0.5)),
    'sum': unary(lambda x: tf.reduce_sum(x, 1)),
    'mean': unary(lambda x: tf.reduce_mean(x, 0, keepdims=True)),
    'max': unary(lambda x: tf.reduce_max(x, 1)),
    'min': unary(lambda x: tf.reduce_min(x, 1)),
    'prod': unary(lambda x: tf.reduce_prod(x, 1)),
    'cumsum': unary(lambda x: tf.cumsum(x, 1, exclusive=True)),
    'matMul': ([numbers(3, 4), numbers(5, 4)], lambda a, b: tf.matmul(a, b, transpose_b=True)),
    'attention': (
        [numbers(2, 2, 5, 4), numbers(2, 2, 6, 4), numbers(2, 2, 6, 3)],
        lambda q, k, v: tf.matmul(tf.nn.softmax(tf.matmul(q, k, transpose_b=True) / 2.0), v),
    ),
    'conv2d': ([numbers(2, 6, 5, 3), numbers(3, 2, 3, 4)], lambda x, f: tf.nn.conv2d(x, f, 1, 'VALID')),
    'conv2dStrided': ([numbers(2, 7, 6, 2), numbers(3, 3, 2, 4)], lambda x, f: tf.nn.conv2d(x, f, 2, 'SAME')),
    'conv2dExplicit': (
        [numbers(1, 5, 5, 2), numbers(3, 3, 2, 3)],
        lambda x, f: tf.nn.conv2d(x, f, 1, [[0, 0], [1, 1], [1, 1], [0, 0]]),
    ),
    'conv2dTranspose': (
        [numbers(1, 3, 3, 4), numbers(2, 2, 3, 4)],
        lambda x, f: tf.nn.conv2d_transpose(x, f, [1, 6, 6, 3], 2, 'SAME'),
    ),
    'conv3d': ([numbers(1, 4, 4, 4, 2), numbers(2, 2, 2, 2, 3)], lambda x, f: tf.nn.conv3d(x, f, [1] * 5, 'VALID')),
    'depthwiseConv2d': (
        [numbers(2, 6, 6, 3), numbers(3, 3, 3, 2)],
        lambda x, f: tf.nn.depthwise_conv2d(x, f, [1, 1, 1, 1], 'SAME'),
    ),
    'maxPool': ([numbers(2, 6, 6, 2)], lambda x: tf.nn.max_pool2d(x, 2, 2, 'VALID')),
    'avgPool': ([numbers(2, 5, 5, 2)], lambda x: tf.nn.avg_pool2d(x, 3, 2, 'SAME')),
    'maxPool3d': ([numbers(1, 4, 4, 4, 2)], lambda x: tf.nn.max_pool3d(x, 2, 2, 'VALID')),
    'avgPool3d': ([numbers(1, 4, 4, 4, 2)], lambda x: tf.nn.avg_pool3d(x, 2, 2, 'SAME')),
    'localResponseNormalization': (
        [numbers(1, 3, 3, 6)],
        lambda x: tf.nn.lrn(x, depth_radius=2, bias=1.0, alpha=0.5, beta=0.75),
    ),
    'batchNorm': (
        [numbers(2, 3, 3, 4), numbers(4), positive(4), numbers(4), positive(4)],
        lambda x, mean, variance, offset, scale: tf.nn.batch_normalization(x, mean, variance, offset, scale, 1e-3),
    ),
    'gather': ([numbers(5, 3)], lambda x: tf.gather(x, [4, 0, 0, 2])),
    'concat': ([numbers(2, 3), numbers(2, 2)], lambda a, b: tf.concat([a, b], 1)),
    'slice': ([numbers(4, 5)], lambda x: tf.slice(x, [1, 2], [2, 3])),
    'pad': ([numbers(2, 3)], lambda x: tf.pad(x, [[1, 0], [2, 1]], constant_values=0.5)),
    'transpose': ([numbers(2, 3, 4)], lambda x: tf.transpose(x, [2, 0, 1])),
    'tile': ([numbers(2, 3)], lambda x: tf.tile(x, [2, 2])),
    'where': ([numbers(3, 4), numbers(3, 4)], lambda a, b: tf.where(a > 0, a, b)),
    'unsortedSegmentSum': ([numbers(5, 3)], lambda x: tf.math.unsorted_segment_sum(x, [0, 2, 0, 1, 2], 3)),
    'resizeBilinear': ([numbers(1, 4, 4, 2)], lambda x: tf.image.resize(x, [7, 6], 'bilinear')),
    'resizeNearestNeighbor': ([numbers(1, 4, 4, 2)], lambda x: tf.image.resize(x, [8, 8], 'nearest')),
}

# Values only: TensorFlow.js defines no gradient (or no right one), or the inputs are whole numbers.
FORWARD_ONLY = {
    'einsum': ([numbers(2, 3, 4), numbers(4, 5)], lambda a, b: tf.einsum('bij,jk->bik', a, b)),
    'stridedSlice': ([numbers(5, 6)], lambda x: x[0:5:2, 1:6:3]),
    'mirrorPad': ([numbers(4, 4)], lambda x: tf.pad(x, [[2, 1], [1, 2]], 'REFLECT')),
    'depthwiseConv2dDilated': (
        [numbers(1, 8, 7, 2), numbers(3, 2, 2, 2)],
        lambda x, f: tf.nn.depthwise_conv2d(x, f, [1, 1, 1, 1], 'VALID', dilations=[2, 2]),
    ),
    'floorDiv': ([whole(6, high=20), np.array([3, 7, -2, 5, -4, 1], np.int32)], lambda a, b: a // b),
    'mod': ([numbers(6, low=-9, high=9), np.array([3, 2, -2, 5, -4, 1], np.float32)], tf.math.floormod),
    'oneHot': ([whole(5)], lambda x: tf.one_hot(x, 4)),
    'topk': ([numbers(3, 6)], lambda x: tf.math.top_k(x, 3)[0]),
    'argMax': ([numbers(3, 6)], lambda x: tf.argmax(x, 1, tf.int32)),
    'fft': ([numbers(2, 8)], lambda x: tf.abs(tf.signal.fft(tf.cast(x, tf.complex64)))),
    'rfft': ([numbers(2, 8)], lambda x: tf.abs(tf.signal.rfft(x))),
    'bincount': ([whole(9)], lambda x: tf.math.bincount(x, minlength=4, maxlength=4)),
    'cropAndResize': (
        [numbers(1, 6, 6, 2), np.array([[0.1, 0.2, 0.8, 0.9]], np.float32)],
        lambda x, boxes: tf.image.crop_and_resize(x, boxes, [0], [3, 3]),
    ),
    'nonMaxSuppression': (
        [np.array([[0, 0, 1, 1], [0, 0.1, 1, 1.1], [0, 2, 1, 3]], np.float32), np.array([0.9, 0.8, 0.7], np.float32)],
        lambda boxes, scores: tf.image.non_max_suppression(boxes, scores, 3, 0.5),
    ),
}


def op_case(name, inputs, fn, gradient):
    tensors = [tf.constant(value) for value in inputs]
    with tf.GradientTape() as tape:
        for tensor in tensors:
            tape.watch(tensor)
        output = fn(*tensors)
        weights = numbers(*output.shape)
        loss = tf.reduce_sum(output * weights) if gradient else None
    case = {'name': name, 'inputs': [pack(value) for value in inputs], 'output': pack(output)}
    if gradient:
        case['outputWeights'] = pack(weights)
        case['gradients'] = [pack(tf.convert_to_tensor(value)) for value in tape.gradient(loss, tensors)]
    return case


L = tf.keras.layers
LAYERS = {
    'dense': (L.Dense(4, activation='tanh'), numbers(3, 5)),
    'conv1d': (L.Conv1D(4, 3, padding='same'), numbers(2, 6, 3)),
    'conv2d': (L.Conv2D(4, 3, strides=2, activation='relu'), numbers(2, 7, 7, 2)),
    'conv2dTranspose': (L.Conv2DTranspose(3, 3, strides=2, padding='same'), numbers(1, 4, 4, 2)),
    'depthwiseConv2d': (L.DepthwiseConv2D(3, depth_multiplier=2), numbers(2, 6, 6, 2)),
    'separableConv2d': (L.SeparableConv2D(4, 3, padding='same'), numbers(1, 5, 5, 2)),
    'maxPooling2d': (L.MaxPooling2D(2), numbers(2, 6, 6, 2)),
    'averagePooling2d': (L.AveragePooling2D(3, strides=2, padding='same'), numbers(2, 5, 5, 2)),
    'globalAveragePooling2d': (L.GlobalAveragePooling2D(), numbers(2, 4, 4, 3)),
    'batchNormalization': (L.BatchNormalization(), numbers(4, 3, 3, 2)),
    'layerNormalization': (L.LayerNormalization(), numbers(4, 6)),
    'embedding': (L.Embedding(6, 3), whole(2, 4, high=6)),
    'simpleRnn': (L.SimpleRNN(4), numbers(2, 5, 3)),
    'lstm': (L.LSTM(4, recurrent_activation='sigmoid'), numbers(2, 5, 3)),
    'lstmSequences': (L.LSTM(3, recurrent_activation='sigmoid', return_sequences=True), numbers(2, 4, 3)),
    'gru': (L.GRU(4, recurrent_activation='sigmoid', reset_after=False), numbers(2, 5, 3)),
    'bidirectionalLstm': (L.Bidirectional(L.LSTM(3, recurrent_activation='sigmoid')), numbers(2, 4, 3)),
}


def layer_case(name, layer, value):
    x = tf.constant(value)
    layer(x)
    weights = [numbers(*w.shape) if 'variance' not in w.path else positive(*w.shape) for w in layer.weights]
    layer.set_weights(weights)
    trainable = layer.trainable_weights
    with tf.GradientTape() as tape:
        if value.dtype == np.float32:
            tape.watch(x)
        output = layer(x, training=False) if name == 'batchNormalization' else layer(x)
        outer = numbers(*output.shape)
        loss = tf.reduce_sum(output * outer)
    watched = [w.value for w in trainable] + ([x] if value.dtype == np.float32 else [])
    gradients = [tf.convert_to_tensor(g) for g in tape.gradient(loss, watched)]
    return {
        'name': name,
        'input': pack(value),
        'weights': [pack(w) for w in weights],
        'output': pack(output),
        'outputWeights': pack(outer),
        'weightGradients': [pack(g) for g in gradients[: len(trainable)]],
        'inputGradient': pack(gradients[-1]) if value.dtype == np.float32 else None,
    }


def write(name, cases):
    FOLDER.mkdir(parents=True, exist_ok=True)
    text = ',\n'.join(json.dumps(case, separators=(',', ':')) for case in cases)
    (FOLDER / name).write_text(f'{{"tensorflow":"{tf.__version__}","cases":[\n{text}\n]}}\n')
    print(name, len(cases), 'cases')


write('ops.json', [op_case(name, *case, True) for name, case in OPS.items()] + [op_case(name, *case, False) for name, case in FORWARD_ONLY.items()])
write('layers.json', [layer_case(name, *case) for name, case in LAYERS.items()])
