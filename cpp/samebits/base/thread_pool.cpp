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
constexpr auto yield_time = std::chrono::microseconds(5);
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

// A job is published by raising `generation`; workers sleep on it (std::atomic wait: no condition_variable, which would
// raise the wheel's glibc floor). Each thread has a share of the tasks, always the same of as many, so that it finds in its
// caches what it wrote in the step before; who has done his takes of the others', so a slow core does fewer.
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
        busy_.store(static_cast<int>(workers_.size()), std::memory_order_relaxed);
        generation_.fetch_add(1, std::memory_order_release);
        generation_.notify_all();
        work(0);
        spin_until([&] { return busy_.load(std::memory_order_acquire) == 0; });
        for (int busy = busy_.load(std::memory_order_acquire); busy != 0; busy = busy_.load(std::memory_order_acquire))
            busy_.wait(busy, std::memory_order_acquire);
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
    // A thread that waits for this one may be on the same core: it is let through.
    template <class Done>
    void spin_until(Done done) const {
        const Clock::time_point start = Clock::now();
        for (Clock::duration spun{}; spun <= spin_time_; spun = Clock::now() - start) {
            if (spun > yield_time) sched_yield();
            for (int i = 0; i < 64; ++i, relax())
                if (done()) return;
        }
    }

    // Goes to a core where no thread of the pool was seen last, when another one was seen on this; from there on the system may
    // place it anywhere again. By itself it leaves two threads on one core for tens of milliseconds, as they wait in turns.
    void leave_shared_core(int slot, Clock::time_point& moved) {
        const auto threads = static_cast<int>(workers_.size()) + 1;
        const auto core_of = [&](int thread) -> std::atomic<int>& { return shares_[static_cast<std::size_t>(thread)].core; };
        const int here = sched_getcpu();
        core_of(slot).store(here, std::memory_order_relaxed);
        cpu_set_t allowed;
        cpu_set_t taken;
        CPU_ZERO(&taken);
        bool shared = false;
        for (int other = 0; other < threads; ++other) {
            const int core = core_of(other).load(std::memory_order_relaxed);
            if (core >= 0 && core < CPU_SETSIZE) CPU_SET(core, &taken);
            shared |= other != slot && core == here;
        }
        if (!shared || Clock::now() - moved < move_pause || sched_getaffinity(0, sizeof allowed, &allowed) != 0) return;
        moved = Clock::now();
        cpu_set_t free;
        CPU_XOR(&free, &allowed, &taken);
        CPU_AND(&free, &free, &allowed);
        if (CPU_COUNT(&free) == 0 || sched_setaffinity(0, sizeof free, &free) != 0) return;
        core_of(slot).store(sched_getcpu(), std::memory_order_relaxed);
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
            work(slot);
            if (busy_.fetch_sub(1, std::memory_order_acq_rel) == 1) busy_.notify_one();
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
    bool stopping_ = false;
    std::atomic<unsigned> generation_{0};
    std::atomic<int> busy_{0};
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
