"""loop_tf.py in samebits's own words."""

import os
import time

import numpy as np

import samebits as sb

if os.path.isdir("./my_data"):
    x, y = np.load("./my_data/loop_x.npy"), np.load("./my_data/loop_y.npy")
else:
    x, y = np.random.rand(10_000, 100).astype("float32"), np.random.randint(0, 10, size=10_000)
dataset = sb.data.Dataset.from_tensor_slices((x, y)).batch(128).prefetch(sb.data.AUTOTUNE)

model = sb.Sequential(
    [
        sb.Input(shape=(100,)),
        sb.layers.Dense(1024, activation="relu"),
        sb.layers.Dense(1024, activation="relu"),
        sb.layers.Dense(10, activation="softmax"),
    ]
)
model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])

start = time.time()
for step, (x_batch, y_batch) in enumerate(dataset):
    loss, accuracy = model.train_on_batch(x_batch, y_batch)
    if step % 20 == 0:
        print(f"batch {step}: loss {loss:.4f}, accuracy {accuracy:.4f}")
print(f"time: {time.time() - start:.2f} s")

print("digest:", model.digest())
