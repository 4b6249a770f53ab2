"""Trains the digits recipe, written out in Python: the digest is that of `samebits train examples/digits.toml`."""

import numpy as np

import samebits as sb

(x_train, y_train), (x_test, y_test) = sb.datasets.load_digits()
x_train = x_train.astype(np.float32)[..., np.newaxis] / np.float32(16)
x_test = x_test.astype(np.float32)[..., np.newaxis] / np.float32(16)

model = sb.Sequential(
    [
        sb.layers.Conv2D(16, 3, padding="same", activation="relu", input_shape=(8, 8, 1)),
        sb.layers.MaxPooling2D(2),
        sb.layers.Conv2D(32, 3, padding="same", activation="relu"),
        sb.layers.MaxPooling2D(2),
        sb.layers.Flatten(),
        sb.layers.Dropout(0.25),
        sb.layers.Dense(64, activation="relu"),
        sb.layers.Dense(10, activation="softmax"),
    ],
    seed=7,
)
model.compile(optimizer=sb.optimizers.Adam(learning_rate=0.003), loss="sparse_categorical_crossentropy", metrics=["accuracy"])
model.fit(x_train, y_train, batch_size=32, epochs=10, validation_split=0.1)

loss, accuracy = model.evaluate(x_test, y_test, verbose=0)
print(f"test loss: {loss:.4f}")
print(f"test accuracy: {accuracy:.4f}")
print(f"digest: {model.digest()}")
