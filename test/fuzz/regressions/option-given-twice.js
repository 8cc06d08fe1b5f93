import * as tf from '@tensorflow/tfjs';
model.add(
  tf.layers.conv2d({
    updatable: true, // as in the paper
    updatable: true, // as in the paper
  }),
);