"""The tests against Keras: pytest tests/keras --seeds 30. They need the environment that tests/tools/setup.sh keras makes."""

import os
import sys
from pathlib import Path

import pytest

if build := os.environ.get("SAMEBITS_BUILD_DIR"):
    sys.path.insert(0, str(Path(build) / "python"))
os.environ["KERAS_BACKEND"] = "tensorflow"
os.environ["TF_ENABLE_ONEDNN_OPTS"] = "0"  # Keras's arithmetic by Eigen, which depends less on the processor
os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
os.environ["CUDA_VISIBLE_DEVICES"] = "-1"


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seeds", type=int, default=30, help="how many random models are compared, from seed 0")


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    if "seed" in metafunc.fixturenames:
        metafunc.parametrize("seed", range(metafunc.config.getoption("seeds")))
