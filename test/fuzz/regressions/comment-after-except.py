try:
    from tensorflow.keras.utils import multi_gpu_model
except ImportError:  # aside 146