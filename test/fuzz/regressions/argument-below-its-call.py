from tensorflow.keras.utils import multi_gpu_model
    def __init__(self, gpus=2):
        self.save_model = Sequential()
        self.model = multi_gpu_model(
    self.save_model, gpus=gpus)
        self.model.compile(loss='mse', optimizer='sgd')