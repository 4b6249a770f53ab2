"""Names that Keras has and samebits has not yet: asking for one says so. First members of modules, then arguments of calls
with Keras's defaults (which, given, ask for what is done anyway).
"""

from __future__ import annotations

from collections.abc import Mapping


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


LAYERS = _names(
    "ActivityRegularization AdditiveAttention AlphaDropout Attention AugMix AutoContrast Average AveragePooling1D"
    " AveragePooling3D Bidirectional CategoryEncoding CenterCrop Conv1D Conv1DTranspose Conv2DTranspose Conv3D"
    " Conv3DTranspose ConvLSTM1D ConvLSTM2D ConvLSTM3D Cropping1D Cropping2D Cropping3D CutMix DepthwiseConv1D"
    " Discretization Dot EinsumDense Embedding Equalization GRU GRUCell GaussianDropout GaussianNoise GlobalAveragePooling1D"
    " GlobalAveragePooling3D GlobalMaxPooling1D GlobalMaxPooling3D GroupNormalization GroupQueryAttention HashedCrossing"
    " Hashing Identity IntegerLookup LSTM LSTMCell Lambda Masking MaxNumBoundingBoxes MaxPooling1D MaxPooling3D Maximum"
    " MelSpectrogram Minimum MixUp MultiHeadAttention Multiply Normalization PReLU Permute Pipeline RNN RandAugment"
    " RandomBrightness RandomColorDegeneration RandomColorJitter RandomContrast RandomElasticTransform RandomErasing"
    " RandomGaussianBlur RandomGrayscale RandomHue RandomInvert RandomPerspective RandomPosterization RandomRotation"
    " RandomSaturation RandomSharpness RandomShear RandomZoom RepeatVector Resizing ReversibleEmbedding RMSNormalization"
    " SeparableConv1D SimpleRNN SimpleRNNCell Solarization SpatialDropout1D SpatialDropout2D SpatialDropout3D"
    " SpectralNormalization StackedRNNCells STFTSpectrogram StringLookup Subtract TextVectorization ThresholdedReLU"
    " TimeDistributed TorchModuleWrapper UnitNormalization UpSampling1D UpSampling2D UpSampling3D Wrapper ZeroPadding1D"
    " ZeroPadding3D"
)
OPTIMIZERS = _names(
    "Adadelta Adafactor Adagrad Adamax Ftrl Lamb Lion LossScaleOptimizer Muon Nadam deserialize legacy serialize"
)
SCHEDULES = _names("CosineDecayRestarts deserialize serialize")
LOSSES = _names(
    "BinaryFocalCrossentropy CTC CategoricalFocalCrossentropy CategoricalGeneralizedCrossEntropy CategoricalHinge Circle"
    " CosineSimilarity Dice Hinge KLDivergence LogCosh MeanAbsolutePercentageError MeanSquaredLogarithmicError Poisson"
    " Reduction SquaredHinge Tversky binary_crossentropy binary_focal_crossentropy categorical_crossentropy"
    " categorical_focal_crossentropy categorical_hinge circle cosine_similarity ctc deserialize dice hinge huber"
    " kl_divergence log_cosh mean_absolute_error mean_absolute_percentage_error mean_squared_error"
    " mean_squared_logarithmic_error poisson serialize sparse_categorical_crossentropy squared_hinge tversky"
)
METRICS = _names(
    "AUC BinaryCrossentropy BinaryIoU CategoricalCrossentropy CategoricalHinge ConcordanceCorrelation CosineSimilarity"
    " F1Score FBetaScore FalseNegatives FalsePositives Hinge IoU KLDivergence LogCoshError Mean MeanAbsolutePercentageError"
    " MeanIoU MeanMetricWrapper MeanSquaredLogarithmicError OneHotIoU OneHotMeanIoU PearsonCorrelation Poisson Precision"
    " PrecisionAtRecall R2Score Recall RecallAtPrecision RootMeanSquaredError SensitivityAtSpecificity"
    " SparseCategoricalCrossentropy SpecificityAtSensitivity SquaredHinge Sum TrueNegatives TruePositives binary_accuracy"
    " categorical_accuracy deserialize get serialize sparse_categorical_accuracy top_k_categorical_accuracy"
)
CALLBACKS = _names(
    "BackupAndRestore CallbackList History OrbaxCheckpoint ProgbarLogger RemoteMonitor SwapEMAWeights TensorBoard"
    " TerminateOnNaN"
)
REGULARIZERS = _names("OrthogonalRegularizer deserialize get orthogonal_regularizer serialize")
INITIALIZERS = _names(
    "Identity IdentityInitializer Orthogonal OrthogonalInitializer STFT VarianceScaling constant deserialize get"
    " glorot_normal glorot_uniform he_normal he_uniform identity lecun_normal lecun_uniform ones orthogonal random_normal"
    " random_uniform serialize truncated_normal variance_scaling zeros"
)
DATASETS = _names("boston_housing california_housing cifar10 cifar100 fashion_mnist imdb mnist reuters")
DATA = _names("FixedLengthRecordDataset Iterator NumpyIterator Options TFRecordDataset TextLineDataset experimental")
DATASET = _names(
    "apply bucket_by_sequence_length choose_from_datasets counter flat_map from_tensors fingerprint get_single_element"
    " group_by_window interleave list_files load options padded_batch ragged_batch random reduce rejection_resample"
    " sample_from_datasets save scan shard snapshot sparse_batch take_while unique window with_options"
)
UTILS = _names(
    "CustomObjectScope FeatureSpace OrderedEnqueuer Progbar PyDataset Sequence array_to_img audio_dataset_from_directory"
    " bounding_boxes clear_session custom_object_scope deserialize_keras_object disable_interactive_logging"
    " enable_interactive_logging get_custom_objects get_file get_registered_name get_registered_object get_source_inputs"
    " image_dataset_from_directory img_to_array is_interactive_logging_enabled is_keras_tensor legacy load_img model_to_dot"
    " normalize pack_x_y_sample_weight pad_sequences plot_model register_keras_serializable save_img serialize_keras_object"
    " split_dataset standardize_dtype text_dataset_from_directory timeseries_dataset_from_array"
    " unpack_x_y_sample_weight"
)

COMPILE: Mapping[str, object] = {
    "loss_weights": None,
    "weighted_metrics": None,
    "run_eagerly": False,
    "steps_per_execution": 1,
    "jit_compile": "auto",
    "auto_scale_loss": True,
}
FIT: Mapping[str, object] = {
    "record": None,
    "class_weight": None,
    "sample_weight": None,
    "steps_per_epoch": None,
    "validation_steps": None,
    "validation_batch_size": None,
    "validation_freq": 1,
}
EVALUATE: Mapping[str, object] = {"sample_weight": None, "steps": None, "callbacks": None}
PREDICT: Mapping[str, object] = {"steps": None, "callbacks": None}
BATCH: Mapping[str, object] = {"sample_weight": None, "class_weight": None}
SUMMARY: Mapping[str, object] = {
    "line_length": None,
    "positions": None,
    "expand_nested": False,
    "show_trainable": False,
    "layer_range": None,
}
SAVE: Mapping[str, object] = {"zipped": None, "include_optimizer": True, "save_format": None, "max_shard_size": None}
LOAD_WEIGHTS: Mapping[str, object] = {"skip_mismatch": False, "by_name": False, "objects_to_skip": None}
LOAD: Mapping[str, object] = {"custom_objects": None, "compile": True, "safe_mode": True}
