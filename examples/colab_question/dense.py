"""dense_tf.py in samebits's own words."""

import os

import numpy as np

import samebits as sb

print("version:", sb.__version__)
print("devices:", sb.runtime.devices())
sb.runtime.configure(memory="grow")  # the default

if os.path.isdir("./my_data"):
    x, labels = np.load("./my_data/dense_x.npy"), np.load("./my_data/dense_y.npy")
else:
    x, labels = np.random.random((1000, 10)), np.random.randint(2, size=1000)
y = sb.utils.to_categorical(labels, num_classes=2)

model = sb.Sequential(
    [
        sb.Input(shape=(10,)),
        sb.layers.Dense(10, activation="relu"),
        sb.layers.Dense(10, activation="relu"),
        sb.layers.Dense(2, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="categorical_crossentropy", metrics=["accuracy"])
try:
    model.fit(x, y, epochs=3)
except sb.RunFailedError as error:
    print("training failed:", error)

print("digest:", model.digest())
