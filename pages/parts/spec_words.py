"""What an experiment's closed sets are called in menus."""

from __future__ import annotations

LOSS_WORDS = {
    "mse": "Squared error",
    "mae": "Absolute error",
    "huber": "Huber",
    "log_cosh": "Log-cosh",
    "gaussian_nll": "Gaussian NLL",
    "binary_crossentropy": "Cross-entropy",
    "categorical_crossentropy": "Cross-entropy",
    "focal": "Focal",
    "poisson": "Poisson",
    "pinball": "Pinball",
    "corn": "CORN",
}
METRIC_WORDS = {
    "mae": "MAE",
    "rmse": "RMSE",
    "r2": "R²",
    "rrmse": "Relative RMSE",
    "accuracy": "Accuracy",
    "auc": "AUC",
    "average_precision": "Average precision",
    "log_loss": "Log loss",
    "brier": "Brier score",
    "f1": "F1",
    "macro_f1": "Macro F1",
    "micro_f1": "Micro F1",
    "hamming": "Hamming loss",
    "poisson_deviance": "Poisson deviance",
    "d2": "D²",
    "pinball": "Pinball loss",
    "coverage": "Coverage",
    "width": "Width",
    "qwk": "Weighted kappa",
}
SPLIT_WORDS = {
    "random": "At random",
    "stratified": "Same classes in every part",
    "group": "Groups stay together",
    "time": "Latest rows judge",
    "given": "A column says",
}
TRUNK_WORDS = {
    "shared": "Shared by all heads",
    "experts": "Experts, mixed for each head",
    "separate": "Separate, one a head",
}
OPTIMIZER_WORDS = {
    "adamw": "AdamW",
    "adam": "Adam",
    "sgd": "SGD with momentum",
}
BLEND_WORDS = {"none": "The network alone", "trees": "Network and trees"}
ACTIVATION_WORDS = {"relu": "ReLU", "gelu": "GELU", "silu": "SiLU", "tanh": "tanh"}
KIND_WORDS = {
    "number": "number",
    "category": "category",
    "boolean": "yes or no",
    "datetime": "date and time",
    "text": "text",
    "image": "image",
    "id": "id",
    "constant": "constant",
}
TEXT_ENCODER_WORDS = {
    "pool": "Mean and most of its words",
    "conv": "Phrases of five words",
    "lstm": "LSTM, word by word",
    "gru": "GRU, word by word",
}
IMAGE_ENCODER_WORDS = {"conv": "One convolution", "small": "Five convolutions"}
AUGMENTATION_WORDS = {"flip": "Mirror some", "shift": "Move them a little"}
