"""Models of samebits.compat.tf: samebits's bits, tf.errors, exceptions of the user's own."""

import re
from typing import Any

import numpy as np
import pytest

import samebits as sb
import samebits.compat.tf as tf
from compat_support import X, Y, as_at_the_start, classifier  # noqa: F401

# dir(tensorflow.errors) of TensorFlow 2.21, the exceptions.
ERRORS = [
    f"{name}Error"
    for group in (
        ("Aborted", "AlreadyExists", "Cancelled", "DataLoss", "DeadlineExceeded", "FailedPrecondition", "Internal"),
        ("InvalidArgument", "NotFound", "Op", "OutOfRange", "PermissionDenied", "ResourceExhausted", "Unauthenticated"),
        ("Unavailable", "Unimplemented", "Unknown"),
    )
    for name in group
]


def test_models_are_samebits_models_and_have_their_bits() -> None:
    ours = sb.Sequential([sb.Input(shape=(4,)), sb.layers.Dense(3, activation="softmax")])
    ours.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model = classifier()
    assert isinstance(model, sb.Sequential)
    assert isinstance(model, tf.keras.Model)
    mine, theirs = (each.fit(X, Y, epochs=2, batch_size=4, verbose=0) for each in (ours, model))
    assert mine.history == theirs.history
    assert ours.digest() == model.digest()
    assert (ours.predict(X, verbose=0) == model.predict(X, verbose=0)).all()
    inputs = tf.keras.Input((4,))
    functional = tf.keras.Model(inputs, tf.keras.layers.Dense(2)(inputs))
    assert isinstance(functional, sb.Model)
    assert functional.count_params() == 10


def test_a_loaded_model_goes_on_with_the_same_bits(tmp_path: Any) -> None:
    model = classifier()
    model.fit(X, Y, verbose=0)
    model.save(tmp_path / "m.safetensors")
    loaded = tf.keras.models.load_model(tmp_path / "m.safetensors")
    assert type(loaded) is tf.keras.Sequential
    for each in (model, loaded):
        each.fit(X, Y, verbose=0)
    assert loaded.digest() == model.digest()
    assert type(tf.keras.models.model_from_json(model.to_json())) is tf.keras.Sequential


def test_a_class_with_its_own_call_is_refused() -> None:
    with pytest.raises(NotImplementedError, match="Own"):

        class Own(tf.keras.Model):
            def call(self, inputs: Any) -> Any:
                return inputs


def test_train_on_batch_takes_what_a_dataset_gives_and_returns_running_means() -> None:
    data = tf.data.Dataset.from_tensor_slices((X, Y)).batch(4)
    model, alone = classifier(), classifier()
    singly = []
    for x, y in data:
        before = alone.evaluate(x, y, batch_size=4, verbose=0)
        alone.reset_metrics()
        singly.append(alone.train_on_batch(x, y))
        assert singly[-1] == before
        got = model.train_on_batch(x, y)
        assert [type(value) for value in got] == [float, float]
        assert got == pytest.approx(np.mean(singly, axis=0), rel=1e-12)
    assert len(singly) == 2
    assert singly[0] != singly[1]
    assert model.digest() == alone.digest()
    model.fit(X, Y, verbose=0)
    assert model.train_on_batch(X, Y, return_dict=True).keys() == {"loss", "accuracy"}
    assert isinstance(classifier(metrics=()).train_on_batch(X, Y), float)


def test_errors_of_tensorflow_can_all_be_caught() -> None:
    assert sorted(tf.errors.__all__) == ERRORS
    for name in ERRORS:
        assert issubclass(getattr(tf.errors, name), tf.errors.OpError)


def changing() -> None:
    """The second batch has another shape."""
    batches = [(X[:4], Y[:4]), (X[4:, :3], Y[4:])]
    classifier().fit(tf.data.Dataset.from_generator(lambda: iter(batches)), verbose=0)


def too_large() -> None:
    model = classifier(units=1000)
    sb.runtime.configure(memory_limit=sb.runtime.memory().used + 100)
    model.fit(X, Y, verbose=0)


def diverging() -> None:
    model = tf.keras.Sequential([tf.keras.layers.Dense(3, input_shape=(4,))])
    model.compile(tf.keras.optimizers.SGD(1e30), "mse")
    model.fit(X, np.zeros((8, 3)), epochs=3, verbose=0)


@pytest.mark.parametrize(
    ("call", "theirs", "ours"),
    [
        (lambda: classifier().fit(X[:, :2], Y, verbose=0), tf.errors.InvalidArgumentError, ValueError),
        (lambda: classifier().train_on_batch(X, Y + 7), tf.errors.InvalidArgumentError, ValueError),
        (lambda: classifier().predict(X[:, :2], verbose=0), tf.errors.InvalidArgumentError, ValueError),
        (lambda: classifier().compile("adm", "mse"), tf.errors.InvalidArgumentError, ValueError),
        (lambda: classifier().compile("adagrad", "mse"), tf.errors.UnimplementedError, NotImplementedError),
        (lambda: classifier().fit(X, Y, validation_freq=2, verbose=0), tf.errors.UnimplementedError, NotImplementedError),
        (changing, tf.errors.InvalidArgumentError, ValueError),
        (too_large, tf.errors.ResourceExhaustedError, ValueError),
        (diverging, tf.errors.InternalError, sb.NonFiniteError),
    ],
)
def test_errors_come_as_tensorflows_and_stay_what_they_are(call: Any, theirs: type[Exception], ours: type[Exception]) -> None:
    with pytest.raises(theirs) as caught:
        call()
    assert isinstance(caught.value, tf.errors.OpError)
    assert isinstance(caught.value, ours)
    assert re.match(r"\[.+\] .+; got .+; .+", caught.value.message, re.DOTALL)
    assert caught.value.__cause__ is None


def test_an_exception_of_the_users_own_stays_as_it_is() -> None:
    own = ValueError("mine")

    def fail(*_: object) -> Any:
        raise own

    model = classifier()
    for call in (
        lambda: model.fit(X, Y, callbacks=[tf.keras.callbacks.LambdaCallback(on_epoch_end=fail)], verbose=0),
        lambda: model.fit(tf.data.Dataset.range(4).map(fail), verbose=0),
    ):
        with pytest.raises(ValueError) as caught:
            call()
        assert caught.value is own
        model.fit(X, Y, verbose=0)  # it goes on
    with pytest.raises(TypeError, match="epohcs"):
        model.fit(X, Y, epohcs=2)
