"""make compilers: the library by other compilers than this machine's own, COMPILERS="g++-11 clang++" (Colab has GCC 11.4).

For each: no warning; the golden digests by the command, on every instruction set; installed, the programs and headers of
tests/package with that compiler. Clang builds the shared library.
"""

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT / "tests" / "package"))
import consumer  # noqa: E402

SLOW = {"digits.toml", "digits_bn.toml", "digits_resnet.toml"}  # on generic, whose fma is made of integers


def build(compiler: str, folder: Path) -> None:
    options = {
        "CMAKE_CXX_COMPILER": compiler,
        "SAMEBITS_WERROR": "ON",
        "SAMEBITS_SHARED": "ON" if "clang" in compiler else "OFF",
        "SAMEBITS_TESTS": "OFF",
        "SAMEBITS_EXAMPLES": "OFF",
    }
    cache = shutil.which("ccache")
    launcher = {"CMAKE_CXX_COMPILER_LAUNCHER": cache, "CMAKE_C_COMPILER_LAUNCHER": cache} if cache else {}
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    words = [f"-D{name}={value}" for name, value in (options | launcher).items()]
    environment = os.environ | {"CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}
    subprocess.run(["cmake", "-S", ROOT, "-B", folder, *generator, *words], check=True, stdout=subprocess.DEVNULL)
    jobs = ["--parallel", str(os.cpu_count())]
    subprocess.run(["cmake", "--build", folder, *jobs, "--target", "samebits", "samebits_command"], check=True, env=environment)


def trainings(compiler: str, folder: Path) -> None:
    command = folder / "bin" / "samebits"
    found = consumer.run(command, "info")
    (isas,) = (line.split(None, 1)[1].split(", ") for line in found.splitlines() if line.startswith("isas: "))
    for isa in isas:
        os.environ["SAMEBITS_ISA"] = isa
        for recipe, digest in consumer.GOLDEN.items():
            if isa == "generic" and recipe in SLOW:
                continue
            got = consumer.digest(consumer.run(command, "train", ROOT / "examples" / recipe, "--quiet"))
            assert got == digest, f"{compiler}, {isa}, {recipe}: {got}; wanted {digest}"
            print(f"{compiler:8} {isa:8} {recipe:18} the golden digest", flush=True)
    del os.environ["SAMEBITS_ISA"]


def package(compiler: str, folder: Path) -> None:
    with tempfile.TemporaryDirectory() as name:
        prefix, program = Path(name) / "prefix", Path(name) / "program"
        consumer.run("cmake", "--install", folder, "--prefix", prefix, "--component", "development")
        consumer.build(program, f"-DCMAKE_PREFIX_PATH={prefix}", f"-DCMAKE_CXX_COMPILER={compiler}", headers=True)
        consumer.train_and_predict(program)
        (library,) = (path for path in prefix.rglob("libsamebits.*") if path.suffix in {".a", ".so"})
        consumer.require_only_the_api(library)
        print(f"{compiler:8} {library.name}, found by a program; {len(consumer.public_headers())} headers alone", flush=True)


def main() -> None:
    for compiler in os.environ.get("COMPILERS", "g++-11 clang++").split():
        folder = ROOT / "build" / compiler
        build(compiler, folder)
        trainings(compiler, folder)
        package(compiler, folder)
    print("compilers: passed")


if __name__ == "__main__":
    main()
