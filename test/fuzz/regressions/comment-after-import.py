from keras.utils import multi_gpu_model # add 2021.1.25
