"""History.plot, with matplotlib."""

import matplotlib as mpl

mpl.use("Agg")

import numpy as np
import pytest
from matplotlib import pyplot

import samebits as sb


def drawn(history: sb.History) -> list[dict[str, tuple[list[float], list[float]]]]:
    """Label -> x and y of the lines, by picture."""
    pictures = history.plot()
    assert len({axes.figure.number for axes in pictures}) == 1
    lines = [{line.get_label(): (list(line.get_xdata()), list(line.get_ydata())) for line in axes.lines} for axes in pictures]
    for axes in pictures:
        axes.figure.canvas.draw()
        assert axes.get_xlabel() == "epoch"
        assert [text.get_text() for text in axes.get_legend().get_texts()] == [line.get_label() for line in axes.lines]
    pyplot.close("all")
    return lines


def test_a_picture_for_each_number_with_its_validation() -> None:
    (x, y), _ = sb.datasets.load_digits()
    model = sb.Sequential([sb.layers.Flatten(), sb.layers.Dense(10, activation="softmax")])
    model.compile(optimizer="adam", loss="sparse_categorical_crossentropy", metrics=["accuracy"])
    model.fit(x[:200] / 16, y[:200], verbose=0)
    history = model.fit(x[:200] / 16, y[:200], epochs=3, validation_split=0.2, verbose=0)
    epochs, numbers = [1, 2, 3], history.history
    assert drawn(history) == [
        {"loss": (epochs, numbers["loss"]), "val_loss": (epochs, numbers["val_loss"])},
        {"accuracy": (epochs, numbers["accuracy"]), "val_accuracy": (epochs, numbers["val_accuracy"])},
    ]


def test_series_that_are_shorter_longer_many_or_alone() -> None:
    history = sb.History([4, 5, 6], [("loss", [3.0, 2.0, 1.0]), ("val_f1", [0.5])], {})
    assert drawn(history) == [{"loss": ([4, 5, 6], [3.0, 2.0, 1.0])}, {"val_f1": ([6], [0.5])}]
    history.history["loss"] += [0.5, np.float32(0.25)]
    assert drawn(history)[0]["loss"][0] == [0, 1, 2, 3, 4]
    assert len(drawn(sb.History([0], [(f"m{i}", [1.0]) for i in range(7)], {}))) == 7


def test_what_was_not_trained_is_refused() -> None:
    with pytest.raises(ValueError, match=r"^\[History\] there must be something to plot; got no epoch; train one$"):
        sb.History([], [], {}).plot()
    assert pyplot.get_fignums() == []
