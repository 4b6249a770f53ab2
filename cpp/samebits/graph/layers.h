// Every kind of layer: the structs a model is made of.
#pragma once

#include "samebits/graph/layers/activation.h"
#include "samebits/graph/layers/batch_normalization.h"
#include "samebits/graph/layers/conv2d.h"
#include "samebits/graph/layers/dense.h"
#include "samebits/graph/layers/dropout.h"
#include "samebits/graph/layers/elementwise.h"
#include "samebits/graph/layers/flatten.h"
#include "samebits/graph/layers/input.h"
#include "samebits/graph/layers/layer_normalization.h"
#include "samebits/graph/layers/max_pooling2d.h"
#include "samebits/graph/layers/merging.h"
#include "samebits/graph/layers/reshape.h"
#include "samebits/graph/layers/softmax.h"
