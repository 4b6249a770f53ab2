// The table of kernels: filled from ref/, then overridden entry by entry for an instruction set. Chosen once per run.
#pragma once

#include "samebits/kernels/activation.h"
#include "samebits/kernels/avg_pool2d.h"
#include "samebits/kernels/batch_norm.h"
#include "samebits/kernels/conv2d.h"
#include "samebits/kernels/depthwise_conv2d.h"
#include "samebits/kernels/dropout.h"
#include "samebits/kernels/elementwise.h"
#include "samebits/kernels/gemm.h"
#include "samebits/kernels/isa.h"
#include "samebits/kernels/layer_norm.h"
#include "samebits/kernels/loss.h"
#include "samebits/kernels/max_pool2d.h"
#include "samebits/kernels/optimizer.h"
#include "samebits/kernels/place2d.h"
#include "samebits/kernels/reduce.h"
#include "samebits/kernels/softmax.h"
#include "samebits/kernels/translate2d.h"
#include "samebits/kernels/winograd.h"

namespace samebits::kernels {

struct Table {
    Isa isa;
    GemmFunction gemm;
    GemmWorkspace gemm_workspace;
    Conv2DForward conv2d_forward;
    Conv2DInputGradient conv2d_input_gradient;
    Conv2DWeightGradient conv2d_weight_gradient;
    Conv2DWorkspace conv2d_workspace;
    WinogradForward winograd_forward;
    WinogradInputGradient winograd_input_gradient;
    WinogradWeightGradient winograd_weight_gradient;
    WinogradWorkspace winograd_workspace;
    MaxPool2DForward max_pool2d_forward;
    MaxPool2DGradient max_pool2d_gradient;
    ActivationForward activation_forward;
    ActivationGradient activation_gradient;
    Softmax softmax;
    SoftmaxGradient softmax_gradient;
    LossFunction loss;
    DropoutFunction dropout;
    SgdUpdate sgd;
    AdamUpdate adam;
    ColumnSum column_sum;
    LaneSum lane_sum;
    Add add;
    AddRectified add_rectified;
    FirstNonFinite first_non_finite;
    AvgPool2DForward avg_pool2d_forward;
    AvgPool2DGradient avg_pool2d_gradient;
    DepthwiseConv2DForward depthwise_conv2d_forward;
    DepthwiseConv2DInputGradient depthwise_conv2d_input_gradient;
    DepthwiseConv2DWeightGradient depthwise_conv2d_weight_gradient;
    DepthwiseConv2DWorkspace depthwise_conv2d_workspace;
    Place2DFunction place2d;
    Translate2DFunction translate2d;
    BatchNormStatistics batch_norm_statistics;
    BatchNormForward batch_norm_forward;
    BatchNormWeightGradient batch_norm_weight_gradient;
    BatchNormInputGradient batch_norm_input_gradient;
    MovingAverage moving_average;
    LayerNormForward layer_norm_forward;
    LayerNormWeightGradient layer_norm_weight_gradient;
    LayerNormInputGradient layer_norm_input_gradient;
    ElementwiseForward elementwise_forward;
    ElementwiseGradient elementwise_gradient;
    CopyRows copy_rows;
    RmsPropUpdate rms_prop;
    WeightDecay weight_decay;
    ScaleGradient scale_gradient;
    ClipGradient clip_gradient;
    PenaltyGradient penalty_gradient;
    LaneSum abs_sum;
    LaneSum square_sum;
};

// The table of one instruction set. Throws InvalidArgument when this machine or build lacks it.
const Table& table(Isa isa);

// The instruction set in force: what force() said, else SAMEBITS_ISA, else the best available.
Isa current_isa();
inline const Table& current() { return table(current_isa()); }
// Throws InvalidArgument when this machine or build lacks it.
void force(Isa isa);

}  // namespace samebits::kernels
