#include "samebits/cli/cli.h"

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <iterator>
#include <new>
#include <utility>

#include "samebits/base/check.h"
#include "samebits/env/runtime.h"
#include "samebits/train/recipe.h"
#include "samebits/version.h"

namespace samebits {
namespace {

constexpr const char* usage = R"(usage: samebits <command>

  train FILE.toml [--set KEY=VALUE]... [--out DIR] [--quiet]   train a recipe; the last line of stdout is its digest
  plan FILE.toml [--set KEY=VALUE]...                          the exact memory of that run, before it runs
  digest FILE                                                  the digest of a saved model
  info                                                         what this is and runs on
  --version, --help

SAMEBITS_THREADS, SAMEBITS_ISA, SAMEBITS_DEVICE and SAMEBITS_MEMORY_LIMIT change time and memory, never bits.
)";

// Wrong use of the command line: exit status 2.
class Usage : public Error {
public:
    using Error::Error;
};

volatile std::sig_atomic_t interrupts = 0;

// While a run goes on, Ctrl-C asks it to stop; a second one ends the program.
class SignalScope {
public:
    SignalScope()
        : before_(std::signal(SIGINT, [](int) {
              if (interrupts != 0) std::_Exit(130);
              interrupts = 1;
          })) {}
    ~SignalScope() { std::signal(SIGINT, before_); }
    SignalScope(const SignalScope&) = delete;
    SignalScope& operator=(const SignalScope&) = delete;

private:
    void (*before_)(int);
};

struct Arguments {
    std::string file;
    std::vector<std::pair<std::string, std::string>> set;
    std::string out;
    bool quiet = false;
};

void print(const std::string& text) { std::fwrite(text.data(), 1, text.size(), stdout); }

Arguments parse(const std::vector<std::string>& arguments, bool trains) {
    Arguments result;
    for (std::size_t i = 1; i < arguments.size(); ++i) {
        const std::string& a = arguments[i];
        const auto value = [&] {
            require<Usage>(i + 1 < arguments.size(), "[samebits] {} needs a value; got none; give it behind the option", a);
            return arguments[++i];
        };
        if (a == "--set") {
            const std::string pair = value();
            const std::size_t equals = pair.find('=');
            require<Usage>(equals != std::string::npos && equals > 0, "[samebits] --set takes KEY=VALUE; got {}; do {}", pair,
                           "--set train.epochs=2");
            result.set.emplace_back(pair.substr(0, equals), pair.substr(equals + 1));
        } else if (a == "--out" && trains) {
            result.out = value();
        } else if (a == "--quiet" && trains) {
            result.quiet = true;
        } else {
            require<Usage>(a.rfind("--", 0) != 0, "[samebits] unknown option of {}; got {}; see samebits --help", arguments[0],
                           a);
            require<Usage>(result.file.empty(), "[samebits] {} takes one file; got {} and {}; run it once for each",
                           arguments[0], result.file, a);
            result.file = a;
        }
    }
    require<Usage>(!result.file.empty(), "[samebits] {} needs a file; got none; see samebits --help", arguments[0]);
    return result;
}

Recipe load(const Arguments& arguments) {
    Recipe recipe = Recipe::load(arguments.file);
    for (const auto& [key, value] : arguments.set) recipe = recipe.set(key, value);
    return recipe;
}

// What is wrong with the recipe itself ends with 2, what goes wrong in its run with 1.
Recipe load_or_usage(const Arguments& arguments) {
    try {
        return load(arguments);
    } catch (const Usage&) {
        throw;
    } catch (const Error& error) {
        throw Usage(error.what());
    }
}

int train_command(const std::vector<std::string>& arguments, const CliHooks& hooks) {
    const Arguments options = parse(arguments, true);
    const Recipe recipe = load_or_usage(options);
    const SignalScope scope;
    RunHooks run_hooks;
    run_hooks.interrupted = hooks.interrupted ? hooks.interrupted : [] { return interrupts != 0; };
    const Run run = train(
        recipe, {.verbose = options.quiet ? Verbose::silent : Verbose::automatic, .hooks = run_hooks, .out = options.out});
    for (const auto& [name, value] : run.test) print(fmt::format("test {}: {:.4f}\n", name, value));
    print(fmt::format("recipe: sha256:{}\ndigest: {}\n", recipe.identity(), run.digest()));
    return 0;
}

int plan_command(const std::vector<std::string>& arguments) {
    print(to_string(plan(load_or_usage(parse(arguments, false)))));
    return 0;
}

int digest_command(const std::vector<std::string>& arguments) {
    const Arguments options = parse(arguments, false);
    require<Usage>(options.set.empty(), "[samebits] digest takes no --set; got one; leave it out");
    print("digest: " + digest_of_file(options.file) + "\n");
    return 0;
}

int info_command(const std::vector<std::string>& arguments) {
    require<Usage>(arguments.size() == 1, "[samebits] info takes nothing; got {}; leave it out", arguments[1]);
    for (const auto& [name, text] : runtime::info()) print(fmt::format("{}: {}\n", name, text));
    return 0;
}

int dispatch(const std::vector<std::string>& arguments, const CliHooks& hooks) {
    constexpr const char* not_yet[] = {"record", "verify", "explain", "doctor", "check", "limit", "lock"};
    require<Usage>(!arguments.empty(), "[samebits] a command is needed; got none; give one\n{}", usage);
    const std::string& command = arguments[0];
    if (command == "--help" || command == "-h" || command == "help") return print(usage), 0;
    if (command == "--version") return print(fmt::format("samebits {} (numerics profile {})\n", version, profile)), 0;
    runtime::check_environment();
    if (command == "train") return train_command(arguments, hooks);
    if (command == "plan") return plan_command(arguments);
    if (command == "digest") return digest_command(arguments);
    if (command == "info") return info_command(arguments);
    require<NotImplemented>(std::find(std::begin(not_yet), std::end(not_yet), command) == std::end(not_yet),
                            "[samebits] {} is not implemented yet; got \"{}\"; use train, plan, digest or info", command,
                            command);
    throw Usage(fmt::format("[samebits] unknown command; got \"{}\"; give one of these\n{}", command, usage));
}

int report(const std::string& text, int status) {
    std::fflush(stdout);
    std::fwrite(text.data(), 1, text.size(), stderr);
    std::fputc('\n', stderr);
    return status;
}

}  // namespace

int run_cli(const std::vector<std::string>& arguments, const CliHooks& hooks) {
    interrupts = 0;
    try {
        const int status = dispatch(arguments, hooks);
        require<IoError>(std::fflush(stdout) == 0,
                         "[samebits] cannot write to stdout; got an error; check where the output goes");
        return status;
    } catch (const Usage& error) {
        return report(error.what(), 2);
    } catch (const Interrupted& error) {
        return report(error.what(), 130);
    } catch (const Error& error) {
        return report(error.what(), 1);
    } catch (const std::bad_alloc&) {
        return report("[samebits] out of memory; close something or use a smaller batch", 1);
    } catch (const std::exception& error) {
        return report(fmt::format("[internal] {}; this is a bug of samebits, please report it", error.what()), 1);
    }
}

}  // namespace samebits
