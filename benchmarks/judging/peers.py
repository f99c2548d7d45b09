"""What networks are held against: models of scikit-learn, one a target."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.base import BaseEstimator
from sklearn.compose import ColumnTransformer
from sklearn.decomposition import TruncatedSVD
from sklearn.ensemble import (
    BaggingClassifier,
    BaggingRegressor,
    ExtraTreesClassifier,
    ExtraTreesRegressor,
    GradientBoostingRegressor,
    HistGradientBoostingClassifier,
    HistGradientBoostingRegressor,
)
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.impute import SimpleImputer
from sklearn.linear_model import LogisticRegression, RidgeCV
from sklearn.pipeline import Pipeline, make_pipeline
from sklearn.preprocessing import OneHotEncoder, StandardScaler
from sklearn.tree import DecisionTreeClassifier, DecisionTreeRegressor

from mtcore.trees.features import Features

Array = NDArray[np.float64]
PEERS = ("ridge", "extra trees", "bagged trees", "boosting")
# From so many rows on leaves are larger and trees fewer, as people would have them.
MANY_ROWS = 20_000
FEW_ROWS = 2_000
_RIDGES = np.logspace(-3.0, 4.0, 15)
_MOST_ONE_HOT = 60
_TOPICS = 100


def regressors(features: Features, rows: int) -> dict[str, Callable[[], Any]]:
    """Return makers of models that predict one number.

    Args:
        features: Says which columns are codes.
        rows: That will be learned from.
    """
    leaf, trees = (5, 100) if rows > MANY_ROWS else (1, 200)
    codes = features.categorical
    boosting: Callable[[], Any] = (
        (lambda: GradientBoostingRegressor(random_state=0))
        if rows <= FEW_ROWS and not np.isnan(features.matrix).any()
        else lambda: HistGradientBoostingRegressor(
            categorical_features=codes, random_state=0
        )
    )
    made: dict[str, Callable[[], Any]] = {
        "ridge": lambda: make_pipeline(_plain(features), RidgeCV(_RIDGES)),
        "extra trees": lambda: ExtraTreesRegressor(
            trees, min_samples_leaf=leaf, random_state=0, n_jobs=-1
        ),
        "bagged trees": lambda: BaggingRegressor(
            DecisionTreeRegressor(), 100, random_state=0, n_jobs=-1
        ),
        "boosting": boosting,
    }
    return _that_fit(made, rows)


def classifiers(features: Features, rows: int) -> dict[str, Callable[[], Any]]:
    """Return makers of models that predict one class; as `regressors`."""
    leaf, trees = (5, 100) if rows > MANY_ROWS else (1, 200)
    codes = features.categorical
    made: dict[str, Callable[[], Any]] = {
        "ridge": lambda: make_pipeline(
            _plain(features), LogisticRegression(max_iter=500)
        ),
        "extra trees": lambda: ExtraTreesClassifier(
            trees, min_samples_leaf=leaf, random_state=0, n_jobs=-1
        ),
        "bagged trees": lambda: BaggingClassifier(
            DecisionTreeClassifier(), 100, random_state=0, n_jobs=-1
        ),
        "boosting": lambda: HistGradientBoostingClassifier(
            categorical_features=codes, random_state=0
        ),
    }
    return _that_fit(made, rows)


def text_classifiers() -> dict[str, Callable[[], Any]]:
    """Return makers of models that predict the class of a text, by its words' weights.

    The trees of boosting take no thousands of words, so they get what sums them up.
    Bagged trees are left out: whole trees of so many words would take an hour.
    """

    def on_words(*steps: BaseEstimator) -> Pipeline:
        words = TfidfVectorizer(ngram_range=(1, 2), min_df=2, sublinear_tf=True)
        return make_pipeline(words, *steps)

    return {
        "ridge": lambda: on_words(LogisticRegression(C=10.0, max_iter=500)),
        "extra trees": lambda: on_words(
            ExtraTreesClassifier(100, random_state=0, n_jobs=-1)
        ),
        "boosting": lambda: on_words(
            TruncatedSVD(_TOPICS, random_state=0),
            HistGradientBoostingClassifier(random_state=0),
        ),
    }


def _that_fit(
    made: dict[str, Callable[[], Any]], rows: int
) -> dict[str, Callable[[], Any]]:
    """Leave out what would take an hour: whole trees of very many rows."""
    if rows > MANY_ROWS:
        del made["bagged trees"]
    return made


def _plain(features: Features) -> ColumnTransformer:
    """Return scaled numbers and the most frequent values one-hot, nothing missing."""
    places = np.arange(features.matrix.shape[1])
    numbers = make_pipeline(SimpleImputer(strategy="median"), StandardScaler())
    codes = OneHotEncoder(handle_unknown="ignore", max_categories=_MOST_ONE_HOT)
    return ColumnTransformer(
        [
            ("numbers", numbers, places[~features.categorical]),
            ("codes", codes, places[features.categorical]),
        ]
    )
