// An object that a process has once: made at first use, whole in a forked child, never destroyed (static objects may outlive
// it).
#pragma once

#include <pthread.h>

#include <atomic>
#include <mutex>

namespace samebits {

// T has before_fork(), after_fork() and in_child(). A function's static variable would do without fork(): a child forked while
// another thread makes it would wait for that thread for ever.
template <class T>
class OnePerProcess {
public:
    // Throws what T's constructor throws; the next call tries again.
    T& get() {
        if (T* have = instance_.load(std::memory_order_acquire)) return *have;
        const std::lock_guard lock(mutex_);
        if (instance_.load(std::memory_order_relaxed) == nullptr) instance_.store(new T, std::memory_order_release);
        return *instance_.load(std::memory_order_relaxed);
    }

    // For pthread_atfork().
    void before_fork() {
        mutex_.lock();
        if (T* have = instance_.load(std::memory_order_relaxed)) have->before_fork();
    }
    void after_fork() {
        if (T* have = instance_.load(std::memory_order_relaxed)) have->after_fork();
        mutex_.unlock();
    }
    void in_child() {
        if (T* have = instance_.load(std::memory_order_relaxed)) have->in_child();
        mutex_.unlock();
    }

private:
    std::mutex mutex_;
    std::atomic<T*> instance_{nullptr};
};

// Once, for an object of static storage: 0, or the error of pthread_atfork().
template <auto& one>
int register_for_fork() {
    return pthread_atfork([] { one.before_fork(); }, [] { one.after_fork(); }, [] { one.in_child(); });
}

}  // namespace samebits
