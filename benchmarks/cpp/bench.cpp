#include "bench.h"

#include <ctime>

#include <algorithm>
#include <charconv>
#include <cstdio>
#include <iostream>
#include <string_view>

#include "fma_peak.h"
#include "samebits/base/check.h"
#include "samebits/base/thread_pool.h"
#include "samebits/kernels/registry.h"

namespace samebits::benchmarks {

namespace {

double now(bool own_time) {
    timespec t{};
    clock_gettime(own_time ? CLOCK_THREAD_CPUTIME_ID : CLOCK_MONOTONIC, &t);
    return static_cast<double>(t.tv_sec) + 1e-9 * static_cast<double>(t.tv_nsec);
}

double median(std::vector<double> x) {
    const auto middle = x.begin() + static_cast<std::ptrdiff_t>(x.size() / 2);
    std::nth_element(x.begin(), middle, x.end());
    return *middle;
}

// Seconds of one call among `calls` of them.
double seconds_each(const std::function<void()>& call, std::int64_t calls, bool own_time) {
    const double start = now(own_time);
    for (std::int64_t i = 0; i < calls; ++i) call();
    return (now(own_time) - start) / static_cast<double>(calls);
}

// How many calls take about `seconds`; calls that many, so that nothing is cold afterwards.
std::int64_t calls_for(const std::function<void()>& call, double seconds) {
    std::int64_t calls = 1;
    call();
    for (double each = seconds_each(call, 1, false);; each = seconds_each(call, calls, false)) {
        if (each * static_cast<double>(calls) >= seconds / 4)
            return std::max<std::int64_t>(1, static_cast<std::int64_t>(seconds / each));
        calls *= 4;
    }
}

struct Options {
    int runs = 15;
    int threads = 1;
    bool serve = false;
    std::string only;
};

Options parse(int count, char** arguments) {
    Options options;
    for (int i = 1; i < count; ++i) {
        const std::string_view name = arguments[i];
        if (name == "--serve") {
            options.serve = true;
            continue;
        }
        if (i + 1 == count || (name != "--threads" && name != "--runs" && name != "--case"))
            fail<InvalidArgument>(
                "[benchmark] arguments are --threads N, --runs N, --case CASE and --serve; got {}; give these", name);
        const char* value = arguments[++i];
        if (name == "--case") {
            options.only = value;
            continue;
        }
        const std::int64_t number = Fields(value).number();
        if (number < 1) fail<InvalidArgument>("[benchmark] {} is at least 1; got {}; give 1 or more", name, value);
        (name == "--threads" ? options.threads : options.runs) = static_cast<int>(std::min<std::int64_t>(number, 1024));
    }
    return options;
}

Work made(const std::string& name, Make make) {
    Fields fields(name);
    return make(fields);
}

void describe(const char* op, const std::string& name, const Work& work) {
    std::printf("{\"op\": \"%s\", \"case\": \"%s\", \"isa\": \"%s\", \"threads\": %d, \"flops\": %.0f, \"bytes\": %.0f", op,
                name.c_str(), std::string(name_of(kernels::current_isa())).c_str(), thread_count(), work.flops, work.bytes);
}

// Medians of the runs, product and peak in turn.
void measure(const char* op, const std::string& name, const Work& work, int runs) {
    constexpr std::int64_t peak_rounds = 20000;  // so that starting and ending chains costs nothing
    const auto chains = fma_chains(kernels::current_isa());
    const auto peak_work = [&] { parallel_for(thread_count(), [&](std::int64_t) { chains(peak_rounds); }); };
    const double peak_flops = chains(1) * peak_rounds * thread_count();
    const bool own_time = thread_count() == 1;
    const std::int64_t calls = calls_for(work.call, 2e-3);
    const std::int64_t peak_calls = calls_for(peak_work, 1e-3);
    std::vector<double> seconds;
    std::vector<double> peak;
    for (int i = 0; i < runs; ++i) {
        peak.push_back(peak_flops / seconds_each(peak_work, peak_calls, own_time));
        seconds.push_back(seconds_each(work.call, calls, own_time));
    }
    const double each = median(seconds);
    describe(op, name, work);
    std::printf(", \"us\": %.3f, \"gflops\": %.2f, \"gbs\": %.2f, \"fma_peak\": %.1f, \"of_peak\": %.3f}\n", each * 1e6,
                work.flops / each * 1e-9, work.bytes / each * 1e-9, median(peak) * 1e-9, work.flops / each / median(peak));
    std::fflush(stdout);
}

void serve(const char* op, const std::string& name, const Work& work) {
    const std::int64_t calls = calls_for(work.call, 0.05);
    describe(op, name, work);
    std::printf(", \"calls\": %ld}\n", static_cast<long>(calls));
    std::fflush(stdout);
    for (std::string line; std::getline(std::cin, line);) {
        work.call();  // what others left in the caches goes
        std::printf("{\"seconds\": %.9g}\n", seconds_each(work.call, calls, false));
        std::fflush(stdout);
    }
}

void run_all(const char* op, const std::vector<std::string>& cases, Make make, const Options& options) {
    set_thread_count(options.threads);
    if (options.serve) {
        const std::string& name = options.only.empty() ? cases.front() : options.only;
        serve(op, name, made(name, make));
        return;
    }
    const std::vector<std::string> names = options.only.empty() ? cases : std::vector<std::string>{options.only};
    for (const std::string& name : names) measure(op, name, made(name, make), options.runs);
}

}  // namespace

std::string Fields::next() {
    if (begin_ > text_.size())
        fail<InvalidArgument>("[benchmark] a part of the case is missing; got {}; see the source", text_);
    const std::size_t end = std::min(text_.find(',', begin_), text_.size());
    std::string part = text_.substr(begin_, end - begin_);
    begin_ = end + 1;
    return part;
}

int Fields::choice(const std::vector<std::string>& names) {
    const std::string part = next();
    const auto found = std::find(names.begin(), names.end(), part);
    if (found == names.end()) fail<InvalidArgument>("[benchmark] unknown part of a case; got {}; see the source", part);
    return static_cast<int>(found - names.begin());
}

std::int64_t Fields::number() {
    const std::string part = next();
    std::int64_t value = 0;
    const auto [end, error] = std::from_chars(part.data(), part.data() + part.size(), value);
    if (error != std::errc{} || end != part.data() + part.size() || value < 0)
        fail<InvalidArgument>("[benchmark] a size is a whole number; got {}; give one", part);
    return value;
}

Arena::Arena(std::int64_t floats, std::size_t bytes)
    : buffer_(static_cast<std::size_t>(floats) * sizeof(float) + bytes + 16 * memory_alignment) {}

std::byte* Arena::take(std::size_t bytes) {
    if (aligned_bytes(bytes) > buffer_.size() - used_) fail<InternalError>("[benchmark] the arena is too small; got {}", bytes);
    std::byte* p = buffer_.data() + used_;
    used_ += aligned_bytes(bytes);
    return p;
}

float* Arena::filled(std::int64_t count) {
    auto* x = reinterpret_cast<float*>(take(static_cast<std::size_t>(count) * sizeof(float)));
    for (std::int64_t i = 0; i < count; ++i) x[i] = static_cast<float>(i * 37 % 101 - 50) / 64.0F;
    return x;
}

float* Arena::positive(std::int64_t count) {
    float* x = filled(count);
    for (std::int64_t i = 0; i < count; ++i) x[i] += 0.9F;
    return x;
}

int run(const char* op, const std::vector<std::string>& cases, Make make, int count, char** arguments) {
    try {
        run_all(op, cases, make, parse(count, arguments));
        return 0;
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}

}  // namespace samebits::benchmarks
