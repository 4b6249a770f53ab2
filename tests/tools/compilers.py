"""make compilers: the library by other compilers than this machine's own, COMPILERS="g++-11 clang++" (Colab has GCC 11.4).

For each: no warning; the golden digests by the command, on every instruction set; the Python module; the library installed,
static and shared, and found by the programs and headers of tests/package with that compiler.
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


def build(compiler: str, folder: Path, shared: bool) -> None:
    options = {
        "CMAKE_CXX_COMPILER": compiler,
        "SAMEBITS_WERROR": "ON",
        "SAMEBITS_SHARED": "ON" if shared else "OFF",
        "SAMEBITS_TESTS": "OFF",
        "SAMEBITS_EXAMPLES": "OFF",
        "SAMEBITS_PYTHON": "ON",
        "Python_EXECUTABLE": sys.executable,
    }
    if cache := shutil.which("ccache"):
        options["CMAKE_CXX_COMPILER_LAUNCHER"] = cache
    words = [f"-D{name}={value}" for name, value in options.items()]
    generator = ["-G", "Ninja"] if shutil.which("ninja") else []
    environment = os.environ | {"CCACHE_BASEDIR": str(ROOT), "CCACHE_NOHASHDIR": "1"}
    subprocess.run(["cmake", "-S", ROOT, "-B", folder, *generator, *words], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder, "--parallel", str(os.cpu_count())], check=True, env=environment)


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


def module(compiler: str, folder: Path) -> None:
    code = "import samebits as sb; print('digest:', sb.train(sys.argv[2], verbose=0).digest())"
    code = f"import sys; sys.path.insert(0, sys.argv[1]); {code}"
    printed = consumer.run(sys.executable, "-c", code, folder / "python", ROOT / "examples" / "digits_mlp.toml")
    assert consumer.digest(printed) == consumer.GOLDEN["digits_mlp.toml"]
    print(f"{compiler:8} the Python module: the golden digest", flush=True)


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
        folder = ROOT / "build" / Path(compiler).name
        for shared in (False, True):
            build(compiler, folder, shared)
            if not shared:
                trainings(compiler, folder)
                module(compiler, folder)
            package(compiler, folder)
    print("compilers: passed")


if __name__ == "__main__":
    main()
