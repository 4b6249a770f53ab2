"""Finds the package: the one of SAMEBITS_BUILD_DIR, else the installed one. Without either the tests fail, none is skipped."""

import os
import signal
import sys

if build := os.environ.get("SAMEBITS_BUILD_DIR"):
    sys.path.insert(0, os.path.join(build, "python"))

# What a shell starts in the background ignores Ctrl-C: the tests that send it, and their children, would wait for ever.
signal.signal(signal.SIGINT, signal.default_int_handler)
