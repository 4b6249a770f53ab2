// Hooks as functions.
#pragma once

#include <functional>

#include "samebits/base/api.h"
#include "samebits/train/callback.h"

namespace samebits::callbacks {

// What is empty is not called.
struct LambdaHooks {
    std::function<void(Training&)> on_train_begin{};
    std::function<void(Training&, const Metrics&)> on_train_end{};
    std::function<void(Training&, std::int64_t epoch)> on_epoch_begin{};
    std::function<void(Training&, std::int64_t epoch, Metrics&)> on_epoch_end{};
    std::function<void(Training&, std::int64_t batch)> on_train_batch_begin{};
    std::function<void(Training&, std::int64_t batch, const Metrics&)> on_train_batch_end{};
};

class SAMEBITS_API LambdaCallback final : public Callback {
public:
    explicit LambdaCallback(LambdaHooks hooks) : hooks_(std::move(hooks)) {}

    void on_train_begin(Training& t) override { call(hooks_.on_train_begin, t); }
    void on_train_end(Training& t, const Metrics& logs) override { call(hooks_.on_train_end, t, logs); }
    void on_epoch_begin(Training& t, std::int64_t epoch) override { call(hooks_.on_epoch_begin, t, epoch); }
    void on_epoch_end(Training& t, std::int64_t epoch, Metrics& logs) override { call(hooks_.on_epoch_end, t, epoch, logs); }
    void on_train_batch_begin(Training& t, std::int64_t batch) override { call(hooks_.on_train_batch_begin, t, batch); }
    void on_train_batch_end(Training& t, std::int64_t batch, const Metrics& logs) override {
        call(hooks_.on_train_batch_end, t, batch, logs);
    }

private:
    template <class Hook, class... Arguments>
    static void call(const Hook& hook, Arguments&... arguments) {
        if (hook) hook(arguments...);
    }

    LambdaHooks hooks_;
};

}  // namespace samebits::callbacks
