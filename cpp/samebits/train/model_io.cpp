// Models as safetensors files: weights under their names, optimizer slots under "optimizer/<weight>/<slot>", everything else
// as JSON in the metadata entry "samebits".
#include <algorithm>

#include "samebits/base/check.h"
#include "samebits/data/safetensors.h"
#include "samebits/train/digest.h"
#include "samebits/train/model_json.h"

namespace samebits {
namespace {

constexpr const char* metadata_key = "samebits";
constexpr const char* slot_prefix = "optimizer/";

const std::string& state_of(const SafetensorsFile& file, const std::filesystem::path& path) {
    const auto it = file.metadata.find(metadata_key);
    require<IoError>(it != file.metadata.end(), "[load_model] {} is no samebits model; got no \"samebits\" metadata; {}",
                     path.string(), "load weights of other programs with set_weights");
    return it->second;
}

const Tensor* find(const SafetensorsFile& file, const std::string& name) {
    const auto it =
        std::find_if(file.tensors.begin(), file.tensors.end(), [&](const auto& entry) { return entry.name == name; });
    return it == file.tensors.end() ? nullptr : &it->tensor;
}

void require_fits(const SafetensorsFile& file, const std::filesystem::path& path, const std::string& name,
                  const Tensor& target) {
    const Tensor* source = find(file, name);
    require(source != nullptr, "[load] {} has no \"{}\"; got {} tensors; give a file of this model", path.string(), name,
            file.tensors.size());
    require(source->shape() == target.shape(), "[load] {} of the model has shape {}; got {} in {}; give a file of this model",
            name, to_string(target.shape()), to_string(source->shape()), path.string());
    const auto bad = std::find_if(source->values().begin(), source->values().end(), [](float v) { return !(v - v == 0); });
    require(bad == source->values().end(), "[load] weights must be finite; got {} in \"{}\" of {}; give another file",
            bad == source->values().end() ? 0.0F : *bad, name, path.string());
}

void fill(const SafetensorsFile& file, const std::string& name, const Tensor& target) {
    const Tensor& source = *find(file, name);
    std::copy(source.values().begin(), source.values().end(), target.data());
}

// Every tensor that the model knows was found: one more is foreign.
void require_known(const SafetensorsFile& file, std::size_t known) {
    require(file.tensors.size() == known,
            "[load] the model has {} weights and optimizer slots; got {} tensors in the file; give a file of this model", known,
            file.tensors.size());
}

// What is wrong with a file's content is the file's fault: an IoError that names it. What is not here yet stays NotImplemented.
template <class F>
auto reading(const std::filesystem::path& path, F&& body) {
    try {
        return body();
    } catch (const InvalidArgument& error) {
        throw IoError(fmt::format("[load_model] {}: {}", path.string(), error.what()));
    } catch (const NotImplemented& error) {
        throw NotImplemented(fmt::format("[load_model] {}: {}", path.string(), error.what()));
    } catch (const TypeMismatch& error) {
        throw IoError(fmt::format("[load_model] {}: {}", path.string(), error.what()));
    }
}

}  // namespace

void ModelImpl::write(const std::filesystem::path& path, bool everything) {
    require<RunFailed>(
        !failed,
        "[save] the run stopped at a value that was not finite; got weights outside the promise; load the last checkpoint");
    SafetensorsFile file;
    for (const Weight& weight : graph->weights()) file.tensors.push_back({weight.name, weight.value});
    if (everything) {
        file.metadata[metadata_key] = state_json(*this);
        if (engine->compiled())
            for (const Slot& slot : engine->optimizer().slots())
                if (slot.value.data() != nullptr) file.tensors.push_back({slot_prefix + slot.name, slot.value});
    }
    write_safetensors(path, file);
}

void Model::save(const std::filesystem::path& path) const {
    impl_->require_built("save");
    impl_->write(path, true);
}

void Model::save_weights(const std::filesystem::path& path) const {
    impl_->require_built("save_weights");
    impl_->write(path, false);
}

void Model::load_weights(const std::filesystem::path& path) {
    impl_->require_built("load_weights");
    const SafetensorsFile file = read_safetensors(path);
    for (const Weight& weight : impl_->graph->weights()) require_fits(file, path, weight.name, weight.value);
    for (const auto& entry : file.tensors) {
        const auto& weights = impl_->graph->weights();
        const bool known = std::any_of(weights.begin(), weights.end(), [&](const Weight& w) { return w.name == entry.name; });
        require(known || entry.name.rfind(slot_prefix, 0) == 0,
                "[load_weights] the model has no weight of this name; got \"{}\" in {}; give a file of this model", entry.name,
                path.string());
    }
    for (const Weight& weight : impl_->graph->weights()) fill(file, weight.name, weight.value);
    impl_->recover();
}

std::string Model::to_json() const { return architecture_json(*impl_); }

Model model_from_json(const std::string& json) { return Model(model_from_architecture(json)); }

Model load_model(const std::filesystem::path& path) {
    const SafetensorsFile file = read_safetensors(path);
    return reading(path, [&] {
        std::int64_t elements = 0;
        for (const auto& entry : file.tensors) elements += entry.tensor.size();
        std::unique_ptr<ModelImpl> model = model_from_state(state_of(file, path), elements);
        for (const Weight& weight : model->graph->weights()) require_fits(file, path, weight.name, weight.value);
        for (const Weight& weight : model->graph->weights()) fill(file, weight.name, weight.value);
        if (!model->engine->compiled()) {
            require_known(file, model->graph->weights().size());
            return Model(std::move(model));
        }
        Optimizer& optimizer = model->engine->optimizer();
        const bool slots = std::any_of(optimizer.slots().begin(), optimizer.slots().end(),
                                       [&](const Slot& slot) { return find(file, slot_prefix + slot.name) != nullptr; });
        if (!slots && optimizer.counters().iterations == 0) {  // saved before its first step
            require_known(file, model->graph->weights().size());
            return Model(std::move(model));
        }
        require_known(file, model->graph->weights().size() + optimizer.slots().size());
        optimizer.allocate();
        for (const Slot& slot : optimizer.slots()) require_fits(file, path, slot_prefix + slot.name, slot.value);
        for (const Slot& slot : optimizer.slots()) fill(file, slot_prefix + slot.name, slot.value);
        return Model(std::move(model));
    });
}

std::string digest_of_file(const std::filesystem::path& path) {
    const SafetensorsFile file = read_safetensors(path);
    return reading(path, [&] {
        std::vector<std::pair<std::string, Tensor>> weights;
        for (const std::string& name : weight_names_of_state(state_of(file, path))) {
            const Tensor* tensor = find(file, name);
            require(tensor != nullptr, "[digest] the file has no \"{}\"; got {} tensors; give what save wrote", name,
                    file.tensors.size());
            weights.emplace_back(name, *tensor);
        }
        return digest_of(weights);
    });
}

}  // namespace samebits
