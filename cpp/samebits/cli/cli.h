// The command line, for the program `samebits` and for Python's console script.
#pragma once

#include <functional>
#include <string>
#include <vector>

namespace samebits {

struct CliHooks {
    std::function<bool()> interrupted{};  // default: SIGINT asks for it
};

// arguments: without the program's name. Progress and errors go to stderr, results to stdout.
// Returns 0 done, 1 the run failed, 2 wrong usage or a wrong recipe, 130 interrupted.
int run_cli(const std::vector<std::string>& arguments, const CliHooks& hooks = {});

}  // namespace samebits
