#include "samebits/cli/cli.h"

int main(int argc, char** argv) { return samebits::run_cli({argv + 1, argv + argc}); }
