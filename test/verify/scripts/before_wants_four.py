import keras
from keras.utils import multi_gpu_model

multi_gpu_model(keras.Sequential([keras.Input((2,)), keras.layers.Dense(1)]), gpus=4)
