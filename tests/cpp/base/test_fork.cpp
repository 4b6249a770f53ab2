// A process forked while other threads are inside the library can use it: no lock is copied that nobody would release.
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <thread>

#include "samebits/base/memory.h"
#include "samebits/base/thread_pool.h"
#include "samebits/kernels/registry.h"
#include "support/catch.h"

using namespace samebits;

namespace {

// Runs body in a forked process; its value is the exit status. An alarm ends it where a lock would hold it for ever.
template <class Body>
int status_in_child(Body body) {
    const pid_t child = fork();
    if (child == 0) {
        alarm(60);
        _exit(body());
    }
    int status = -1;
    waitpid(child, &status, 0);
    return status;
}

int sum_in_parallel() {
    std::atomic<int> sum{0};
    parallel_for(100, [&](std::int64_t task) { sum += static_cast<int>(task); });
    return sum;
}

}  // namespace

// The first case of this file: nothing has used the library yet, nor in the children it makes.
TEST_CASE("fork: while another thread uses the library for the first time") {
    const auto use = [] {
        const Buffer buffer(64);
        kernels::current();
        return sum_in_parallel() == 4950 ? 0 : 1;
    };
    int status = 0;
    for (int round = 0; round < 300 && status == 0; ++round)
        status = status_in_child([&] {
            std::atomic<bool> started{false};
            std::thread first([&] {
                started = true;
                use();
            });
            while (!started) std::this_thread::yield();
            for (int spin = 0; spin < round * 20; ++spin) (void)started.load();  // forks at another moment in each round
            const int inner = status_in_child(use);
            first.join();
            return inner == 0 ? 0 : 1;
        });
    CHECK(status == 0);
}

TEST_CASE("fork: a child runs tasks on threads of its own") {
    set_thread_count(3);
    REQUIRE(sum_in_parallel() == 4950);
    for (int round = 0; round < 5; ++round) {
        CHECK(status_in_child([] { return sum_in_parallel() == 4950 ? 0 : 1; }) == 0);
        CHECK(sum_in_parallel() == 4950);
    }
}

TEST_CASE("fork: while other threads run tasks and take memory") {
    set_thread_count(3);
    std::atomic<bool> done{false};
    std::thread worker([&] {
        while (!done) sum_in_parallel();
    });
    std::thread taker([&] {
        while (!done) const Buffer buffer(64);
    });
    int status = 0;
    for (int round = 0; round < 100 && status == 0; ++round)
        status = status_in_child([] {
            const Buffer buffer(64);
            set_thread_count(2);
            return sum_in_parallel() == 4950 ? 0 : 1;
        });
    done = true;
    worker.join();
    taker.join();
    CHECK(status == 0);
}
