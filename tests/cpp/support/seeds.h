// Small good files of every format, to be changed.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "samebits/samebits.h"
#include "support/files.h"

namespace samebits::test {

inline std::string npy_seed(std::string_view descr, std::string_view fortran, std::string_view shape, std::size_t bytes) {
    std::string header = "{'descr': '" + std::string(descr) + "', 'fortran_order': " + std::string(fortran) +
                         ", 'shape': " + std::string(shape) + ", }\n";
    return std::string("\x93NUMPY\x01\0", 8) + static_cast<char>(header.size()) + '\0' + header + std::string(bytes, '\x3f');
}

inline std::string cifar_seed(const std::string& labels) { return labels + std::string(3072, '\x80'); }

// With slots of its optimizer after one step, where it is compiled.
inline std::string saved(Model model, const Shape& sample, bool compiled) {
    const Folder folder;
    if (compiled) {
        Shape shape = sample;
        shape.insert(shape.begin(), 2);
        const Tensor x(shape, std::vector<float>(static_cast<std::size_t>(2 * element_count(sample)), 0.5F));
        const Tensor y(Shape{2}, std::vector<float>{0, 1});
        model.compile({.optimizer = optimizers::Adam{}, .loss = "sparse_categorical_crossentropy", .metrics = {"accuracy"}});
        model.fit(x, y, {.verbose = Verbose::silent});
    }
    model.save(folder / "model");
    return bytes_of(folder / "model");
}

inline std::vector<std::string> model_seeds() {
    namespace l = layers;
    const auto layer = [](const auto& options) { return Layer(options); };
    const Symbol image = Input({4, 4, 1}, "image");
    Symbol inside = layer(l::Conv2D{.filters = 2, .kernel_size = {3, 3}, .padding = "same"})(image);
    inside = layer(l::Add{})({layer(l::BatchNormalization{})(inside), inside});
    const Symbol out = layer(l::Dense{.units = 2, .activation = "softmax"})(layer(l::GlobalAveragePooling2D{})(inside));
    return {saved(Sequential({l::Input{.shape = {3}}, l::Dense{.units = 2, .activation = "softmax"}}), {3}, true),
            saved(Sequential({l::Input{.shape = {2}}, l::Dense{.units = 1}, l::Dropout{.rate = 0.5}}), {2}, false),
            saved(Model({image}, {out}), {4, 4, 1}, true)};
}

inline constexpr const char* chain_recipe = R"(# A comment.
profile = 1
seed = 7
[data]
source = "csv"
path = "train.csv"
header = true
label = 0
shape = [4, 4, 1]
divide = 16.5
validation_split = 0.25
[model]
layers = [
  { type = "RandomFlip", mode = "horizontal" },
  { type = "Conv2D", filters = 4, kernel_size = [3, 2], padding = "same", kernel_regularizer = { type = "L2", l2 = 1e-3 } },
  { type = "BatchNormalization", momentum = 0.9 },
  { type = 'MaxPooling2D', pool_size = 2 },
  { type = "Flatten" },
  { type = "Dense", units = 3, activation = "softmax", kernel_initializer = { type = "RandomNormal", stddev = 0.1 } },
]
[train]
optimizer = { type = "Adam", learning_rate = { type = "ExponentialDecay", initial_learning_rate = 0.1, decay_steps = 9, decay_rate = 0.5 } }
loss = "sparse_categorical_crossentropy"
metrics = ["accuracy", { type = "SparseTopKCategoricalAccuracy", k = 2 }]
epochs = 2
batch_size = 4
shuffle = false
callbacks = [{ type = "EarlyStopping", monitor = "loss", patience = 1 }, { type = "CSVLogger", filename = "log.csv" }]
)";

inline constexpr const char* graph_recipe = R"([data]
source = "npy"
x = ["a.npy", "b.npy"]
y = "y.npy"
[[model.layers]]
type = "InputLayer"
shape = [8]
name = "a"
[[model.layers]]
type = "InputLayer"
shape = [8]
name = "b"
[[model.layers]]
type = "Dense"
units = 8
inputs = "a"
name = "shared"
[[model.layers]]
call = "shared"
inputs = ["b"]
name = "again"
[[model.layers]]
type = "Add"
inputs = ["shared", "again"]
name = "sum"
[model]
outputs = ["sum", "again"]
[train]
optimizer.type = "SGD"
optimizer.momentum = 0.9
loss = ["mse", { type = "Huber", delta = 2 }]
loss_weights = [1, 0.5]
metrics = [["mae"], []]
)";

inline std::vector<std::string> seeds(std::string_view format) {
    if (format == "npy")
        return {npy_seed("<f4", "False", "(2, 3)", 24), npy_seed("|u1", "True", "(4, 2, 1)", 8),
                npy_seed("<i8", "False", "()", 8)};
    if (format == "csv")
        return {"1,2.5,-3e-2\n4,\" 5\",6\r\n0.1,7,8\n",
                "\xEF\xBB\xBF"
                "a;b\n1;2\n3;4\n\n",
                "12345678901234567890\n1e-50\n"};
    if (format == "idx")
        return {std::string("\0\0\x08\x03\0\0\0\x02\0\0\0\x02\0\0\0\x02", 16) + "12345678",
                std::string("\0\0\x0D\x01\0\0\0\x02", 8) + "12345678"};
    if (format == "cifar") return {cifar_seed("\x03") + cifar_seed("\x09"), cifar_seed("\x13\x63")};
    if (format == "recipe") return {chain_recipe, graph_recipe};
    return model_seeds();  // "model", "safetensors"
}

}  // namespace samebits::test
