// A model that several Python threads may hold: one call at a time.
#pragma once

#include <pthread.h>

#include <atomic>
#include <chrono>
#include <mutex>
#include <thread>

#include "bindings.h"
#include "samebits/base/check.h"

namespace samebits::python {

// How many fork() lie between this process and the first that had the library. getpid() would tell processes apart too, but
// is a system call for each call of a model, 0.1 us.
inline std::atomic<int> forks{0};
inline const int forks_not_counted = pthread_atfork(nullptr, nullptr, [] { ++forks; });

class LockedModel {
public:
    explicit LockedModel(Sequential model) : model_(std::move(model)) {
        ensure(forks_not_counted == 0, "models could not register for fork()");
    }

    // call(Sequential&) with the GIL released, once every call of another thread has ended. What it returns must not touch
    // Python. A signal ends the wait. Throws RunFailed when asked from inside a call (print, a signal handler): the wait
    // would never end.
    template <class F>
    auto use(F&& call) {
        const py::gil_scoped_release without_gil;
        const Turn turn(*this);
        return call(model_);
    }
    // The same for what may also be asked by a callback of the model's own run, between two of its steps.
    template <class F>
    auto look(F&& call) {
        const py::gil_scoped_release without_gil;
        if (between_steps_ && owner_ == std::this_thread::get_id()) return call(model_);
        const Turn turn(*this);
        return call(model_);
    }
    // Set while a callback runs.
    void set_between_steps(bool now) { between_steps_ = now; }

private:
    class Turn {
    public:
        explicit Turn(LockedModel& model) : model_(model) {
            if (model.process_ == forks) {
                wait();
            } else {
                inherit();
            }
            model.owner_ = std::this_thread::get_id();
        }
        ~Turn() {
            model_.owner_ = std::thread::id();
            model_.mutex_.unlock();
        }
        Turn(const Turn&) = delete;
        Turn& operator=(const Turn&) = delete;

    private:
        void wait() {
            require<RunFailed>(model_.owner_ != std::this_thread::get_id(),
                               "[model] a model takes one call at a time; got a call from inside another; make it afterwards");
            if (model_.mutex_.try_lock()) return;  // without a look at the clock
            while (!model_.mutex_.try_lock_for(std::chrono::milliseconds(50))) {
                const py::gil_scoped_acquire with_gil;
                if (PyErr_CheckSignals() != 0) throw py::error_already_set();
            }
        }
        // The first call in a process that fork() made. A lock that is held was copied with a call of the parent's, which
        // nobody here will end.
        void inherit() {
            require<RunFailed>(model_.mutex_.try_lock(),
                               "[model] a model is not forked in the middle of a call; got one that the parent process was "
                               "using; fork between calls, or make the model anew here");
            model_.process_ = forks.load();
        }

        LockedModel& model_;
    };

    Sequential model_;
    std::timed_mutex mutex_;
    std::atomic<std::thread::id> owner_;
    std::atomic<int> process_ = forks.load();  // whose threads the lock knows
    std::atomic<bool> between_steps_ = false;
};

}  // namespace samebits::python
