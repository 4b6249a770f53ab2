"""Whatever is forced from outside changes time and memory, never bits."""

import ctypes
import json
import platform
import re
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from functools import cache

import numpy as np
import pytest

import samebits as sb
from support import ROOT, Array, blobs, cnn, outcome, python

TRAIN = """
import samebits as sb
from support import blobs, outcome

print(*outcome(*blobs()), sb.runtime.info()["isa"], sb.runtime.info()["threads"])
"""
ISAS = ("generic", "avx2", "avx512", "neon")


@cache
def expected() -> list[str]:
    return outcome(*blobs())


# Where they are listed: cpp/README.md, "A new instruction set".
LISTS = {
    "cpp/samebits/kernels/isa.h": r"enum class Isa \{(.*?)\};",
    "cpp/samebits/kernels/isa.cpp": r"names\[\] = \{(.*?)\};",
    "cpp/samebits/env/runtime.h": r"isa\{\}; +// (.*?)\n",
    "cpp/cmake/numerics.cmake": r"SAMEBITS_ALL_ISAS (.*?)\)",
    "python/samebits/runtime.py": r"isa: Literal\[(.*?)\]",
    "README.md": r"\| `SAMEBITS_ISA=(.*?) \|",
    "tests/cpp/law/law_abi.cpp": r"isa: 0 (.*?)\. ",
    "tests/python/law/native.py": r"\nISAS = \((.*?)\)",
    "tests/python/test_isa_objects.py": r"\nISAS = \{(.*?)\}",
}


@pytest.mark.parametrize("place", LISTS)
def test_every_list_of_instruction_sets_has_the_same(place: str) -> None:
    found = re.search(LISTS[place], (ROOT / place).read_text(), re.DOTALL)
    assert found is not None
    words = set(re.findall(r"[a-z]\w+", re.sub("//.*", "", found[1])))
    assert words - {"reference", "count", "x86_64", "aarch64"} == set(ISAS)


def test_an_unknown_instruction_set_is_refused_with_the_list_of_all() -> None:
    with pytest.raises(ValueError, match=r"^\[runtime\] isa must be") as caught:
        sb.runtime.configure(isa="none")  # type: ignore[arg-type]
    listed = ", ".join(ISAS[:-1]) + " or " + ISAS[-1]
    assert str(caught.value) == f'[runtime] isa must be {listed}; got "none"; choose one of them'


@pytest.mark.parametrize("threads", ["1", "2", "3", "8"])
@pytest.mark.parametrize("isa", ISAS)
def test_isa_and_threads(isa: str, threads: str) -> None:
    here = isa in sb.runtime.info()["isas"]
    done = python(TRAIN, check=here, SAMEBITS_ISA=isa, SAMEBITS_THREADS=threads)
    if here:
        assert done.stdout.split() == [*expected(), isa, threads]
    else:
        assert f"[runtime] this CPU cannot run isa={isa}; it has generic" in done.stderr


@pytest.mark.parametrize(
    "settings",
    [
        {"SAMEBITS_MEMORY_LIMIT": "40MB"},
        {"SAMEBITS_DEVICE": "cpu", "SAMEBITS_ENGINE": "portable"},
        {"MALLOC_PERTURB_": "165"},
    ],
)
def test_other_variables(settings: dict[str, str]) -> None:
    assert python(TRAIN, **settings).stdout.split()[:2] == expected()


@pytest.mark.parametrize(
    "call",
    [
        "configure(memory='grow')",
        "configure(memory='grow', memory_limit='40MB')",
        "configure(memory='preallocate', memory_limit='40MB')",
        "configure(threads=3, isa='generic')",
    ],
)
def test_configure(call: str) -> None:
    done = python(TRAIN.replace("as sb\n", f"as sb\nsb.runtime.{call}\n", 1))
    assert done.stdout.split()[:2] == expected()


def test_configure_between_epochs() -> None:
    model = cnn()
    before = sb.runtime.info()
    try:
        for threads, isa in ((3, "generic"), (1, before["isa"])):
            sb.runtime.configure(threads=threads, isa=isa)  # type: ignore[arg-type]
            model.fit(*blobs(), verbose=0, validation_split=0.1)
    finally:
        sb.runtime.configure(threads=int(before["threads"]), isa=before["isa"])  # type: ignore[arg-type]
    assert model.digest() == expected()[0]


@pytest.mark.parametrize(
    ("variable", "value"),
    [
        ("SAMEBITS_ISA", "avx9"),
        ("SAMEBITS_THREADS", "0"),
        ("SAMEBITS_THREADS", "two"),
        ("SAMEBITS_DEVICE", "cuda"),
        ("SAMEBITS_DEVICE", "abacus"),
        ("SAMEBITS_ENGINE", "native"),
        ("SAMEBITS_MEMORY_LIMIT", "lots"),
    ],
)
def test_a_wrong_variable_is_an_error(variable: str, value: str) -> None:
    done = python(TRAIN, check=False, **{variable: value})
    assert done.returncode == 1
    assert "[runtime]" in done.stderr
    assert value in done.stderr


# Sets rounding upward and flush-to-zero for the whole thread, as other libraries do, trains, and looks whether both are left.
HOSTILE = """
import ctypes, json, platform
import numpy as np
import samebits as sb
from support import blobs, outcome

x, y = blobs()
libm = ctypes.CDLL("libm.so.6")
x86 = platform.machine() in ("x86_64", "AMD64")
environment = (ctypes.c_uint32 * 16)()  # glibc's fenv_t: x86-64 has MXCSR in word 7, AArch64 FPCR in word 0
word, flush, upward = (7, 0x8040, 0x800) if x86 else (0, 1 << 24, 1 << 22)

def control():
    libm.fegetenv(environment)
    return environment[word]

assert libm.fesetround(upward) == 0
control()
environment[word] |= flush
libm.fesetenv(environment)
tiny = np.float32(1e-39)
before = control(), libm.fegetround()
flushed = bool((np.full(9, tiny) * np.float32(1)).max() == 0)
got = outcome(x, y)
after = control(), libm.fegetround()
libm.fesetround(0)
environment[word] &= ~flush & 0xFFFFFFFF
control()
environment[word] &= ~flush & 0xFFFFFFFF
libm.fesetenv(environment)
print(json.dumps([got, before[1] == upward, flushed, before[0] & ~63 == after[0] & ~63, before[1] == after[1]]))
"""


def test_a_caller_that_flushes_to_zero_and_rounds_upward() -> None:
    got, rounded, flushed, kept_control, kept_rounding = json.loads(python(HOSTILE).stdout)
    assert rounded
    assert flushed
    assert got == expected()
    assert kept_control
    assert kept_rounding


def test_worker_threads_of_python_get_the_same_bits() -> None:
    with ThreadPoolExecutor(4) as pool:
        assert all(got == expected() for got in pool.map(lambda _: outcome(*blobs()), range(8)))


def test_numpy_seeds_and_hash_seeds_do_not_matter() -> None:
    np.random.seed(3)
    assert python(TRAIN, PYTHONHASHSEED="5").stdout.split()[:2] == expected()


@pytest.mark.parametrize("where", ["callback", "generator"])
@pytest.mark.parametrize("rounding", [0x400, 0x800])  # x86-64's FE_DOWNWARD, FE_UPWARD
@pytest.mark.skipif(platform.machine() != "x86_64", reason="the numbers of the rounding modes are x86-64's")
def test_what_a_run_calls_cannot_change_its_rounding(where: str, rounding: int) -> None:
    libm = ctypes.CDLL("libm.so.6")
    x, y = blobs()

    def run(mode: int) -> str:
        def batches() -> Iterator[tuple[Array, Array]]:
            for i in range(0, 64, 16):
                if where == "generator":
                    libm.fesetround(mode)
                yield x[i : i + 16], y[i : i + 16]

        class Rounds(sb.callbacks.Callback):
            def on_train_batch_begin(self, batch: int, logs: object = None) -> None:
                if where == "callback":
                    libm.fesetround(mode)

        model = cnn()
        try:
            model.fit(batches(), epochs=1, verbose=0, callbacks=[Rounds()])
            assert libm.fegetround() == 0
        finally:
            libm.fesetround(0)
        return model.digest()

    assert run(rounding) == run(0)
