#include <pthread.h>
#include <sched.h>

#include <atomic>
#include <cfenv>
#include <chrono>
#include <csignal>
#include <thread>
#include <vector>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/base/tasks_in_place.h"
#include "samebits/base/thread_pool.h"
#include "support/catch.h"

using namespace samebits;

namespace {

std::atomic<bool> held{false};
std::atomic<bool> released{false};

void hold(int) {
    held = true;
    while (!released) {
    }
}

}  // namespace

TEST_CASE("threads: every task runs once, for any number of threads") {
    for (const int threads : {1, 2, 3, 8}) {
        set_thread_count(threads);
        CHECK(thread_count() == threads);
        for (const int count : {0, 1, 2, 7, 1000}) {
            std::vector<std::atomic<int>> runs(static_cast<std::size_t>(count));
            for (int round = 0; round < 20; ++round)
                parallel_for(count, [&](std::int64_t task) { runs[static_cast<std::size_t>(task)].fetch_add(1); });
            for (const auto& n : runs) REQUIRE(n == 20);
        }
    }
}

TEST_CASE("threads: a parallel loop inside a task runs in place, and two callers share the pool") {
    set_thread_count(3);
    std::atomic<int> inner{0};
    parallel_for(8, [&](std::int64_t) { parallel_for(8, [&](std::int64_t) { ++inner; }); });
    CHECK(inner == 64);
    std::atomic<int> sum{0};
    const auto caller = [&] {
        for (int i = 0; i < 200; ++i) parallel_for(5, [&](std::int64_t) { ++sum; });
    };
    std::thread other(caller);
    caller();
    other.join();
    CHECK(sum == 2000);
}

TEST_CASE("threads: what one thread has not begun another does") {
    set_thread_count(2);
    std::atomic<int> done{0};
    parallel_for(64, [&](std::int64_t task) {
        while (task == 0 && done < 63) std::this_thread::yield();  // for ever, if nobody did the others of its share
        ++done;
    });
    CHECK(done == 64);
    set_thread_count(3);
}

TEST_CASE("threads: workers may run on all CPUs that their process may, before and after they have moved") {
    set_thread_count(2);
    cpu_set_t all;
    REQUIRE(sched_getaffinity(0, sizeof all, &all) == 0);
    std::atomic<int> other{0};
    const auto start = std::chrono::steady_clock::now();
    while (std::chrono::steady_clock::now() - start < std::chrono::milliseconds(100))
        parallel_for(64, [&](std::int64_t) {
            cpu_set_t mine;
            if (sched_getaffinity(0, sizeof mine, &mine) != 0 || CPU_EQUAL(&mine, &all) == 0) ++other;
        });
    CHECK(other == 0);
    set_thread_count(3);
}

// ThreadSanitizer hands signals on when a thread calls into the system through it, which a thread that waits for work does not.
#if !defined(__SANITIZE_THREAD__)
TEST_CASE("threads: a thread that the system does not let run holds nobody up") {
    set_thread_count(2);
    const pthread_t caller = pthread_self();
    std::atomic<pthread_t> worker{caller};
    parallel_for(2, [&](std::int64_t) {
        if (pthread_equal(pthread_self(), caller) == 0) worker = pthread_self();
        while (worker == caller) std::this_thread::yield();
    });
    struct sigaction holds {};
    holds.sa_handler = hold;
    struct sigaction before {};
    REQUIRE(sigaction(SIGUSR1, &holds, &before) == 0);
    REQUIRE(pthread_kill(worker, SIGUSR1) == 0);
    while (!held) std::this_thread::yield();
    int done = 0;  // by this thread alone
    for (int round = 0; round < 100; ++round) parallel_for(64, [&](std::int64_t) { ++done; });
    CHECK(done == 6400);
    released = true;
    std::atomic<bool> back{false};
    parallel_for(2, [&](std::int64_t) {
        if (pthread_equal(pthread_self(), caller) == 0) back = true;
        while (!back) std::this_thread::yield();
    });
    CHECK(back);
    sigaction(SIGUSR1, &before, nullptr);
    set_thread_count(3);
}
#endif

TEST_CASE("threads: tasks compute in the library's floating-point environment, the caller's comes back") {
    for (const int threads : {1, 3}) {
        set_thread_count(threads);
        std::fesetround(FE_UPWARD);
        std::feclearexcept(FE_ALL_EXCEPT);
        std::feraiseexcept(FE_UNDERFLOW);
        const int raised = std::fetestexcept(FE_ALL_EXCEPT);  // glibc on AArch64 adds FE_INEXACT, as C allows
        std::atomic<int> nearest{0};
        parallel_for(16, [&](std::int64_t) {
            volatile float one = 1;
            volatile float tiny = 0x1p-30F;
            volatile float sum = one + tiny;
            volatile float subnormal = 0x1p-126F;
            volatile float half = subnormal * 0.5F;
            nearest += sum == 1.0F && half > 0 ? 1 : 0;
        });
        CHECK(nearest == 16);
        CHECK(std::fegetround() == FE_UPWARD);
        CHECK((raised & FE_UNDERFLOW) != 0);
        CHECK(std::fetestexcept(FE_ALL_EXCEPT) == raised);
        std::fesetround(FE_TONEAREST);
        std::feclearexcept(FE_ALL_EXCEPT);
    }
}

TEST_CASE("threads: tasks in place run on their caller's thread, in its environment") {
    set_thread_count(3);
    const auto here = std::this_thread::get_id();
    const auto count_here = [&] {
        std::atomic<int> count{0};
        parallel_for(64, [&](std::int64_t) {
            count += std::this_thread::get_id() == here && std::fegetround() == FE_TONEAREST ? 1 : 0;
            std::this_thread::sleep_for(std::chrono::microseconds(100));
        });
        return count.load();
    };
    {
        const FpGuard guard;
        const TasksInPlace in_place(true);
        CHECK(count_here() == 64);
        { const TasksInPlace inner(true); }
        CHECK(count_here() == 64);
    }
    std::fesetround(FE_UPWARD);
    CHECK(count_here() < 64);
    CHECK(std::fegetround() == FE_UPWARD);
    std::fesetround(FE_TONEAREST);
    const TasksInPlace nothing(false);
    CHECK(count_here() < 64);
}

TEST_CASE("threads: wrong numbers are refused") {
    for (const int wrong : {0, -1, 1025}) CHECK_THROWS_AS(set_thread_count(wrong), InvalidArgument);
}

#if defined(__x86_64__)
#include <xmmintrin.h>

TEST_CASE("FpGuard: FTZ and DAZ are off inside and as found outside") {
    const unsigned before = _mm_getcsr();
    _mm_setcsr(before | 0x8040);
    {
        const FpGuard guard;
        CHECK(_mm_getcsr() == 0x1F80);
    }
    CHECK((_mm_getcsr() & 0x8040) == 0x8040);
    _mm_setcsr(before);
}
#elif defined(__aarch64__)

static unsigned long fpcr() {
    unsigned long value = 0;
    __asm__ volatile("mrs %0, fpcr" : "=r"(value));
    return value;
}
static void set_fpcr(unsigned long value) { __asm__ volatile("msr fpcr, %0" : : "r"(value)); }

TEST_CASE("FpGuard: FPCR is 0 inside and as found outside") {
    const unsigned long before = fpcr();
    for (const unsigned bit : {22U, 23U, 24U, 25U, 26U}) {  // RMode, FZ, DN, AHP
        set_fpcr(before | (1UL << bit));
        const unsigned long found = fpcr();
        CHECK(found != before);
        {
            const FpGuard guard;
            CHECK(fpcr() == 0);
        }
        CHECK(fpcr() == found);
    }
    set_fpcr(before);
}
#endif
