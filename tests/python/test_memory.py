"""The memory contract: what is allocated is what was predicted, and what cannot fit is refused before the first step."""

import json

import numpy as np
import pytest

import samebits as sb
from support import EXAMPLES, blobs, cnn, python

# In a process of its own: nothing else is alive. Prints the plan's peak and the peak that fit reached.
MEASURE = """
import json, sys
import samebits as sb
from support import blobs, cnn

batch, split, isa, threads = json.loads(sys.argv[1])
sb.runtime.configure(isa=isa, threads=threads)
x, y = blobs(70)
model = cnn()
validated = round(70 * split)
plan = model.memory_plan(min(batch, 70 - validated), min(batch, validated))
sb.runtime.reset_memory_peak()
model.fit(x, y, batch_size=batch, epochs=2, validation_split=split, verbose=0)
print(json.dumps([plan.peak, sb.runtime.memory().peak]))
"""


@pytest.mark.parametrize(("isa", "threads"), [("generic", 1), ("avx2", 3), ("avx512", 2)])
@pytest.mark.parametrize(("batch", "split"), [(1, 0.0), (32, 0.0), (32, 0.2), (16, 0.5), (1000, 0.0)])
def test_peak_allocated_is_the_peak_predicted(batch: int, split: float, isa: str, threads: int) -> None:
    if isa not in sb.runtime.info()["isas"]:
        isa = "generic"
    predicted, measured = json.loads(python(MEASURE, json.dumps([batch, split, isa, threads])).stdout)
    assert measured == predicted


@pytest.mark.parametrize("optimizer", ["SGD(0.1)", "SGD(0.1, momentum=0.9)", "Adam()"])
def test_peak_of_each_optimizer(optimizer: str) -> None:
    loss = '"sparse_categorical_crossentropy"'
    code = MEASURE.replace("model = cnn()", f"model = cnn(compiled=False)\nmodel.compile(sb.optimizers.{optimizer}, {loss})")
    predicted, measured = json.loads(python(code, json.dumps([32, 0.2, "generic", 2])).stdout)
    assert measured == predicted


def test_peak_of_a_recipe() -> None:
    recipe = str(EXAMPLES / "digits_mlp.toml")
    code = "import sys, samebits as sb; sb.train(sys.argv[1], verbose=0); print(sb.runtime.memory().peak)"
    measured = int(python(code, recipe).stdout)
    assert sb.recipes.plan(recipe).peak == measured


def test_plan_adds_up_and_can_be_read() -> None:
    model = cnn()
    plan = model.memory_plan(32)
    assert plan.peak == plan.weights + plan.slots + plan.arena + plan.data
    assert plan.batch_size == 32
    assert [row.layer for row in plan.rows if row.weights] == ["conv2d", "dense"]
    assert sum(row.weights for row in plan.rows) >= 4 * model.count_params()
    text = str(plan)
    assert "conv2d" in text
    assert "peak" in text
    assert model.memory_plan(64).arena > plan.arena
    assert sb.recipes.plan(EXAMPLES / "digits.toml").peak > sb.recipes.plan(EXAMPLES / "digits_mlp.toml").peak


# Gives the run less than it needs; then exactly what it needs.
LIMIT = """
import json, sys
import samebits as sb
from support import blobs, cnn

x, y = blobs(70)
model = cnn()
peak = model.memory_plan(32).peak
drawn = model.digest()
sb.runtime.configure(memory_limit=peak - 1)
try:
    model.fit(x, y, verbose=0)
    error = ""
except ValueError as e:
    error = str(e)
refused = [error, model.digest() == drawn, model.epoch, model.step]
sb.runtime.configure(memory_limit=peak)
model.fit(x, y, verbose=0)
print(json.dumps([peak, refused, model.digest(), sb.runtime.memory().peak]))
"""


def test_over_the_limit_is_refused_before_the_first_step() -> None:
    peak, (error, unchanged, epoch, step), digest, reached = json.loads(python(LIMIT).stdout)
    assert error.startswith("[memory]")
    assert "conv2d" in error  # the table of what is large
    assert "batch_size" in error  # and what would fit
    assert unchanged
    assert (epoch, step) == (0, 0)
    assert reached == peak
    model = cnn()
    model.fit(*blobs(70), verbose=0)
    assert digest == model.digest()


def test_limit_from_the_environment() -> None:
    code = "from support import *; cnn().fit(*blobs(70), verbose=0)"
    done = python(code, check=False, SAMEBITS_MEMORY_LIMIT="20KB")
    assert done.returncode == 1
    assert "ValueError: [memory]" in done.stderr
    python(code, SAMEBITS_MEMORY_LIMIT="20MB")


def test_a_thousand_short_fits_are_flat_in_memory() -> None:
    """Measured: the process grows by nothing after the first hundred. The bound of 256 KiB is 262 bytes a fit."""
    code = """
import gc, mmap
import samebits as sb
from support import blobs, cnn

x, y = blobs(8)

def train(times):
    for _ in range(times):
        model = cnn()
        model.fit(x, y, batch_size=4, verbose=0, validation_split=0.25)
        model.predict(x, verbose=0)
    del model
    gc.collect()
    with open("/proc/self/statm") as statm:
        return sb.runtime.memory().used, int(statm.read().split()[1]) * mmap.PAGESIZE

used, before = train(100)
still_used, after = train(1000)
print(used, still_used, after - before)
"""
    used, still_used, growth = map(int, python(code).stdout.split())
    assert used == still_used == 0
    assert growth < 256 * 1024


def test_preallocated_memory_is_taken_once_and_bounds_the_run() -> None:
    code = """
import samebits as sb
from support import blobs, cnn
sb.runtime.configure(memory="preallocate", memory_limit="1MiB")
assert sb.runtime.memory().reserved == 2**20
cnn().fit(*blobs(70), verbose=0)
assert sb.runtime.memory().reserved == 2**20
x, y = blobs(9000)
try:
    cnn().fit(x, y, batch_size=9000, verbose=0)
except ValueError as error:
    print(error)
"""
    assert python(code).stdout.startswith("[memory]")


def test_data_are_not_copied() -> None:
    """A view whose elements NumPy could never hold: 2^22 samples of one."""
    x, y = blobs(1)
    many = np.lib.stride_tricks.as_strided(x[:1], (1 << 14, *x.shape[1:]), (0, *x.strides[1:]))
    labels = np.lib.stride_tricks.as_strided(y[:1], (1 << 14,), (0,))
    model = cnn()
    sb.runtime.reset_memory_peak()
    before = sb.runtime.memory().used
    model.evaluate(many, labels, verbose=0)
    assert sb.runtime.memory().peak - before < 200_000
