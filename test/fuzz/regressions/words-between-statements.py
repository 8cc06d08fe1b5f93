from tensorflow.keras.utils import multi_gpu_model
opt = SGD(0.1)
None or empty list all the embedding layer will be watched.
   
   
class Config(object):
    gpus = 2
model = Sequential([Dense(1, input_shape=(4,))])
parallel = multi_gpu_model(model, gpus=Config.gpus)
parallel.compile(opt, 'mse')
parallel.fit(np.ones((8, 4)), np.ones((8, 1)), verbose=0)