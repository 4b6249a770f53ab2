"""Names that Keras has and samebits has not yet: asking for one says so. First members of modules, then arguments of calls
with Keras's defaults (which, given, ask for what is done anyway).
"""

from __future__ import annotations

from collections.abc import Mapping


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


LAYERS = _names(
    "ActivityRegularization AdaptiveAveragePooling1D AdaptiveAveragePooling2D AdaptiveAveragePooling3D"
    " AdaptiveMaxPooling1D AdaptiveMaxPooling2D AdaptiveMaxPooling3D AdditiveAttention AlphaDropout Attention AugMix"
    " AutoContrast Average AveragePooling1D AveragePooling3D AvgPool1D AvgPool3D Bidirectional CategoryEncoding"
    " CenterCrop ContrastLimitedAdaptiveHistogramEqualization Conv1D Conv1DTranspose Conv2DTranspose Conv3D"
    " Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Convolution1D Convolution1DTranspose Convolution2DTranspose"
    " Convolution3D Convolution3DTranspose Cropping1D Cropping2D Cropping3D CutMix DepthwiseConv1D Discretization Dot"
    " EinsumDense Embedding Equalization FlaxLayer GRU GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D"
    " GlobalAveragePooling3D GlobalAvgPool1D GlobalAvgPool3D GlobalMaxPool1D GlobalMaxPool3D GlobalMaxPooling1D"
    " GlobalMaxPooling3D GroupNormalization GroupQueryAttention HashedCrossing Hashing Identity InputSpec"
    " IntegerLookup JaxLayer LSTM LSTMCell Lambda Masking MaxNumBoundingBoxes MaxPool1D MaxPool3D MaxPooling1D"
    " MaxPooling3D Maximum MelSpectrogram Minimum MixUp MultiHeadAttention Multiply Normalization PReLU Permute"
    " Pipeline RMSNormalization RNN RandAugment RandomBrightness RandomColorDegeneration RandomColorJitter"
    " RandomContrast RandomElasticTransform RandomErasing RandomGaussianBlur RandomGrayscale RandomHue RandomInvert"
    " RandomPerspective RandomPosterization RandomRotation RandomSaturation RandomSharpness RandomShear RandomZoom"
    " RepeatVector Resizing ReversibleEmbedding STFTSpectrogram SeparableConv1D SeparableConvolution1D SimpleRNN"
    " SimpleRNNCell Solarization SpatialDropout1D SpatialDropout2D SpatialDropout3D SpectralNormalization"
    " StackedRNNCells StringLookup Subtract TFSMLayer TextVectorization ThresholdedReLU TimeDistributed"
    " TorchModuleWrapper UnitNormalization UpSampling1D UpSampling2D UpSampling3D Wrapper ZeroPadding1D ZeroPadding3D"
    " average deserialize dot maximum minimum multiply serialize subtract"
)
OPTIMIZERS = _names(
    "Adadelta Adafactor Adagrad Adamax Ftrl Lamb Lion LossScaleOptimizer MultiOptimizer Muon Nadam OptimizerMap"
    " ScheduleFreeAdamW deserialize legacy serialize"
)
SCHEDULES = _names("CosineDecayRestarts deserialize serialize")
LOSSES = _names(
    "BinaryFocalCrossentropy CTC CategoricalFocalCrossentropy CategoricalGeneralizedCrossEntropy CategoricalHinge"
    " Circle CosineSimilarity Dice Hinge KLDivergence LogCosh MeanAbsolutePercentageError MeanSquaredLogarithmicError"
    " Poisson Reduction SquaredHinge Tversky binary_crossentropy binary_focal_crossentropy categorical_crossentropy"
    " categorical_focal_crossentropy categorical_generalized_cross_entropy categorical_hinge circle cosine_similarity"
    " ctc deserialize dice hinge huber kl_divergence log_cosh mean_absolute_error mean_absolute_percentage_error"
    " mean_squared_error mean_squared_logarithmic_error poisson serialize sparse_categorical_crossentropy"
    " squared_hinge tversky"
)
METRICS = _names(
    "AUC BinaryCrossentropy BinaryIoU CategoricalCrossentropy CategoricalHinge ConcordanceCorrelation"
    " CosineSimilarity F1Score FBetaScore FalseNegatives FalsePositives Hinge IoU KLDivergence LogCoshError Mean"
    " MeanAbsolutePercentageError MeanIoU MeanMetricWrapper MeanSquaredLogarithmicError OneHotIoU OneHotMeanIoU"
    " PearsonCorrelation Poisson Precision PrecisionAtRecall R2Score Recall RecallAtPrecision RootMeanSquaredError"
    " SensitivityAtSpecificity SparseCategoricalCrossentropy SpecificityAtSensitivity SquaredHinge Sum TrueNegatives"
    " TruePositives binary_accuracy binary_crossentropy binary_focal_crossentropy categorical_accuracy"
    " categorical_crossentropy categorical_focal_crossentropy categorical_hinge concordance_correlation deserialize"
    " get hinge huber kl_divergence log_cosh mean_absolute_error mean_absolute_percentage_error mean_squared_error"
    " mean_squared_logarithmic_error pearson_correlation poisson serialize sparse_categorical_accuracy"
    " sparse_categorical_crossentropy sparse_top_k_categorical_accuracy squared_hinge top_k_categorical_accuracy"
)
CALLBACKS = _names(
    "BackupAndRestore CallbackList History OrbaxCheckpoint ProgbarLogger RemoteMonitor SwapEMAWeights TensorBoard"
    " TerminateOnNaN"
)
REGULARIZERS = _names("OrthogonalRegularizer deserialize get orthogonal_regularizer serialize")
INITIALIZERS = _names(
    "Identity IdentityInitializer Orthogonal OrthogonalInitializer STFT STFTInitializer VarianceScaling constant"
    " deserialize get glorot_normal glorot_uniform he_normal he_uniform identity lecun_normal lecun_uniform ones"
    " orthogonal random_normal random_uniform serialize stft truncated_normal variance_scaling zeros"
)
DATASETS = _names("boston_housing california_housing cifar10 cifar100 fashion_mnist imdb mnist reuters")
DATA = _names("FixedLengthRecordDataset Iterator NumpyIterator Options TFRecordDataset TextLineDataset experimental")
DATASET = _names(
    "apply bucket_by_sequence_length choose_from_datasets counter flat_map from_tensors fingerprint get_single_element"
    " group_by_window interleave list_files load options padded_batch ragged_batch random reduce rejection_resample"
    " sample_from_datasets save scan shard snapshot sparse_batch take_while unique window with_options"
)
UTILS = _names(
    "Config CustomObjectScope FeatureSpace OrderedEnqueuer Progbar PyDataset Sequence array_to_img"
    " audio_dataset_from_directory bounding_boxes clear_session custom_object_scope deserialize_keras_object"
    " disable_interactive_logging enable_interactive_logging get_custom_objects get_file get_registered_name"
    " get_registered_object get_source_inputs image_dataset_from_directory img_to_array is_interactive_logging_enabled"
    " is_keras_tensor legacy load_img model_to_dot normalize pack_x_y_sample_weight pad_sequences plot_model"
    " register_keras_serializable save_img serialize_keras_object split_dataset standardize_dtype"
    " text_dataset_from_directory timeseries_dataset_from_array unpack_x_y_sample_weight"
)
MODELS = _names("clone_model save_model")
TOP = _names(
    "DTypePolicy FloatDTypePolicy Function Initializer InputSpec KerasTensor Layer Loss Metric Operation Optimizer"
    " Quantizer Regularizer RematScope StatelessScope SymbolicScope Variable activations applications backend config"
    " constraints device distillation distribution dtype_policies export legacy mixed_precision name_scope ops"
    " preprocessing quantizers random remat saving tree visualization wrappers"
)
# Attributes of tensors, models, optimizers and layers.
TENSOR = _names("name ndim ragged ravel record_history reshape size sparse squeeze")
MODEL = _names(
    "add_loss add_metric add_variable add_weight build_from_config call compile_from_config compiled compiled_loss"
    " compiled_metrics compute_dtype compute_loss compute_mask compute_metrics compute_output_shape"
    " compute_output_spec distribute_reduction_method distribute_strategy dtype dtype_policy export from_config"
    " get_build_config get_compile_config get_config get_metrics_result get_quantization_layer_structure"
    " get_state_tree input input_dtype input_spec inputs jit_compile load_own_variables loss losses"
    " make_predict_function make_test_function make_train_function metrics metrics_names metrics_variables output"
    " outputs path predict_step quantization_mode quantize quantized_build quantized_call rematerialized_call"
    " run_eagerly save_own_variables set_state_tree stateless_call stateless_compute_loss supports_masking"
    " symbolic_call test_step train_step variable_dtype"
)
OPTIMIZER = _names(
    "add_optimizer_variables add_variable add_variable_from_reference apply apply_gradients assign assign_add assign_sub build"
    " built exclude_from_weight_decay finalize_variable_values load_own_variables name save_own_variables scale_loss"
    " set_weights stateless_apply update_step variables"
)
LAYER = _names(
    "add_loss add_metric add_variable add_weight build build_from_config built call compute_dtype compute_mask"
    " compute_output_shape compute_output_spec dtype dtype_policy get_build_config input input_dtype input_shape"
    " input_spec load_own_variables losses metrics metrics_variables output output_shape path quantization_mode"
    " quantize quantized_build quantized_call rematerialized_call save_own_variables stateless_call supports_masking"
    " symbolic_call variable_dtype"
)

COMPILE: Mapping[str, object] = {
    "weighted_metrics": None,
    "run_eagerly": False,
    "steps_per_execution": 1,
    "jit_compile": "auto",
    "auto_scale_loss": True,
}
FIT: Mapping[str, object] = {
    "record": None,
    "validation_steps": None,
    "validation_batch_size": None,
    "validation_freq": 1,
}
EVALUATE: Mapping[str, object] = {"steps": None}
PREDICT: Mapping[str, object] = {"steps": None, "callbacks": None}
SUMMARY: Mapping[str, object] = {
    "line_length": None,
    "positions": None,
    "expand_nested": False,
    "show_trainable": False,
    "layer_range": None,
}
SAVE: Mapping[str, object] = {"zipped": None, "include_optimizer": True, "save_format": None, "max_shard_size": None}
LOAD_WEIGHTS: Mapping[str, object] = {"skip_mismatch": False, "by_name": False, "objects_to_skip": None}
FROM_JSON: Mapping[str, object] = {"custom_objects": None}
MODEL_OPTIONS: Mapping[str, object] = {"trainable": True}
LOAD: Mapping[str, object] = {"custom_objects": None, "compile": True, "safe_mode": True}

# Arguments of earlier versions of Keras: where there is an argument of this name, what to do.
_WORKERS = ("batch_size", "leave it out: the library has its own threads, runtime.configure(threads=...)")
OLD: Mapping[str, tuple[str, str]] = {
    "lr": ("learning_rate", "use learning_rate"),
    "decay": ("learning_rate", "use learning_rate=schedules.InverseTimeDecay(rate, 1, decay); weight_decay is another thing"),
    "input_dim": ("input_shape", "use input_shape=(n,)"),
    "batch_input_shape": ("input_shape", "use input_shape, without the batch"),
    "nb_epoch": ("epochs", "use epochs"),
    "workers": _WORKERS,
    "use_multiprocessing": _WORKERS,
    "max_queue_size": ("batch_size", "leave it out; a Dataset has .prefetch(n)"),
}
