"""Looks up the names that programs take from TensorFlow, Keras and NumPy in the installed packages."""
