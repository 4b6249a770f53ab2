#include "samebits/train/feed.h"

#include <algorithm>
#include <numeric>

#include "samebits/base/fp_env.h"

namespace samebits {

std::vector<std::int64_t> in_order(std::int64_t begin, std::int64_t end) {
    std::vector<std::int64_t> rows(static_cast<std::size_t>(end - begin));
    std::iota(rows.begin(), rows.end(), begin);
    return rows;
}

std::int64_t Feed::batches() const {
    return is_stream() ? stream_->batches() : (static_cast<std::int64_t>(rows_.size()) + batch_size_ - 1) / batch_size_;
}

void Feed::begin(std::int64_t pass) {
    at_ = 0;
    pass_ = pass - 1;
    if (is_stream()) begin_next();
}

void Feed::begin_next() {
    const FpGuard guard;
    stream_->begin(++pass_);
}

std::optional<Batch> Feed::next(const char* op, bool with_targets) {
    if (is_stream()) return from_stream(op, with_targets);
    if (at_ == rows_.size()) return {};
    const std::size_t size = std::min(static_cast<std::size_t>(batch_size_), rows_.size() - at_);
    at_ += size;
    const auto rows = std::span<const std::int64_t>(rows_).subspan(at_ - size, size);
    return Batch{*samples_, rows, rows};
}

std::optional<Batch> Feed::look_ahead(const char* op) {
    std::optional<Batch> batch = next(op, true);
    ahead_ = batch.has_value();
    return batch;
}

std::optional<Batch> Feed::from_stream(const char* op, bool with_targets) {
    if (ahead_) {
        ahead_ = false;
        return Batch{taken_, rows_, index_};
    }
    std::optional<BatchStream::Batch> batch;
    {
        const FpGuard guard;
        batch = stream_->next();
    }
    if (!batch) return {};
    taken_ = Samples();
    for (const ArrayView& array : batch->x) taken_.x.push_back({array});
    if (with_targets) {
        taken_.y = batch->y;
        taken_.weights = sample_weights(op, batch->sample_weight, class_weight_, batch->y, taken_.count());
    }
    rows_ = in_order(0, taken_.count());
    index_ = in_order(static_cast<std::int64_t>(at_), static_cast<std::int64_t>(at_) + taken_.count());
    at_ += rows_.size();
    return Batch{taken_, rows_, index_};
}

}  // namespace samebits
