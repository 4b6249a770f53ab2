# make demo, make test: each does all of its own set-up. The work is in tests/tools/ and in the CMake presets.
tools := tests/tools

help:
	@echo "make demo      train the digits recipe by the command line, from Python and from C++: three equal digests"
	@echo "make test      all tests: ctest and pytest"
	@echo "make lint      format, lint, types, layers; clang-tidy on what changed (LINT_ALL=1: on everything)"
	@echo "make setup     only the set-up: libraries by apt-get or pip, Python packages into build/venv"
	@echo "make bench     time training and kernels beside PyTorch, Keras and TensorFlow, half an hour; writes docs/performance.md"
	@echo "               (ROWS=\"gemm mlp_10\" prints some rows; the first time the peers are installed into build/venv-bench)"
	@echo "make growth    time a step against batch, width and depth; draws docs/growth.svg"
	@echo "make winograd  time and rounding error of 3x3 convolutions, direct and by Winograd's tiles; writes docs/performance.md"
	@echo "make figures   measure the figures of docs/performance.md and write them there"
	@echo "make asan      the C++ tests under AddressSanitizer and UndefinedBehaviorSanitizer"
	@echo "make tsan      the C++ tests under ThreadSanitizer"
	@echo "make fuzz      every reader of files under libFuzzer, FUZZ_SECONDS=60 each"
	@echo "make sabotage  break the law on purpose and see the tests turn red"
	@echo "make test-aarch64   build for AArch64 and run the tests and trainings under qemu (test-aarch64-short: a part of them)"
	@echo "make test-keras     random models against Keras: 30 seeds; the first time Keras is installed into build/venv-keras"
	@echo "make test-long      the same for 200 seeds, and random shapes of every kernel against ref/"
	@echo "make test-notebooks   execute the notebooks of examples/ in a kernel"
	@echo "make wheel     a wheel for each Python of this machine, and the source distribution, into dist/ (PYTHONS=... names them)"
	@echo "make test-wheel     install each into an empty environment, train, build a C++ program with it; the notebooks from it"
	@echo "make compilers  build with GCC 11 and Clang, no warning, golden digests; a program that finds the installed library"
	@echo "make docs      the pages as a site, in build/docs; broken links fail"
	@echo "make quality   train the same models in samebits and Keras and write the accuracies into docs/quality.md"
	@echo "make everything   all of these tests in their long forms, an hour; writes the result into docs/everything.md"
	@echo "make prove     all 2^32 inputs of every function against MPFR, an hour; make prove FUNCTIONS=erf: only that one"
	@echo "make clean     remove what was built, not the environment (build/venv)"

setup:
	@$(tools)/setup.sh

demo: setup
	@$(tools)/build.sh release samebits_command example_digits _core
	@build/venv/bin/python examples/demo.py

test: setup
	@$(tools)/test.sh

lint:
	@$(tools)/setup.sh lint
	@$(tools)/build.sh release
	@$(tools)/lint.sh

# ROWS: parts of the names of rows; OPTIONS: others of benchmarks/bench.py, such as --merge.
bench:
	@$(tools)/setup.sh bench
	@SAMEBITS_CMAKE_OPTIONS=-DSAMEBITS_BENCHMARKS=ON $(tools)/build.sh release _core benchmarks
	@build/venv-bench/bin/python benchmarks/bench.py $(ROWS) $(OPTIONS)

growth:
	@$(tools)/setup.sh bench
	@$(tools)/build.sh release _core
	@PYTHONPATH=build/release/python build/venv-bench/bin/python benchmarks/growth.py

winograd: setup
	@SAMEBITS_CMAKE_OPTIONS=-DSAMEBITS_BENCHMARKS=ON $(tools)/build.sh release bench_conv2d bench_winograd_error
	@PYTHONPATH=tests/python build/venv/bin/python benchmarks/winograd.py --write

figures: setup
	@SAMEBITS_CMAKE_OPTIONS=-DSAMEBITS_BENCHMARKS=ON $(tools)/build.sh release all
	@build/venv/bin/python benchmarks/figures.py --build --write

asan: setup
	@$(tools)/build.sh asan all
	@PATH=$(CURDIR)/build/venv/bin:$$PATH ctest --preset asan --parallel $$(nproc)

# setarch -R, where it is allowed: GCC 12's ThreadSanitizer does not start on kernels that randomise addresses by more than 28 bits.
tsan: setup
	@$(tools)/build.sh tsan all
	@export PATH=$(CURDIR)/build/venv/bin:$$PATH; \
	$$(setarch -R true 2>/dev/null && echo setarch -R) ctest --preset tsan --parallel $$(nproc)

fuzz:
	@$(tools)/setup.sh fuzz
	@$(tools)/build.sh fuzz all
	@tests/fuzz/run.sh

sabotage: setup
	@build/venv/bin/python $(tools)/sabotage.py

test-aarch64 test-aarch64-short:
	@$(tools)/setup.sh aarch64
	@build/venv/bin/python $(tools)/aarch64.py $(@:test-aarch64%=%)

test-keras test-long shapes quality: export SAMEBITS_BUILD_DIR := $(CURDIR)/build/release
test-keras: seeds := 30
test-long: seeds := 200

test-keras test-long:
	@$(tools)/setup.sh keras
	@$(tools)/build.sh release _core
	@build/venv-keras/bin/python -m pytest tests/keras --seeds $(seeds)

# And many more random shapes against ref/.
test-long: shapes
shapes: setup
	@$(tools)/build.sh release _core samebits_law
	@SAMEBITS_LONG=1 PYTHONPATH=build/release/python build/venv/bin/python -m pytest tests/python/test_random_shapes.py

quality:
	@$(tools)/setup.sh keras
	@$(tools)/build.sh release _core
	@build/venv-keras/bin/python benchmarks/quality.py --write

test-notebooks:
	@$(tools)/setup.sh notebook
	@$(tools)/build.sh release _core
	@SAMEBITS_BUILD_DIR=$(CURDIR)/build/release build/venv-notebook/bin/python -m pytest tests/notebooks

wheel: setup
	@$(tools)/setup.sh wheel
	@build/venv/bin/python $(tools)/wheels.py

test-wheel: wheel
	@PATH=$(CURDIR)/build/venv/bin:$$PATH build/venv-wheel/bin/python -m pytest tests/wheel

compilers:
	@$(tools)/setup.sh compilers
	@PATH=$(CURDIR)/build/venv/bin:$$PATH build/venv/bin/python $(tools)/compilers.py

docs:
	@$(tools)/setup.sh docs
	@build/venv-docs/bin/python -m sphinx -W --keep-going -q -c docs . build/docs

prove: setup
	@$(tools)/build.sh release prove_functions
	@build/release/tests/cpp/prove/prove_functions $(FUNCTIONS)

everything:
	@.ci/run everything

clean:
	rm -rf build/release build/dev build/asan build/tsan build/fuzz build/sabotage build/aarch64 build/wheel build/g++-11 build/clang++ build/cp* dist

.PHONY: help setup demo test lint bench growth winograd figures asan tsan fuzz sabotage prove quality docs wheel test-wheel compilers everything test-notebooks test-keras test-long shapes test-aarch64 test-aarch64-short clean
