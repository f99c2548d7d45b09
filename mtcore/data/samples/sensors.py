"""Ten sensor readings, from which temperature and humidity are to be told."""

from __future__ import annotations

import numpy as np

from mtcore.arrays import FloatArray
from mtcore.data.samples.sample import Columns, Sample, written
from mtcore.spec import Experiment, NumberInput, RegressionHead, SharedTrunk, Training

ROWS = 5_000
TEMPERATURE_NOISE = 1.2
HUMIDITY_NOISE = 2.5
DECIMALS = {
    "light_klux": 1, "uv_index": 1, "wind_m_s": 1, "pressure_hpa": 1, "rain_mm": 2,
    "soil_moisture": 1, "leaf_wetness": 2, "co2_ppm": 0, "ozone_ppb": 0, "no2_ppb": 0,
}  # fmt: skip

SAMPLE = Sample(
    id="sensors",
    title="Ten sensors: temperature and humidity",
    description=(
        "A weather station's ten readings, 5,000 times. Two heads on one trunk tell "
        "the temperature (°C) and the humidity (%) from them."
    ),
    experiment=Experiment(
        name="Temperature and humidity",
        inputs=tuple(NumberInput(column=column) for column in DECIMALS),
        trunk=SharedTrunk(layers=(64, 32), activation="relu"),
        heads=(
            RegressionHead(
                name="temperature", columns=("temperature",), metrics=("mae",)
            ),
            RegressionHead(name="humidity", columns=("humidity",), metrics=("mae",)),
        ),
        training=Training(epochs=100, batch_size=64, patience=20),
    ),
    best_possible={
        "temperature": {"r2": 0.954, "mae": 0.96},
        "humidity": {"r2": 0.940, "mae": 2.00},
    },
)


def make_columns() -> Columns:
    """Return the table as it is written."""
    readings, truth, noise = _draw()
    columns: Columns = {
        name: written(values, DECIMALS[name]) for name, values in readings.items()
    }
    for name, values in truth.items():
        columns[name] = written(values + noise[name], 2)
    return columns


def best_outputs() -> dict[str, FloatArray]:
    """Return what the law itself says, by head, `(rows, 1)`, without the noise."""
    return {name: values[:, np.newaxis] for name, values in _draw()[1].items()}


def _draw() -> tuple[
    dict[str, FloatArray], dict[str, FloatArray], dict[str, FloatArray]
]:
    """Return readings, the law's values and the noise, each by column, `(rows,)`."""
    random = np.random.default_rng(1)
    readings = _draw_readings(random)
    noise = {
        "temperature": random.normal(0.0, TEMPERATURE_NOISE, ROWS),
        "humidity": random.normal(0.0, HUMIDITY_NOISE, ROWS),
    }
    return readings, _law(readings), noise


def _draw_readings(random: np.random.Generator) -> dict[str, FloatArray]:
    """Return readings that go together as weather does, rounded as written."""
    sun = random.beta(1.3, 1.6, ROWS)
    front = random.normal(0.0, 1.0, ROWS)
    traffic = random.gamma(2.0, 1.0, ROWS)
    rain = np.where(
        front < -0.6, random.exponential(2.5, ROWS) * (1.0 - 0.7 * sun), 0.0
    )
    wind = random.gamma(2.0, 1.6, ROWS) + 0.8 * np.abs(front)
    drawn = {
        "light_klux": 100.0 * sun,
        "uv_index": np.clip(10.0 * sun**1.4 + random.normal(0.0, 0.8, ROWS), 0.0, 12.0),
        "wind_m_s": wind,
        "pressure_hpa": 1012.0 + 9.0 * front + random.normal(0.0, 3.0, ROWS),
        "rain_mm": rain,
        "soil_moisture": np.clip(28.0 + 5.0 * rain + random.normal(0.0, 8.0, ROWS),
                                 2.0, 70.0),
        "leaf_wetness": np.clip(0.25 * rain + random.beta(1.0, 5.0, ROWS), 0.0, 1.0),
        "co2_ppm": 420.0 + 25.0 * traffic - 15.0 * sun + random.normal(0.0, 12.0, ROWS),
        "ozone_ppb": np.clip(20.0 + 45.0 * sun + random.normal(0.0, 8.0, ROWS), 1.0,
                             None),
        "no2_ppb": np.clip(8.0 * traffic / (1.0 + 0.2 * wind)
                           + random.normal(0.0, 2.0, ROWS), 0.0, None),
    }  # fmt: skip
    return {
        name: np.round(drawn[name], decimals) for name, decimals in DECIMALS.items()
    }


def _law(readings: dict[str, FloatArray]) -> dict[str, FloatArray]:
    """Return temperature in °C and humidity in % as the readings decide them."""
    light, wind = readings["light_klux"], readings["wind_m_s"]
    rain, pressure = readings["rain_mm"], readings["pressure_hpa"]
    chill = np.tanh(wind / 5.0)
    temperature = (
        6.0
        + 14.0 * np.tanh(light / 45.0) * (1.0 - 0.45 * chill)
        + 0.5 * readings["uv_index"]
        - 2.0 * chill
        - 3.0 * (1.0 - np.exp(-rain))
        + 3.0 * np.sin((pressure - 1012.0) / 9.0)
        + 0.05 * readings["ozone_ppb"]
        + 0.02 * (readings["co2_ppm"] - 450.0)
    )
    humidity = (
        56.0
        - 18.0 * np.tanh(light / 60.0)
        + 10.0 * (1.0 - np.exp(-rain / 1.5))
        + 0.30 * (readings["soil_moisture"] - 30.0)
        + 10.0 * readings["leaf_wetness"]
        - 0.25 * (pressure - 1012.0) * (1.0 - chill)
        - 5.0 * chill
        + 0.06 * readings["no2_ppb"] * np.maximum(30.0 - light, 0.0) / 3.0
    )
    return {"temperature": temperature, "humidity": humidity}
