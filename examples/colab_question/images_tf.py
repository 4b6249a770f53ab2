"""A convolution over colour images, fed by a Dataset. Data: ./my_data (make_data.py writes it), else random ones."""

import os

import numpy as np

# import tensorflow as tf
import samebits.compat.tf as tf

gpus = tf.config.list_physical_devices("GPU")
if gpus:  # leave something for others
    tf.config.set_logical_device_configuration(gpus[0], [tf.config.LogicalDeviceConfiguration(memory_limit=2048)])

if os.path.isdir("./my_data"):
    images, labels = np.load("./my_data/images_x.npy"), np.load("./my_data/images_y.npy")
else:
    print("no ./my_data here: random images instead")
    images = np.random.rand(320, 28, 28, 3).astype("float32")
    labels = np.random.randint(0, 10, size=320)
dataset = tf.data.Dataset.from_tensor_slices((images, labels)).batch(32)

model = tf.keras.models.Sequential()
model.add(tf.keras.Input(shape=(28, 28, 3)))
model.add(tf.keras.layers.Conv2D(32, (3, 3), activation="relu"))
model.add(tf.keras.layers.Flatten())
model.add(tf.keras.layers.Dense(10, activation="softmax"))
model.compile(
    optimizer=tf.keras.optimizers.Adam(learning_rate=0.001),
    loss=tf.keras.losses.SparseCategoricalCrossentropy(),
    metrics=["accuracy"],
)
model.summary()
model.fit(dataset, epochs=5)

if hasattr(model, "digest"):  # TensorFlow has none
    print("digest:", model.digest())
