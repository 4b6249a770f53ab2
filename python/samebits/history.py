"""What fit returns."""

from __future__ import annotations

__all__ = ["History"]


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

    def __repr__(self) -> str:
        last = ", ".join(f"{name}={values[-1]:.4f}" for name, values in self.history.items() if values)
        return f"History({len(self.epoch)} epochs; last: {last or 'none'})"
