"""Models, optimizers and data described once, so that both libraries can make them: they have the same names."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np


@dataclass(frozen=True)
class Made:
    """What `library.<path>(**arguments)` makes; arguments may be Made themselves."""

    path: str
    arguments: Mapping[str, Any] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        return self.path.rpartition(".")[2]

    def by(self, library: Any) -> Any:
        path, arguments = self.path, dict(self.arguments)
        if library.__name__ == "keras" and self.kind in ("GELU", "SiLU"):  # only activations there
            path, arguments["activation"] = "layers.Activation", self.kind.lower()
        if library.__name__ == "keras":
            arguments.pop("algorithm", None)  # a convolution is one there
        found = library
        for name in path.split("."):
            found = getattr(found, name)
        return found(**{name: made(library, value) for name, value in arguments.items()})

    def parts(self) -> Iterator["Made"]:
        """Itself and what its arguments are made of."""
        yield self
        for value in self.arguments.values():
            if isinstance(value, Made):
                yield from value.parts()


def made(library: Any, value: Any) -> Any:
    """The value, with everything in it made by the library."""
    if isinstance(value, Made):
        return value.by(library)
    return [made(library, item) for item in value] if isinstance(value, list) else value


@dataclass(frozen=True)
class Call:
    """A layer used on tensors. Tensors are numbered: first the inputs, then what each call gave."""

    layer: int
    inputs: tuple[int, ...]


@dataclass(frozen=True)
class Graph:
    inputs: list[tuple[int, ...]]
    layers: list[Made]
    calls: list[Call]
    outputs: list[int]
    sequential: bool
    """Whether it is built as a Sequential, which only a chain can be."""

    def by(self, library: Any, seed: int) -> Any:
        shapes = [library.Input(shape, name=f"input_{i}") for i, shape in enumerate(self.inputs)]
        layers = [layer.by(library) for layer in self.layers]
        more = {"seed": seed} if library.__name__ == "samebits" else {}
        if self.sequential:
            return library.Sequential([*shapes, *layers], name="sequential", **more)
        tensors = shapes
        for call in self.calls:
            given = [tensors[i] for i in call.inputs]
            tensors = [*tensors, layers[call.layer](given if len(given) > 1 else given[0])]
        outputs = [tensors[i] for i in self.outputs]
        one = len(shapes) == 1, len(outputs) == 1
        return library.Model(shapes[0] if one[0] else shapes, outputs[0] if one[1] else outputs, **more)


@dataclass(frozen=True)
class Case:
    """A model, how it is trained, and on what."""

    seed: int
    graph: Graph
    optimizer: Made
    losses: list[Made]
    """One an output, as the metrics."""
    metrics: list[list[Any]]
    loss_weights: list[float] | None
    x: list[np.ndarray]
    y: list[np.ndarray]
    batch: int
    """Size of a batch; the last one is smaller."""
    sample_weight: np.ndarray | None
    class_weight: dict[int, float] | None

    def parts(self) -> list[Made]:
        """Everything it is made of."""
        metrics = [m for each in self.metrics for m in each if isinstance(m, Made)]
        return [part for made in [*self.graph.layers, self.optimizer, *self.losses, *metrics] for part in made.parts()]

    def batches(self) -> list[slice]:
        return [slice(start, start + self.batch) for start in range(0, len(self.x[0]), self.batch)]
