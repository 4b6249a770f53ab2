// Every kind of layer by name, for layer_config.cpp. A new layer adds its line here, its row there and its header to
// graph/layers.h.
#pragma once

#include <memory>

namespace samebits {
class LayerImpl;
}

namespace samebits::layers {

// With default arguments, not yet checked: to be filled by visit().
std::shared_ptr<LayerImpl> new_activation();
std::shared_ptr<LayerImpl> new_add();
std::shared_ptr<LayerImpl> new_batch_normalization();
std::shared_ptr<LayerImpl> new_average_pooling2d();
std::shared_ptr<LayerImpl> new_concatenate();
std::shared_ptr<LayerImpl> new_conv2d();
std::shared_ptr<LayerImpl> new_dense();
std::shared_ptr<LayerImpl> new_depthwise_conv2d();
std::shared_ptr<LayerImpl> new_dropout();
std::shared_ptr<LayerImpl> new_elu();
std::shared_ptr<LayerImpl> new_flatten();
std::shared_ptr<LayerImpl> new_gelu();
std::shared_ptr<LayerImpl> new_global_average_pooling2d();
std::shared_ptr<LayerImpl> new_global_max_pooling2d();
std::shared_ptr<LayerImpl> new_input();
std::shared_ptr<LayerImpl> new_layer_normalization();
std::shared_ptr<LayerImpl> new_leaky_relu();
std::shared_ptr<LayerImpl> new_max_pooling2d();
std::shared_ptr<LayerImpl> new_relu();
std::shared_ptr<LayerImpl> new_rescaling();
std::shared_ptr<LayerImpl> new_reshape();
std::shared_ptr<LayerImpl> new_silu();
std::shared_ptr<LayerImpl> new_softmax();
std::shared_ptr<LayerImpl> new_random_crop();
std::shared_ptr<LayerImpl> new_random_flip();
std::shared_ptr<LayerImpl> new_random_translation();
std::shared_ptr<LayerImpl> new_separable_conv2d();
std::shared_ptr<LayerImpl> new_zero_padding2d();

}  // namespace samebits::layers
