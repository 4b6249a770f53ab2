// All callbacks.
#pragma once

#include "samebits/train/callbacks/csv_logger.h"
#include "samebits/train/callbacks/early_stopping.h"
#include "samebits/train/callbacks/lambda_callback.h"
#include "samebits/train/callbacks/learning_rate_scheduler.h"
#include "samebits/train/callbacks/model_checkpoint.h"
#include "samebits/train/callbacks/reduce_lr_on_plateau.h"
