// One pool for the process. Work is cut into tasks by the problem's shape, in places by the number of threads too. No sum's
// order depends on that, nor on which thread runs a task.
#pragma once

#include <cstdint>
#include <type_traits>

namespace samebits {

// Number of threads that run tasks, the caller's included. First use: SAMEBITS_THREADS, else the CPUs this process may
// use (affinity). Throws InvalidArgument when SAMEBITS_THREADS is not a whole number >= 1.
int thread_count();
// 1 <= threads <= 1024, else InvalidArgument.
void check_thread_count(int threads);
// The same rule. Waits for running work.
void set_thread_count(int threads);

// slot: of the thread that runs the task, from 0 on; no two threads of one call have the same.
using TaskFunction = void (*)(void* context, std::int64_t task, int slot);

// Runs task 0 .. count-1, each once, in any order, on all threads, but on no more than `slots` of them; returns when all are
// done. Every thread computes in the library's floating-point environment. A call from inside a task runs its tasks in place.
// Tasks must not throw.
void run_tasks(std::int64_t count, int slots, TaskFunction function, void* context);

template <class F>
void parallel_for(std::int64_t count, F&& body) {
    using Body = std::remove_reference_t<F>;
    run_tasks(
        count, 1 << 30, [](void* context, std::int64_t task, int) { (*static_cast<Body*>(context))(task); }, &body);
}

// body(task, slot), where each of `slots` slots may have scratch memory of its own.
template <class F>
void parallel_for_slots(std::int64_t count, int slots, F&& body) {
    using Body = std::remove_reference_t<F>;
    run_tasks(
        count, slots, [](void* context, std::int64_t task, int slot) { (*static_cast<Body*>(context))(task, slot); }, &body);
}

}  // namespace samebits
