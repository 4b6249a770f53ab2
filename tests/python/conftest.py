"""Finds the package: the one of SAMEBITS_BUILD_DIR, else the installed one. Without either the tests fail, none is skipped."""

import os
import sys

if build := os.environ.get("SAMEBITS_BUILD_DIR"):
    sys.path.insert(0, os.path.join(build, "python"))
