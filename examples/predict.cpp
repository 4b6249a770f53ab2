// Predicts, one image after another, with a model that the quickstart notebook saved, from (8, 8, 1) to ten classes: after the
// first call the loop allocates nothing.
// Usage: predict digits.safetensors
#include <samebits/samebits.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <exception>

namespace sb = samebits;

int main(int argc, char** argv) {
    if (argc != 2) {
        std::fprintf(stderr, "usage: predict FILE.safetensors\n");
        return 2;
    }
    try {
        sb::Model model = sb::load_model(argv[1]);
        const sb::Digits digits = sb::load_digits();
        const auto* pixels = static_cast<const unsigned char*>(digits.x_test.data);
        const auto* labels = static_cast<const unsigned char*>(digits.y_test.data);

        std::array<float, 64> image{};  // the view looks at it, whatever it holds
        const sb::ArrayView x(image.data(), sb::DType::float32, {1, 8, 8, 1});
        std::array<float, 10> probabilities{};
        int right = 0;
        const std::int64_t count = digits.x_test.length();
        for (std::int64_t i = 0; i < count; ++i) {
            std::transform(pixels + 64 * i, pixels + 64 * (i + 1), image.begin(),
                           [](unsigned char pixel) { return static_cast<float>(pixel) / 16; });
            model.predict_on_batch(x, probabilities);
            const auto best = std::max_element(probabilities.begin(), probabilities.end()) - probabilities.begin();
            right += best == labels[i] ? 1 : 0;
        }
        std::printf("%d of %d digits right\ndigest: %s\n", right, static_cast<int>(count), model.digest().c_str());
    } catch (const std::exception& error) {
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
