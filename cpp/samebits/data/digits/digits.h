// The digits set: 1,797 8x8 images of handwritten digits, part of the library (source and licence: README.md here).
#pragma once

#include "samebits/base/api.h"
#include "samebits/base/view.h"

namespace samebits {

struct Digits {
    ArrayView x_train;  // uint8 (1500, 8, 8), values 0..16
    ArrayView y_train;  // uint8 (1500,), values 0..9
    ArrayView x_test;   // uint8 (297, 8, 8)
    ArrayView y_test;   // uint8 (297,)
};

// Views of static memory: valid as long as the program runs.
SAMEBITS_API Digits load_digits();

}  // namespace samebits
