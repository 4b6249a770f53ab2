"""PyTorch at its best settings: eager or compiled, Adam fused, the better of NCHW and channels_last."""

import time
from collections.abc import Callable
from typing import Any

import torch
from torch.nn import functional

from networks import NETWORKS, Network, batches_of, data_of, torch_model
from worker import Step, Task


def tensors_of(network: Network, batch: int, batches: int) -> tuple[torch.Tensor, torch.Tensor]:
    """The samples of data_of, NCHW or (N, C), and their classes."""
    x, y = (torch.from_numpy(array) for array in data_of(network, batch, batches))
    return x.permute(0, 3, 1, 2).contiguous() if x.ndim == 4 else x, y.long()


def seconds_of(step: Step) -> float:
    """Seconds of one step, over at least three steps and a fifth of a second, warmed up before."""
    step(3)
    steps, taken = 3, 0.0
    while taken < 0.2:
        start = time.perf_counter()
        step(steps)
        taken, each = time.perf_counter() - start, (time.perf_counter() - start) / steps
        steps *= 2
    return each


def better(make: Callable[[Any], Step], images: bool) -> Task:
    """The faster of the two memory formats; without images there is only one."""
    if not images:
        return make(torch.contiguous_format), "contiguous"
    steps = [
        (make(memory), name) for memory, name in ((torch.contiguous_format, "NCHW"), (torch.channels_last, "channels_last"))
    ]
    return min(steps, key=lambda found: seconds_of(found[0]))


class Contender:
    def __init__(self, threads: int, *, compiled: bool) -> None:
        torch.set_num_threads(threads)
        torch.set_flush_denormal(False)  # as everywhere here: full binary32
        self.compiled = compiled

    def versions(self) -> dict[str, str]:
        lines = [line.strip(" -") for line in torch.__config__.show().splitlines()]
        libraries = [line for line in lines if line.startswith(("Intel(R) oneAPI Math Kernel", "Intel(R) MKL-DNN", "CPU cap"))]
        return {"torch": torch.__version__, "torch libraries": "; ".join(libraries)}

    def set_up(self, kind: str, **options: Any) -> Task:
        torch._dynamo.reset()
        tasks: dict[str, Callable[..., Task]] = {"train": self.train, "predict": self.predict, "gemm": gemm, "conv": conv}
        return tasks[kind](**options)

    def wrapped(self, function: Any) -> Any:
        return torch.compile(function) if self.compiled else function

    def train(self, network: str, batch: int) -> Task:
        description = NETWORKS[network]
        batches = batches_of(description, batch)
        x, y = tensors_of(description, batch, batches)

        def make(memory: Any) -> Step:
            model = torch_model(torch, description).train()
            here = x
            if x.ndim == 4:
                model, here = model.to(memory_format=memory), x.contiguous(memory_format=memory)
            optimizer = torch.optim.Adam(model.parameters(), lr=1e-3, fused=True)
            loss_of = self.wrapped(lambda inputs, labels: functional.cross_entropy(model(inputs), labels))
            parts = list(zip(here.split(batch), y.split(batch), strict=True))  # views

            def step(steps: int) -> None:
                for i in range(steps):
                    inputs, labels = parts[i % batches]
                    optimizer.zero_grad(set_to_none=True)
                    loss_of(inputs, labels).backward()
                    optimizer.step()

            return step

        return better(make, x.ndim == 4)

    def predict(self, network: str, batch: int) -> Task:
        description = NETWORKS[network]
        x, _ = tensors_of(description, batch, 1)

        def make(memory: Any) -> Step:
            model = torch_model(torch, description).eval()
            here = x
            if x.ndim == 4:
                model, here = model.to(memory_format=memory), x.contiguous(memory_format=memory)
            call = self.wrapped(model)

            def step(steps: int) -> None:
                with torch.inference_mode():
                    for _ in range(steps):
                        call(here)

            return step

        return better(make, x.ndim == 4)


def gemm(m: int, n: int, k: int) -> Task:
    a, b, c = torch.randn(m, k), torch.randn(k, n), torch.empty(m, n)

    def step(steps: int) -> None:
        for _ in range(steps):
            torch.mm(a, b, out=c)

    return step, "torch.mm(out=)"


def conv(direction: str, n: int, size: int, c: int, k: int, window: int, stride: int, padding: int) -> Task:
    """One pass of a convolution; the gradients as autograd calls them."""
    x, w, b = torch.randn(n, c, size, size), torch.randn(k, c, window, window), torch.randn(k)
    with torch.no_grad():
        dy = torch.randn_like(functional.conv2d(x, w, b, stride, padding))
    masks = {"input_gradient": [True, False, False], "weight_gradient": [False, True, False]}

    def make(memory: Any) -> Step:
        x_here, w_here, dy_here = (t.contiguous(memory_format=memory) for t in (x, w, dy))
        same = [stride] * 2, [padding] * 2, [1, 1]

        def forward(steps: int) -> None:
            with torch.no_grad():
                for _ in range(steps):
                    functional.conv2d(x_here, w_here, b, stride, padding)

        def backward(steps: int) -> None:
            gradient, mask = torch.ops.aten.convolution_backward, masks[direction]
            with torch.no_grad():
                for _ in range(steps):
                    gradient(dy_here, x_here, w_here, None, *same, False, [0, 0], 1, mask)

        return forward if direction == "forward" else backward

    return better(make, True)
