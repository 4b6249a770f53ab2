"""What fit returns."""

from __future__ import annotations

__all__ = ["History"]


class History:
    """The losses and metrics of a run, one value an epoch."""

    def __init__(self, epoch: list[int], series: list[tuple[str, list[float]]], params: dict[str, int | str]) -> None:
        self.epoch = epoch
        """Numbers of the epochs that were trained, counted on the model from 0."""
        self.history = dict(series)
        """"loss", then the metrics, then "val_loss", ...: a list each."""
        self.params = params
        """"epochs", "steps" (in an epoch) and "verbose" of the call."""

    def __repr__(self) -> str:
        last = ", ".join(f"{name}={values[-1]:.4f}" for name, values in self.history.items() if values)
        return f"History({len(self.epoch)} epochs; last: {last or 'none'})"
