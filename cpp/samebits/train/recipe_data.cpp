#include "samebits/train/recipe_data.h"

#include "samebits/base/check.h"
#include "samebits/data/csv.h"
#include "samebits/data/digits/digits.h"
#include "samebits/data/idx.h"
#include "samebits/data/npy.h"

namespace samebits {
namespace {

// The same elements as (N, shape). Only arrays in C order can be seen under another shape.
ArrayView with_sample_shape(const ArrayView& view, const Shape& shape, const std::string& what) {
    if (shape.empty() || view.sample_shape() == shape) return view;
    require(!view.shape.empty() && element_count(view.sample_shape()) == element_count(shape),
            "[recipe] shape must hold the samples of {}; got shape {} for samples of {}; correct the shape", what,
            to_string(shape), to_string(view.sample_shape()));
    Shape full{view.length()};
    full.insert(full.end(), shape.begin(), shape.end());
    const ArrayView flat(view.data, view.dtype, view.shape);
    require(flat.strides == view.strides,
            "[recipe] {} is in Fortran order and cannot be reshaped; got shape {}; save it in C order", what, to_string(shape));
    return {view.data, view.dtype, full};
}

RecipeData read_digits(const DataSpec& spec, float divide) {
    const Digits digits = load_digits();
    RecipeData data;
    data.samples = {{{with_sample_shape(digits.x_train, spec.shape, "digits"), divide}}, {digits.y_train}, {}};
    data.test = Samples{{{with_sample_shape(digits.x_test, spec.shape, "digits"), divide}}, {digits.y_test}, {}};
    return data;
}

RecipeData read_npy_files(const DataSpec& spec, const std::filesystem::path& directory, float divide) {
    auto arrays = std::make_shared<std::vector<NpyArray>>();
    RecipeData data;
    for (const auto* paths : {&spec.paths, &spec.y_paths})
        for (const auto& path : *paths) arrays->push_back(read_npy(directory / path));
    require(spec.shape.empty() || spec.paths.size() == 1,
            "[recipe] shape is for data with one array x; got {} arrays; leave it out", spec.paths.size());
    for (std::size_t i = 0; i < arrays->size(); ++i) {
        const ArrayView view = (*arrays)[i].view();
        if (i < spec.paths.size()) {
            data.samples.x.push_back({with_sample_shape(view, spec.shape, spec.paths[i].string()), divide});
        } else {
            data.samples.y.push_back(view);
        }
        data.bytes += aligned_bytes((*arrays)[i].buffer.size());
    }
    data.owner = std::move(arrays);
    return data;
}

RecipeData read_csv_table(const DataSpec& spec, const std::filesystem::path& directory, float divide) {
    auto table = std::make_shared<CsvTable>(read_csv(directory / spec.x, spec.header, ',', spec.label));
    RecipeData data;
    data.samples = {{{spec.shape.empty() ? table->x() : table->x(spec.shape), divide}}, {table->y()}, {}};
    data.bytes = aligned_bytes(table->buffer.size());
    data.owner = std::move(table);
    return data;
}

RecipeData read_idx_pair(const DataSpec& spec, const std::filesystem::path& directory, float divide) {
    auto arrays = std::make_shared<std::pair<IdxArray, IdxArray>>(read_idx(directory / spec.x), read_idx(directory / spec.y));
    const ArrayView images = arrays->first.view();
    Shape shape = spec.shape;
    if (shape.empty() && images.shape.size() == 3) shape = {images.shape[1], images.shape[2], 1};  // one channel
    RecipeData data;
    data.samples = {{{with_sample_shape(images, shape, spec.x.string()), divide}}, {arrays->second.view()}, {}};
    data.bytes = aligned_bytes(arrays->first.buffer.size()) + aligned_bytes(arrays->second.buffer.size());
    data.owner = std::move(arrays);
    return data;
}

RecipeData read_cifar_files(const DataSpec& spec, const std::filesystem::path& directory, float divide) {
    std::vector<std::filesystem::path> paths;
    for (const auto& path : spec.paths) paths.push_back(directory / path);
    auto images = std::make_shared<CifarImages>(read_cifar(paths, spec.cifar));
    RecipeData data;
    data.samples = {{{with_sample_shape(images->x(), spec.shape, "cifar"), divide}}, {images->y()}, {}};
    data.bytes = aligned_bytes(images->pixels.size()) + aligned_bytes(images->labels.size());
    data.owner = std::move(images);
    return data;
}

}  // namespace

RecipeData read_data(const Recipe::Content& recipe) {
    const auto divide = static_cast<float>(recipe.data.divide);
    switch (recipe.data.source) {
        case DataSource::npy: return read_npy_files(recipe.data, recipe.directory, divide);
        case DataSource::csv: return read_csv_table(recipe.data, recipe.directory, divide);
        case DataSource::idx: return read_idx_pair(recipe.data, recipe.directory, divide);
        case DataSource::cifar: return read_cifar_files(recipe.data, recipe.directory, divide);
        default: return read_digits(recipe.data, divide);
    }
}

}  // namespace samebits
