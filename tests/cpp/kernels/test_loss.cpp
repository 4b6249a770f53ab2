#include <cmath>

#include "support/kernels.h"

using namespace samebits;
using namespace samebits::kernels;
using namespace samebits::test;

namespace {

constexpr LossKind kinds[] = {LossKind::softmax_crossentropy,
                              LossKind::crossentropy,
                              LossKind::sigmoid_crossentropy,
                              LossKind::binary_crossentropy,
                              LossKind::mean_squared_error,
                              LossKind::mean_absolute_error,
                              LossKind::huber};
constexpr float delta = 0.75F;

bool is_entropy(LossKind kind) { return kind <= LossKind::binary_crossentropy; }
bool from_logits(LossKind kind) { return kind == LossKind::softmax_crossentropy || kind == LossKind::sigmoid_crossentropy; }

// What a loss is given and what it answers.
struct Problem {
    LossKind kind;
    std::int64_t rows, cols;
    Floats output, target;  // no target: sparse
    std::vector<std::int32_t> label;
    float scale = 1.0F / 7.0F;
    Floats row_weight, row_scale;  // none: not weighted
    float smooth_keep = 1.0F, smooth_share = 0.0F;

    Problem(LossKind k, std::int64_t r, std::int64_t c, bool sparse, std::uint64_t seed) : kind(k), rows(r), cols(c) {
        Numbers numbers(seed);
        output =
            from_logits(kind) || !is_entropy(kind) ? numbers.vector(r * c, -6.0F, 6.0F) : numbers.vector(r * c, 0.01F, 0.99F);
        if (!sparse) target = numbers.vector(r * c, 0.0F, 1.0F);
        for (std::int64_t i = 0; i < r && sparse; ++i)
            label.push_back(static_cast<std::int32_t>(numbers.between(0.0F, 0.999F) * static_cast<float>(c)));
    }
    bool sparse() const { return target.empty(); }
    Loss loss(const float* from, float* losses, float* probability, float* gradient) const {
        return {kind,
                rows,
                cols,
                from,
                sparse() ? nullptr : target.data(),
                sparse() ? label.data() : nullptr,
                scale,
                losses,
                probability,
                gradient,
                row_weight.empty() ? nullptr : row_weight.data(),
                row_scale.empty() ? nullptr : row_scale.data(),
                smooth_keep,
                smooth_share,
                delta};
    }
};

struct Answer {
    Floats loss, probability, gradient;
};

enum class Place { apart, over_output };

Answer run(const Table& table, const Problem& p, Place place = Place::apart) {
    Answer answer{Floats(static_cast<std::size_t>(p.rows), -7.0F), Floats(p.output.size(), -7.0F), p.output};
    const bool over = place == Place::over_output;
    const Floats& output = over ? answer.gradient : p.output;
    table.loss(p.loss(output.data(), answer.loss.data(), over || !from_logits(p.kind) ? nullptr : answer.probability.data(),
                      answer.gradient.data()));
    return answer;
}

Floats loss_alone(const Table& table, const Problem& p) {
    Floats loss(static_cast<std::size_t>(p.rows));
    table.loss(p.loss(p.output.data(), loss.data(), nullptr, nullptr));
    return loss;
}

// The loss of row i in float64, straight from its mathematical definition; output element `moved` of the row moved by `by`.
double exact_loss(const Problem& p, std::int64_t i, std::int64_t moved = -1, double by = 0) {
    std::vector<double> o, y;
    double sum = 0;
    double sum_of_exp = 0;
    for (std::int64_t j = 0; j < p.cols; ++j) {
        const auto at = static_cast<std::size_t>(i * p.cols + j);
        o.push_back(p.output[at] + (j == moved ? by : 0));
        y.push_back(p.sparse() ? (p.label[static_cast<std::size_t>(i)] == j ? 1.0 : 0.0) : p.target[at]);
        sum += o.back();
        sum_of_exp += std::exp(o.back());
    }
    const auto clip = [](double q) { return std::clamp(q, 1e-7, 1 - 1e-7); };
    double loss = 0;
    for (std::size_t j = 0; j < o.size(); ++j) {
        const double sigmoid = 1 / (1 + std::exp(-o[j]));
        switch (p.kind) {
            case LossKind::softmax_crossentropy: loss -= y[j] * std::log(std::exp(o[j]) / sum_of_exp); break;
            case LossKind::crossentropy: loss -= y[j] * std::log(clip(o[j] / sum)); break;
            case LossKind::sigmoid_crossentropy: loss -= y[j] * std::log(sigmoid) + (1 - y[j]) * std::log(1 - sigmoid); break;
            case LossKind::binary_crossentropy:
                loss -= y[j] * std::log(clip(o[j])) + (1 - y[j]) * std::log(1 - clip(o[j]));
                break;
            case LossKind::mean_squared_error: loss += (o[j] - y[j]) * (o[j] - y[j]); break;
            case LossKind::mean_absolute_error: loss += std::fabs(o[j] - y[j]); break;
            case LossKind::huber: {
                const double d = std::fabs(o[j] - y[j]);
                loss += d <= delta ? d * d / 2 : delta * d - double{delta} * delta / 2;
                break;
            }
        }
    }
    const bool is_mean = p.kind != LossKind::softmax_crossentropy && p.kind != LossKind::crossentropy;
    return is_mean ? loss / static_cast<double>(p.cols) : loss;
}

// Dense targets of each row made to sum to 1, as (p - y) * s is the derivative of the softmax cross-entropy for these only.
void normalise(Problem& p) {
    for (std::int64_t i = 0; i < p.rows && !p.sparse(); ++i) {
        float* const row = p.target.data() + i * p.cols;
        double sum = 0;
        for (std::int64_t j = 0; j < p.cols; ++j) sum += row[j];
        for (std::int64_t j = 0; j < p.cols; ++j) row[j] = static_cast<float>(row[j] / sum);
    }
}

std::string difference(const Answer& got, const Answer& want) {
    return first_difference_of_numbers(got.loss, want.loss) + first_difference_of_numbers(got.probability, want.probability) +
           first_difference_of_numbers(got.gradient, want.gradient);
}

// Rows of every temper: ordinary, from the edges of the format, zeros, outside of the clip, with a NaN, with infinities.
void make_edgy(Problem& p, std::uint64_t seed) {
    Numbers numbers(seed);
    const auto fill = [&](std::int64_t row, auto value) {
        for (std::int64_t j = 0; j < p.cols && row < p.rows; ++j)
            p.output[static_cast<std::size_t>(row * p.cols + j)] = value(j);
    };
    fill(1, [&](std::int64_t) { return numbers.edgy(); });
    fill(2, [&](std::int64_t j) { return j % 2 == 0 ? 0.0F : -0.0F; });
    fill(3, [&](std::int64_t j) { return j % 3 == 0 ? -0.1F : j % 3 == 1 ? 1e-8F : 1.5F; });
    fill(4, [&](std::int64_t j) { return j == p.cols / 2 ? not_a_number : 0.25F; });
    fill(5, [&](std::int64_t j) { return j == p.cols - 1 ? infinity : j == 0 ? -infinity : 0.5F; });
    fill(6, [&](std::int64_t j) { return j == 0 ? 1.0F : j == 1 ? -1.0F : 0.0F; });  // sums to 0
}

}  // namespace

TEST_CASE("losses and gradients are their definition's in float64, to single precision") {
    for (const LossKind kind : kinds) {
        for (const std::int64_t cols : {1, 2, 10, 70, 300}) {
            for (const bool sparse : {false, true}) {
                INFO("kind " << static_cast<int>(kind) << ", cols " << cols << (sparse ? ", sparse" : ""));
                Problem p(kind, 3, cols, sparse, static_cast<std::uint64_t>(cols));
                if (kind == LossKind::softmax_crossentropy) normalise(p);
                const Answer answer = run(reference(), p);
                const double h = 1e-6;
                for (std::int64_t i = 0; i < p.rows; ++i) {
                    // About 20 roundings, each of 2^-24 of numbers not above max(1, loss).
                    const double loss = exact_loss(p, i);
                    CHECK(std::fabs(answer.loss[static_cast<std::size_t>(i)] - loss) <= 20 * 0x1p-24 * std::fmax(1, loss));
                    for (std::int64_t j = 0; j < cols; ++j) {
                        const double slope = (exact_loss(p, i, j, h) - exact_loss(p, i, j, -h)) / (2 * h) * p.scale;
                        // As above, for numbers up to max(s, slope); h costs float64 another 1e-9 * s.
                        const double got = answer.gradient[static_cast<std::size_t>(i * cols + j)];
                        CHECK(std::fabs(got - slope) <= 20 * 0x1p-24 * std::fmax(p.scale, std::fabs(slope)));
                    }
                }
            }
        }
    }
}

TEST_CASE("losses in numbers") {
    Problem p(LossKind::softmax_crossentropy, 1, 2, true, 1);
    p.output = {0.0F, 0.0F};
    p.label = {1};
    p.scale = 0.5F;
    Answer answer = run(reference(), p);
    CHECK(answer.loss[0] == 0x1.62e430p-1F);  // ln 2
    CHECK(first_difference(answer.gradient, Floats{0.25F, -0.25F}) == "");
    CHECK(first_difference(answer.probability, Floats{0.5F, 0.5F}) == "");

    p.kind = LossKind::mean_squared_error;
    p.output = {3.0F, 2.0F};
    answer = run(reference(), p);
    CHECK(answer.loss[0] == 5.0F);
    CHECK(first_difference(answer.gradient, Floats{1.5F, 0.5F}) == "");
}

TEST_CASE("the gradient of softmax cross-entropy is (p - y) * s whatever the targets sum to") {
    const Problem p(LossKind::softmax_crossentropy, 5, 9, false, 2);
    const Answer answer = run(reference(), p);
    Floats probability(p.output.size());
    reference().softmax(p.rows, p.cols, p.output.data(), probability.data());
    CHECK(first_difference(answer.probability, probability) == "");
    for (std::size_t i = 0; i < probability.size(); ++i) CHECK(answer.gradient[i] == (probability[i] - p.target[i]) * p.scale);
}

TEST_CASE("sigmoid cross-entropy hands out the sigmoid") {
    const Problem p(LossKind::sigmoid_crossentropy, 5, 9, false, 3);
    Floats probability(p.output.size());
    reference().activation_forward(Activation::sigmoid, p.rows * p.cols, p.output.data(), probability.data());
    CHECK(first_difference(run(reference(), p).probability, probability) == "");
}

TEST_CASE("the ends of the clip have a gradient, what lies beyond them has none") {
    Problem p(LossKind::binary_crossentropy, 1, 6, false, 4);
    const float low = 1e-7F;
    const float high = 1.0F - 0x1p-23F;
    p.output = {low, std::nextafter(low, 0.0F), high, std::nextafter(high, 2.0F), -5.0F, 1.0F};
    p.target = {1.0F, 1.0F, 0.0F, 0.0F, 1.0F, 0.0F};
    const Answer answer = run(reference(), p);
    CHECK(answer.gradient[0] < -1e5F);
    CHECK(answer.gradient[2] > 1e5F);
    for (const std::size_t i : {1U, 3U, 4U, 5U}) CHECK(std::bit_cast<std::uint32_t>(answer.gradient[i]) == 0);
    CHECK(answer.loss[0] > 15.9F);  // -log(1e-7) = 16.1, and -log1p(-high) = 23 ln 2 = 15.94
    CHECK(answer.loss[0] < 16.2F);
}

TEST_CASE("a label is a one-hot target, to the bit") {
    for (const LossKind kind : kinds) {
        const Problem sparse(kind, 40, 37, true, 5);
        Problem dense = sparse;
        dense.target.assign(dense.output.size(), 0.0F);
        for (std::int64_t i = 0; i < dense.rows; ++i)
            dense.target[static_cast<std::size_t>(i * dense.cols + sparse.label[static_cast<std::size_t>(i)])] = 1.0F;
        CHECK(difference(run(reference(), dense), run(reference(), sparse)) == "");
    }
}

TEST_CASE("a NaN anywhere in a row makes its loss NaN") {
    for_every_table([&](const Table& table, const std::string& name) {
        for (const LossKind kind : kinds) {
            for (const bool sparse : {false, true}) {
                INFO(name << ", kind " << static_cast<int>(kind) << (sparse ? ", sparse" : ""));
                Problem p(kind, 70, 70, sparse, 6);
                for (std::size_t i = 0; i < 70; ++i) p.output[i * 71] = not_a_number;
                for (const float loss : run(table, p).loss) CHECK(std::isnan(loss));
                for (const float loss : run(reference(), p).loss) CHECK(std::isnan(loss));
            }
        }
    });
}

TEST_CASE("every instruction set and number of threads gives the reference's bits, in every form") {
    for (const std::int64_t cols : {1, 2, 3, 4, 5, 7, 8, 10, 13, 15, 16, 17, 63, 64, 65, 129, 1000, 4095, 4096, 4097, 16385}) {
        const std::int64_t rows = cols < 200 ? 131 : 7;  // more than one task, and every row of make_edgy
        struct Case {
            Problem problem;
            Answer apart, over;
        };
        std::vector<Case> cases;
        for (const LossKind kind : kinds) {
            for (const bool sparse : {false, true}) {
                Problem p(kind, rows, cols, sparse, static_cast<std::uint64_t>(cols));
                make_edgy(p, 8);
                cases.push_back({p, run(reference(), p), run(reference(), p, Place::over_output)});
                CHECK(first_difference_of_numbers(cases.back().over.gradient, cases.back().apart.gradient) == "");
            }
        }
        for_every_table([&](const Table& table, const std::string& name) {
            for (const auto& [p, apart, over] : cases) {
                INFO(name << ", kind " << static_cast<int>(p.kind) << ", cols " << cols << (p.sparse() ? ", sparse" : ""));
                CHECK(difference(run(table, p), apart) == "");
                CHECK(difference(run(table, p, Place::over_output), over) == "");
                CHECK(first_difference_of_numbers(loss_alone(table, p), apart.loss) == "");
            }
        });
    }
}

TEST_CASE("smoothed targets are targets that were smoothed before, to the bit") {
    for (const LossKind kind : kinds) {
        if (!is_entropy(kind)) continue;
        Problem smooth(kind, 9, 37, false, 9);
        smooth.smooth_keep = 0.9F;
        smooth.smooth_share = 0.1F / 37.0F;
        Problem before = smooth;
        before.smooth_share = 0.0F;
        for (float& y : before.target) y = y * smooth.smooth_keep + smooth.smooth_share;
        CHECK(difference(run(reference(), smooth), run(reference(), before)) == "");
        for_every_table([&](const Table& table, const std::string& name) {
            INFO(name << ", kind " << static_cast<int>(kind));
            CHECK(difference(run(table, smooth), run(reference(), before)) == "");
        });
    }
}

TEST_CASE("weights of rows multiply losses and replace the gradient's factor, in every instruction set") {
    for (const LossKind kind : kinds) {
        for (const bool sparse : {false, true}) {
            Problem p(kind, 131, 17, sparse, 10);
            const Answer plain = run(reference(), p);
            for (std::int64_t i = 0; i < p.rows; ++i) {
                const float w = static_cast<float>(i % 5) * 0.3F;
                p.row_weight.push_back(w);
                p.row_scale.push_back(w / 131.0F);
            }
            const Answer weighted = run(reference(), p);
            for (std::size_t i = 0; i < p.row_weight.size(); ++i) CHECK(weighted.loss[i] == plain.loss[i] * p.row_weight[i]);
            for (std::size_t i = 0; i < 3; ++i) {
                Problem row = p;  // alone, with its factor as everybody's
                row.row_scale.clear();
                row.scale = p.row_scale[i];
                const Answer alone = run(reference(), row);
                for (std::size_t j = i * 17; j < (i + 1) * 17; ++j) CHECK(weighted.gradient[j] == alone.gradient[j]);
            }
            for_every_table([&](const Table& table, const std::string& name) {
                INFO(name << ", kind " << static_cast<int>(kind) << (sparse ? ", sparse" : ""));
                CHECK(difference(run(table, p), weighted) == "");
            });
        }
    }
}
