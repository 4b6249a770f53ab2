// For a row of small tasks: no look at the pool or at the floating-point environment for each of them.
#pragma once

namespace samebits {

// While it lives, tasks of this thread run in place, if it is told that they are small or there is one thread anyway. The
// caller holds an FpGuard; nothing of others may be called meanwhile.
class TasksInPlace {
public:
    explicit TasksInPlace(bool small);
    ~TasksInPlace();
    TasksInPlace(const TasksInPlace&) = delete;
    TasksInPlace& operator=(const TasksInPlace&) = delete;

private:
    bool before_;
};

}  // namespace samebits
