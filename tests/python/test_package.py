"""The installed C++ package: find_package(samebits) from an install tree builds and runs tests/package."""

import os
import re
import subprocess
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
BUILD = Path(os.environ.get("SAMEBITS_BUILD_DIR", ROOT / "build" / "release"))


def run(*command: str | Path) -> str:
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def test_a_program_finds_builds_and_runs(tmp_path):
    prefix, build = tmp_path / "prefix", tmp_path / "build"
    run("cmake", "--install", BUILD, "--prefix", prefix, "--component", "development")
    headers = {str(path.relative_to(prefix / "include")) for path in (prefix / "include").rglob("*.h")}
    listed = re.search(r"set\(public_headers([^)]*)\)", (ROOT / "cpp/CMakeLists.txt").read_text())
    assert headers == set(listed[1].split()) | {"samebits/eigen.h"}  # which needs Eigen, so it is no part of the header set

    run("cmake", "-S", ROOT / "tests/package", "-B", build, f"-DCMAKE_PREFIX_PATH={prefix}", "-DCMAKE_BUILD_TYPE=Release")
    run("cmake", "--build", build)
    digest = re.findall(
        r"^digest: (sha256:[0-9a-f]{64})$", run(build / "consumer", ROOT / "examples/digits.toml"), re.MULTILINE
    )
    assert len(digest) == 1
    assert digest[0] in (ROOT / "README.md").read_text()
    for file in prefix.rglob("*.cmake"):
        assert not re.search(r"fmt|nlohmann|tomlplusplus|Eigen", file.read_text()), file.name
