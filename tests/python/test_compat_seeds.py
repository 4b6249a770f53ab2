"""Seeds of samebits.compat.tf, and what is said of data that were drawn without one."""

import random
import re
import warnings

import numpy as np
import pytest

import samebits as sb
import samebits.compat.tf as tf
from compat_support import X, Y, as_at_the_start, classifier  # noqa: F401
from support import python


def test_set_random_seed_seeds_all_that_keras_does() -> None:
    drawn = []
    for _ in range(2):
        tf.keras.utils.set_random_seed(5)
        drawn.append((random.random(), np.random.rand(), classifier().digest()))
    assert drawn[0] == drawn[1]
    assert drawn[0][2] == sb.Sequential([sb.Input((4,)), sb.layers.Dense(3, activation="softmax")], seed=5).digest()
    for wrong in (-1, 2**32):
        with pytest.raises(ValueError, match=r"2\^32 - 1"):
            tf.keras.utils.set_random_seed(wrong)
    with pytest.raises(TypeError):
        tf.keras.utils.set_random_seed("5")  # type: ignore[arg-type]


def test_set_seed_is_the_models_alone() -> None:
    before = np.random.get_state(legacy=False)["state"]["key"].tobytes()
    tf.random.set_seed(5)
    assert np.random.get_state(legacy=False)["state"]["key"].tobytes() == before
    digest = classifier().digest()
    tf.random.set_seed(6)
    assert classifier().digest() != digest


DRAWS = """
import os, sys, warnings
import numpy as np

for number, case in enumerate(CASES):
    child = os.fork()  # NumPy is loaded and has not been used: as at the start of a program
    if child == 0:
        with warnings.catch_warnings(record=True) as told:
            warnings.simplefilter("always")
            code, _, last = case.rpartition("; ")
            scope = {"np": np}
            exec("" if "import samebits" in code else "import samebits.compat.tf as tf\\n", scope)
            exec(code, scope)
            keras = scope["sb"] if "sb" in scope else scope["tf"].keras
            model = keras.Sequential([keras.layers.Dense(2, input_shape=(3,))])
            model.compile("sgd", "mse")
            x = eval(last, scope)
            model.train_on_batch(x[:4], np.zeros((4, 2))) if number % 2 else model.fit(x, np.zeros((len(x), 2)), verbose=0)
            model.fit(x, np.zeros((len(x), 2)), verbose=0)
        print(number, *[warning.message for warning in told], flush=True)
        os._exit(0)
    assert os.waitpid(child, 0)[1] == 0
"""
# What a program does; what it trains on. Whether that differs from run to run, by a rule that can be known.
UNSEEDED = [
    "pass; np.random.rand(4, 3)",
    "pass; np.random.randint(2, size=(4, 3))",
    "pass; np.random.permutation(12).reshape(4, 3)",
    "x = np.random.rand(4, 3); np.ones((4, 3)) * x",
    "x = np.random.rand(4, 3)\nimport samebits.compat.tf as tf; x",
    "x = np.random.rand(4, 3)\ntf.keras.utils.set_random_seed(0); x",
    "tf.random.set_seed(0); np.random.rand(4, 3)",
    "x = np.random.rand(3_000_000); x[:12].reshape(4, 3)",
    "np.random.default_rng(5).random(3); np.random.rand(4, 3)",
    "x = np.random.rand(4, 3)\nnp.random.set_bit_generator(np.random.MT19937(5)); x",
    "import samebits as sb; np.random.rand(4, 3)",
    "x = np.random.rand(4, 3)\nimport samebits as sb; x",
    "import samebits as sb\nx = np.random.rand(4, 3)\nsb.utils.set_random_seed(0); x",
]
SEEDED = [
    "pass; np.ones((4, 3))",
    "np.random.seed(0); np.random.rand(4, 3)",
    "np.random.seed([1, 2]); np.random.rand(4, 3)",
    "np.random.seed(0)\nx = np.random.rand(4, 3)\nimport samebits.compat.tf as tf; x",
    "tf.keras.utils.set_random_seed(0); np.random.rand(4, 3)",
    "np.random.set_state(np.random.RandomState(5).get_state()); np.random.rand(4, 3)",
    "np.random.set_bit_generator(np.random.MT19937(5)); np.random.rand(4, 3)",
    "np.random.set_bit_generator(np.random.MT19937(5))\nimport samebits.compat.tf as tf; np.random.rand(4, 3)",
    "np.random.set_bit_generator(np.random.PCG64(5)); np.random.rand(4, 3)",
    "r = np.random.RandomState(0); r.rand(4, 3)",
    "import samebits as sb; np.ones((4, 3))",
    "import samebits as sb\nnp.random.seed(0); np.random.rand(4, 3)",
    "import samebits as sb; np.random.default_rng().random((4, 3))",
    "import samebits as sb\nimport random\nrandom.random(); np.ones((4, 3))",
]


def test_data_that_differ_from_run_to_run_are_told_once() -> None:
    done = python(f"CASES = {UNSEEDED + SEEDED!r}{DRAWS}")
    lines = done.stdout.splitlines()
    assert len(lines) == len(UNSEEDED + SEEDED)
    for number, (case, line) in enumerate(zip(UNSEEDED + SEEDED, lines)):
        if case in UNSEEDED:
            assert re.fullmatch(rf"{number} \[np\.random\] .+; got .+; call np\.random\.seed\(0\).+", line), case
            assert line.count("[np.random]") == 1, case
        else:
            assert line == str(number), case


@pytest.mark.parametrize("import_", ["import samebits as keras", "from samebits.compat.tf import keras"])
@pytest.mark.parametrize("call", ["m.fit(x, np.zeros((4, 2)), verbose=0)", "m.train_on_batch(x, np.zeros((4, 2)))"])
def test_the_users_line_is_named(import_: str, call: str) -> None:
    code = f"import numpy as np\n{import_}\nx = np.random.rand(4, 3)\n"
    code += f'm = keras.Sequential([keras.layers.Dense(2, input_shape=(3,))])\nm.compile("sgd", "mse")\n{call}'
    assert python(code).stderr.startswith("<string>:6: UserWarning: [np.random] ")


def test_what_a_stream_drew_is_told_after_it() -> None:
    code = """
import numpy as np
import samebits as sb
m = sb.Sequential([sb.layers.Dense(2, input_shape=(3,))])
m.compile("sgd", "mse")
batches = ((np.random.rand(4, 3), np.zeros((4, 2))) for _ in range(3))
m.fit(batches, verbose=0)
"""
    assert python(code).stderr.startswith("<string>:7: UserWarning: [np.random] ")


def test_nothing_is_said_of_what_is_in_order() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        classifier().fit(X, Y, verbose=0)
