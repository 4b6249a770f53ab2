// Where a pass over data takes its batches from: samples in an order, or a stream.
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "samebits/train/batch_stream.h"
#include "samebits/train/engine.h"

namespace samebits {

// begin, begin + 1, ..., end - 1.
std::vector<std::int64_t> in_order(std::int64_t begin, std::int64_t end);

class Feed {
public:
    Feed(const Samples& samples, std::int64_t batch_size) : samples_(&samples), batch_size_(batch_size) {}
    explicit Feed(BatchStream& stream, const std::map<std::int64_t, double>& class_weight = {})
        : stream_(&stream), class_weight_(class_weight) {}

    // Array feeds: the samples of the next pass, in order.
    void set_order(std::vector<std::int64_t> rows) { rows_ = std::move(rows); }
    [[nodiscard]] bool is_stream() const { return stream_ != nullptr; }
    [[nodiscard]] std::int64_t batches() const;  // of a pass; -1 when a stream does not know
    // Starts a pass and counts its samples from 0. Streams: the pass of that number.
    void begin(std::int64_t pass);
    // Streams, where an epoch is so many steps: the pass after the last, its samples counted on; counting from 0.
    void begin_next();
    void count_anew() { at_ = 0; }
    // The next batch, valid until the next call; nothing at the end.
    std::optional<Batch> next(const char* op, bool with_targets);
    // Streams: the batch that the next call of next() gives.
    std::optional<Batch> look_ahead(const char* op);

private:
    std::optional<Batch> from_stream(const char* op, bool with_targets);

    const Samples* samples_ = nullptr;
    BatchStream* stream_ = nullptr;
    std::map<std::int64_t, double> class_weight_;
    std::int64_t batch_size_ = 0;
    std::vector<std::int64_t> rows_, index_;
    std::size_t at_ = 0;  // samples taken in this pass, or of a stream in this epoch
    std::int64_t pass_ = 0;
    Samples taken_;       // a stream's batch
    bool ahead_ = false;  // it has been looked at and not taken
};

}  // namespace samebits
