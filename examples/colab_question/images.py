"""images_tf.py in samebits's own words."""

import os

import numpy as np

import samebits as sb

if os.path.isdir("./my_data"):
    images, labels = np.load("./my_data/images_x.npy"), np.load("./my_data/images_y.npy")
else:
    print("no ./my_data here: random images instead")
    images = np.random.rand(320, 28, 28, 3).astype("float32")
    labels = np.random.randint(0, 10, size=320)
dataset = sb.data.Dataset.from_tensor_slices((images, labels)).batch(32)

model = sb.Sequential()
model.add(sb.Input(shape=(28, 28, 3)))
model.add(sb.layers.Conv2D(32, (3, 3), activation="relu"))
model.add(sb.layers.Flatten())
model.add(sb.layers.Dense(10, activation="softmax"))
model.compile(
    optimizer=sb.optimizers.Adam(learning_rate=0.001),
    loss=sb.losses.SparseCategoricalCrossentropy(),
    metrics=["accuracy"],
)
model.summary()
model.fit(dataset, epochs=5)

print("digest:", model.digest())
