// samebits: training that gives the same bits everywhere. The public API; it needs no other library's header.
#pragma once

#include "samebits/base/error.h"
#include "samebits/base/memory.h"
#include "samebits/base/shape.h"
#include "samebits/base/tensor.h"
#include "samebits/base/view.h"
#include "samebits/data/cifar.h"
#include "samebits/data/csv.h"
#include "samebits/data/digits/digits.h"
#include "samebits/data/idx.h"
#include "samebits/data/npy.h"
#include "samebits/env/runtime.h"
#include "samebits/graph/check_layer.h"
#include "samebits/graph/layers.h"
#include "samebits/train/model.h"
#include "samebits/train/recipe.h"
#include "samebits/version.h"
