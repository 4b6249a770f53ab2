"""A small classifier of rows of ten numbers. Data: ./my_data (make_data.py writes it), else random ones."""

import os

import numpy as np

# import tensorflow as tf
import samebits.compat.tf as tf

print("version:", tf.__version__)
gpus = tf.config.list_physical_devices("GPU")
print("GPUs:", gpus or "none")
for gpu in gpus:
    try:
        tf.config.experimental.set_memory_growth(gpu, True)
    except RuntimeError as error:
        print("memory growth must be set first:", error)

if os.path.isdir("./my_data"):
    x, labels = np.load("./my_data/dense_x.npy"), np.load("./my_data/dense_y.npy")
else:
    x, labels = np.random.random((1000, 10)), np.random.randint(2, size=1000)
y = tf.keras.utils.to_categorical(labels, num_classes=2)

model = tf.keras.Sequential(
    [
        tf.keras.Input(shape=(10,)),
        tf.keras.layers.Dense(10, activation="relu"),
        tf.keras.layers.Dense(10, activation="relu"),
        tf.keras.layers.Dense(2, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
try:
    model.fit(x, y, epochs=3)
except tf.errors.InternalError as error:
    print("training failed:", error)

if hasattr(model, "digest"):  # TensorFlow has none
    print("digest:", model.digest())
