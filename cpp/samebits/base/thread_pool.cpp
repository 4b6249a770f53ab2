#include "samebits/base/thread_pool.h"

#include <sched.h>

#include <algorithm>
#include <atomic>
#include <charconv>
#include <chrono>
#include <cstdlib>
#include <cstring>
#include <mutex>
#include <system_error>
#include <thread>
#include <vector>

#include "samebits/base/check.h"
#include "samebits/base/fp_env.h"
#include "samebits/base/one_per_process.h"
#include "samebits/base/tasks_in_place.h"

namespace samebits {
namespace {

using Clock = std::chrono::steady_clock;

constexpr int max_threads = 1024;
constexpr auto move_pause = std::chrono::milliseconds(1);
thread_local bool inside_task = false;

int available_cpus() {
    cpu_set_t set;
    if (sched_getaffinity(0, sizeof set, &set) == 0) return std::clamp(CPU_COUNT(&set), 1, max_threads);
    return static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, unsigned{max_threads}));
}

int default_threads() {
    if (const char* text = std::getenv("SAMEBITS_THREADS"); text != nullptr && *text != '\0') {
        int threads = 0;
        const char* end = text + std::strlen(text);
        const auto [stop, error] = std::from_chars(text, end, threads);
        require(
            error == std::errc{} && stop == end && threads >= 1 && threads <= max_threads,
            "[runtime] SAMEBITS_THREADS must be a whole number from 1 to {}; got \"{}\"; set it to such a number or unset it",
            max_threads, text);
        return threads;
    }
    return available_cpus();
}

// Tells the core that this is a loop that waits.
void relax() {
#if defined(__x86_64__)
    __asm__ volatile("pause");
#elif defined(__aarch64__)
    __asm__ volatile("yield");
#endif
}

// A job is opened, then published by raising `generation`; workers sleep on it (std::atomic wait: no condition_variable, which
// would raise the wheel's glibc floor). A worker enters a job that is still open, and the job's owner closes it when no task is
// left to begin, then waits for who is inside, and not for a worker that the system has not let run yet. Each thread has a
// share of the tasks, always the same of as many, so that it finds in its caches what it wrote in the step before; who has done
// his takes of the others', so a slow core does fewer.
class Pool {
public:
    Pool() : threads_(default_threads()) {}

    int threads() const { return threads_; }

    void resize(int threads) {
        const std::lock_guard lock(mutex_);
        stop();
        threads_ = threads;
        shares_ = std::vector<Share>(static_cast<std::size_t>(threads));
        spin_time_ = spin_time_for(threads);
    }

    void run(std::int64_t count, int slots, TaskFunction function, void* context) {
        if (count == 1 || slots == 1 || threads_.load(std::memory_order_relaxed) == 1)
            return run_here(count, function, context);
        const std::unique_lock lock(mutex_, std::try_to_lock);
        if (!lock.owns_lock()) return run_here(count, function, context);  // busy with another Python or C++ thread's job
        start();
        function_ = function;
        context_ = context;
        slots_ = slots;
        parts_ = std::min(slots, static_cast<int>(workers_.size()) + 1);
        for (int part = 0; part < parts_; ++part) {
            shares_[static_cast<std::size_t>(part)].next.store(count * part / parts_, std::memory_order_relaxed);
            shares_[static_cast<std::size_t>(part)].end = count * (part + 1) / parts_;
        }
        shares_[0].core.store(sched_getcpu(), std::memory_order_relaxed);
        inside_.store(open, std::memory_order_release);
        generation_.fetch_add(1, std::memory_order_release);
        generation_.notify_all();
        work(0);
        inside_.fetch_and(~open, std::memory_order_acq_rel);
        spin_until([&] { return inside_.load(std::memory_order_acquire) == 0; });
        for (unsigned inside = inside_.load(std::memory_order_acquire); inside != 0;
             inside = inside_.load(std::memory_order_acquire))
            inside_.wait(inside, std::memory_order_acquire);
    }

    // A fork() waits for the job that runs, so that the child finds the pool at rest.
    void before_fork() { mutex_.lock(); }
    void after_fork() { mutex_.unlock(); }
    // The workers exist in the parent only: their handles are left behind, unjoined, and new ones made.
    void in_child() {
        new std::vector<std::thread>(std::move(workers_));
        workers_.clear();
        mutex_.unlock();
    }

private:
    struct alignas(64) Share {  // tasks next .. end - 1 are still to do
        std::atomic<std::int64_t> next{0};
        std::int64_t end = 0;
        std::atomic<int> core{-1};  // where its thread was when its last job began
    };

    static void run_here(std::int64_t count, TaskFunction function, void* context) {
        const FpGuard guard;
        inside_task = true;
        for (std::int64_t task = 0; task < count; ++task) function(context, task, 0);
        inside_task = false;
    }

    // To be woken takes as long as many a step of a small model, so nobody sleeps between the steps of a run. Where threads
    // share a core, the one that waits gives it away.
    static Clock::duration spin_time_for(int threads) {
        return threads <= available_cpus() ? std::chrono::microseconds(100) : std::chrono::microseconds(0);
    }
    template <class Done>
    void spin_until(Done done) const {
        const Clock::time_point start = Clock::now();
        do {
            for (int i = 0; i < 64; ++i, relax())
                if (done()) return;
        } while (Clock::now() - start < spin_time_);
    }

    // Of a worker on the CPU of the thread that gave it work: goes to one where no thread of the pool was seen last, and may be
    // placed again by the system from there on, on all CPUs that it was allowed before. By itself the system leaves the two
    // together for tens of milliseconds: steps of 0.1 ms on two threads took 0.8 ms in 12 of 20 runs.
    void leave_shared_core(int slot, Clock::time_point& moved) {
        std::atomic<int>& core = shares_[static_cast<std::size_t>(slot)].core;
        const int here = sched_getcpu();
        if (core.load(std::memory_order_relaxed) != here) core.store(here, std::memory_order_relaxed);
        if (here < 0 || here != shares_[0].core.load(std::memory_order_relaxed) || Clock::now() - moved < move_pause) return;
        moved = Clock::now();
        cpu_set_t allowed;
        if (sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
        cpu_set_t free = allowed;
        for (const Share& share : shares_)
            if (const int seen = share.core.load(std::memory_order_relaxed); seen >= 0 && seen < CPU_SETSIZE)
                CPU_CLR(seen, &free);
        if (CPU_COUNT(&free) == 0 || sched_setaffinity(0, sizeof free, &free) != 0) return;
        core.store(sched_getcpu(), std::memory_order_relaxed);
        sched_setaffinity(0, sizeof allowed, &allowed);
    }

    void work(int slot) {
        if (slot >= slots_) return;
        const FpGuard guard;
        inside_task = true;
        for (int i = 0; i < parts_; ++i) {
            Share& share = shares_[static_cast<std::size_t>((slot + i) % parts_)];
            for (std::int64_t task = share.next.fetch_add(1, std::memory_order_relaxed); task < share.end;
                 task = share.next.fetch_add(1, std::memory_order_relaxed))
                function_(context_, task, slot);
        }
        inside_task = false;
    }

    // Where the job is still open: until leave().
    bool enter() {
        unsigned inside = inside_.load(std::memory_order_acquire);
        while ((inside & open) != 0)
            if (inside_.compare_exchange_weak(inside, inside + 1, std::memory_order_acq_rel, std::memory_order_acquire))
                return true;
        return false;
    }
    void leave() {
        if (inside_.fetch_sub(1, std::memory_order_acq_rel) == 1) inside_.notify_one();  // closed, and the last
    }

    void worker(int slot, unsigned seen) {
        Clock::time_point moved{};
        for (;;) {
            spin_until([&] { return generation_.load(std::memory_order_acquire) != seen; });
            unsigned now = generation_.load(std::memory_order_acquire);
            while (now == seen) {
                generation_.wait(seen, std::memory_order_acquire);
                now = generation_.load(std::memory_order_acquire);
            }
            seen = now;
            if (stopping_) return;
            if (spin_time_ > Clock::duration(0)) leave_shared_core(slot, moved);
            if (!enter()) continue;
            work(slot);
            leave();
        }
    }

    void start() {
        try {
            while (static_cast<int>(workers_.size()) < threads_ - 1)
                workers_.emplace_back(
                    [this, slot = static_cast<int>(workers_.size()) + 1, seen = generation_.load()] { worker(slot, seen); });
        } catch (const std::system_error&) {
            // The system gives no more threads: the tasks run on those that are there, with the same bits.
        }
    }

    void stop() {
        stopping_ = true;
        generation_.fetch_add(1, std::memory_order_release);
        generation_.notify_all();
        for (std::thread& worker : workers_) worker.join();
        workers_.clear();
        stopping_ = false;
    }

    std::mutex mutex_;
    std::atomic<int> threads_;
    Clock::duration spin_time_ = spin_time_for(threads_);
    std::vector<std::thread> workers_;
    std::atomic<bool> stopping_{false};
    std::atomic<unsigned> generation_{0};
    static constexpr unsigned open = 1U << 31;
    std::atomic<unsigned> inside_{0};  // workers in the job, and whether it is open
    TaskFunction function_ = nullptr;
    void* context_ = nullptr;
    int slots_ = 0;
    int parts_ = 0;
    std::vector<Share> shares_{static_cast<std::size_t>(threads_)};
};

// Never destroyed: workers may still sleep when the process ends.
constinit OnePerProcess<Pool> the_pool;
const int not_registered = register_for_fork<the_pool>();

Pool& pool() {
    ensure(not_registered == 0, "the pool could not register for fork()");
    return the_pool.get();
}

}  // namespace

int thread_count() { return pool().threads(); }

void check_thread_count(int threads) {
    require(threads >= 1 && threads <= max_threads,
            "[runtime] threads must be from 1 to {}; got threads={}; give a number in this range", max_threads, threads);
}

void set_thread_count(int threads) {
    check_thread_count(threads);
    pool().resize(threads);
}

TasksInPlace::TasksInPlace(bool small) : before_(inside_task) {
    if (small || thread_count() == 1) inside_task = true;
}

TasksInPlace::~TasksInPlace() { inside_task = before_; }

void run_tasks(std::int64_t count, int slots, TaskFunction function, void* context) {
    if (count <= 0) return;
    if (inside_task) {
        for (std::int64_t task = 0; task < count; ++task) function(context, task, 0);
        return;
    }
    pool().run(count, slots, function, context);
}

}  // namespace samebits
