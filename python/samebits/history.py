"""What fit returns."""

from __future__ import annotations

import importlib
from typing import Any

from ._html import table

__all__ = ["History"]

_ROWS = 20  # of the table in a notebook


class History:
    """The losses and metrics of a run, one value an epoch."""

    def __init__(
        self,
        epoch: list[int],
        series: list[tuple[str, list[float]]],
        params: dict[str, int | None],
        data_digest: str | None = None,
    ) -> None:
        self.epoch = epoch
        """Numbers of the epochs that were trained, counted on the model from 0."""
        self.history = dict(series)
        """"loss", then the metrics, then "val_loss", ...: a list each."""
        self.params = params
        """"epochs", "steps" (in an epoch; None where it was not known before) and "verbose" of the call."""
        self.data_digest = data_digest
        """"sha256:<64 hex digits>" of all batches that the run was given, in their order, where code outside samebits had a
        part in them (a generator, a DataLoader, a Dataset with a map, a filter or such a source); None otherwise. Two runs of
        one seed and one digest had the same data."""

    def plot(self) -> list[Any]:
        """Draw the series by matplotlib: a picture for the loss and one for each metric, the validation's in the same.

        Returns
        -------
        list of matplotlib.axes.Axes
            One a picture; all are in one figure, which a notebook shows by itself: plot()[0].figure.savefig("history.svg").

        Raises
        ------
        ImportError
            Without matplotlib.
        ValueError
            When no epoch was trained.
        """
        try:
            pyplot = importlib.import_module("matplotlib.pyplot")
        except ImportError as error:
            raise ImportError(f'[History] plot needs matplotlib; got "{error}"; do pip install matplotlib') from error
        names = [name for name in self.history if not (name.startswith("val_") and name[4:] in self.history)]
        if not names:
            raise ValueError("[History] there must be something to plot; got no epoch; train one")
        columns = min(len(names), 3)
        rows = -(-len(names) // columns)
        figure = pyplot.figure(figsize=(4.5 * columns, 3.2 * rows), layout="constrained")
        pictures = []
        for place, name in enumerate(names, start=1):
            axes = figure.add_subplot(rows, columns, place, xlabel="epoch")
            for label in (name, "val_" + name):
                if label in self.history:
                    axes.plot(self._epochs(label), self.history[label], marker=".", label=label)
            axes.xaxis.get_major_locator().set_params(integer=True)
            axes.legend()
            pictures.append(axes)
        return pictures

    def __repr__(self) -> str:
        last = ", ".join(f"{name}={values[-1]:.4f}" for name, values in self.history.items() if values)
        return f"History({len(self.epoch)} epochs; last: {last or 'none'})"

    def _repr_html_(self) -> str:
        series = [dict(zip(self._epochs(name), values, strict=True)) for name, values in self.history.items()]
        epochs = max([self.epoch, *series], key=len)
        rows = [[str(epoch), *(f"{values[epoch]:.4f}" if epoch in values else "" for values in series)] for epoch in epochs]
        if len(rows) > _ROWS:
            rows[_ROWS // 2 : -_ROWS // 2] = [["..."] * len(rows[0])]
        return table(repr(self), ["epoch", *self.history], rows)

    def _epochs(self, name: str) -> list[int]:
        """The epochs of a series."""
        late = len(self.epoch) - len(self.history[name])
        if late < 0:  # the user has put several runs together
            return list(range(len(self.history[name])))
        return self.epoch[late:]  # a callback may have begun to add a number in the middle
