#include "samebits/train/loss_spec.h"

#include <algorithm>
#include <cmath>
#include <iterator>
#include <string_view>

#include "samebits/base/check.h"
#include "samebits/base/names.h"

namespace samebits {
namespace {

struct Name {
    std::string_view text;
    LossName loss;
};
constexpr Name names[] = {
    {"categorical_crossentropy", LossName::categorical_crossentropy},
    {"CategoricalCrossentropy", LossName::categorical_crossentropy},
    {"sparse_categorical_crossentropy", LossName::sparse_categorical_crossentropy},
    {"SparseCategoricalCrossentropy", LossName::sparse_categorical_crossentropy},
    {"binary_crossentropy", LossName::binary_crossentropy},
    {"BinaryCrossentropy", LossName::binary_crossentropy},
    {"bce", LossName::binary_crossentropy},
    {"BCE", LossName::binary_crossentropy},
    {"mean_squared_error", LossName::mean_squared_error},
    {"MeanSquaredError", LossName::mean_squared_error},
    {"mse", LossName::mean_squared_error},
    {"MSE", LossName::mean_squared_error},
    {"mean_absolute_error", LossName::mean_absolute_error},
    {"MeanAbsoluteError", LossName::mean_absolute_error},
    {"mae", LossName::mean_absolute_error},
    {"MAE", LossName::mean_absolute_error},
    {"huber", LossName::huber},
    {"Huber", LossName::huber},
};
constexpr std::string_view known[] = {"categorical_crossentropy", "sparse_categorical_crossentropy",
                                      "binary_crossentropy",      "mean_squared_error",
                                      "mean_absolute_error",      "huber"};
constexpr std::string_view not_yet[] = {
    "binary_focal_crossentropy",
    "categorical_focal_crossentropy",
    "categorical_hinge",
    "circle",
    "cosine_similarity",
    "ctc",
    "dice",
    "hinge",
    "kl_divergence",
    "kld",
    "log_cosh",
    "mape",
    "mean_absolute_percentage_error",
    "mean_squared_logarithmic_error",
    "msle",
    "poisson",
    "squared_hinge",
    "tversky",
};

LossName by_name(const std::string& text) {
    for (const Name& n : names)
        if (n.text == text) return n.loss;
    const std::string key = snake_case(text);
    require<NotImplemented>(!is_one_of(text, not_yet), "[compile] loss \"{}\" is not implemented yet; got loss=\"{}\"; use {}",
                            text, text, list_of(known));
    fail("[compile] unknown loss; got loss=\"{}\"; use {}{}", text, list_of(known), did_you_mean(key, known));
}

}  // namespace

LossSpec::LossSpec(const std::string& text) : name(by_name(text)) {}

void LossSpec::validate() const {
    require(!from_logits || takes_probabilities(name), "[compile] {} takes no logits; got from_logits=True; leave it out",
            name_of(name));
    require(label_smoothing >= 0 && label_smoothing <= 1,
            "[compile] label_smoothing must be in [0, 1]; got label_smoothing={}; give a number in this range",
            label_smoothing);
    require(label_smoothing == 0 || smooths_labels(name),
            "[compile] {} smooths no labels; got label_smoothing={}; leave it out", name_of(name), label_smoothing);
    const auto width = static_cast<float>(delta);
    require(width > 0 && std::isfinite(width),
            "[compile] delta must be finite and positive in float32; got delta={}; give a positive number", delta);
}

std::string name_of(LossName loss) { return std::string(known[static_cast<int>(loss)]); }

}  // namespace samebits
