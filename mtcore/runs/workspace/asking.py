"""Questions to the workers about a run or an experiment, each answered at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

from mtcore.arrays import FloatArray
from mtcore.data.splits.coverage import Coverage
from mtcore.runs.cluster.cluster import Cluster
from mtcore.runs.cluster.errands import WITH_INPUTS, ModelAnswer, ScoredColumns, Sweep
from mtcore.spec import Experiment
from mtcore.whatif.averages import AverageResponse
from mtcore.whatif.goals import Goal, Sought

# A worker that was just started on a busy machine imports TensorFlow first.
ANSWERS_WITHIN_S = 180.0
READS_WITHIN_S = 600.0


class Asking:
    """The part of a workspace that asks workers and waits for what they answer.

    Args:
        cluster: The way to the workers.
        place: The home's folder and the store's address, as tasks take them.
    """

    def __init__(self, cluster: Cluster, place: tuple[str, str | None]) -> None:
        self.cluster = cluster
        self._place = place

    def predict(
        self, run_id: str, records: Sequence[Mapping[str, object]]
    ) -> dict[str, FloatArray]:
        """Return what all heads answer for some rows, `(rows, width)` a head.

        Args:
            run_id: A finished run.
            records: Cells by column; what is left out is missing.
        """
        rows = [dict(record) for record in records]
        answer: dict[str, FloatArray] = self.cluster.ask(
            dict,
            "predict_records", run_id, rows, *self._place,
            timeout_s=ANSWERS_WITHIN_S,
        )  # fmt: skip
        return answer

    def response_curves(
        self,
        run_id: str,
        record: Mapping[str, object],
        column: str,
        values: Sequence[object],
    ) -> dict[str, FloatArray]:
        """Return how all heads go with one input, `(values, width)` a head.

        Args:
            run_id: A finished run.
            record: The row's cells by column.
            column: The input that is changed.
            values: What it is set to, one after the other.
        """
        answer: dict[str, FloatArray] = self.cluster.ask(
            dict,
            "response",
            run_id,
            Sweep(dict(record), column, list(values)),
            *self._place,
            timeout_s=ANSWERS_WITHIN_S,
        )  # fmt: skip
        return answer

    def average_curves(
        self, run_id: str, column: str, values: Sequence[object]
    ) -> AverageResponse:
        """Return how all heads go with one input, on average over test rows.

        Args:
            run_id: A finished run.
            column: One of its inputs.
            values: What it is set to, one after the other.
        """
        answer: AverageResponse = self.cluster.ask(
            AverageResponse,
            "average_curves", run_id, column, list(values), *self._place,
            timeout_s=ANSWERS_WITHIN_S,
        )  # fmt: skip
        return answer

    def seek(self, run_id: str, goal: Goal) -> Sought:
        """Return the nearest edits of a row that make all heads answer as is wanted.

        Args:
            run_id: A finished run.
            goal: What is looked for, and from which row.

        Raises:
            InputError: A condition names a head or output that there is not.
        """
        return self.cluster.ask(
            Sought,
            "seek_goal", run_id, goal, *self._place, timeout_s=ANSWERS_WITHIN_S,
        )  # fmt: skip

    def differences(self, run_id: str, dataset_id: str) -> tuple[str, ...]:
        """Return how a data set's rows differ from a run's training rows, in sentences.

        Args:
            run_id: A finished run.
            dataset_id: Rows to be scored.

        Raises:
            ColumnError: The rows have none of the inputs.
        """
        answer: tuple[str, ...] = self.cluster.ask(
            tuple,
            "tell_differences", run_id, dataset_id, *self._place,
            timeout_s=READS_WITHIN_S,
        )  # fmt: skip
        return answer

    def score(
        self,
        run_id: str,
        dataset_id: str,
        besides: ScoredColumns = WITH_INPUTS,
    ) -> Path:
        """Return a CSV with a model's answers for every row of a data set.

        Args:
            run_id: A finished run.
            dataset_id: The rows, in any data set with the run's input columns.
            besides: What stands in the file besides the answers.
        """
        answer: Path = self.cluster.ask(
            Path,
            "score_dataset", run_id, dataset_id, *self._place, besides,
            timeout_s=READS_WITHIN_S,
        )  # fmt: skip
        return answer

    def describe(self, experiment: Experiment, dataset_id: str) -> ModelAnswer:
        """Return the network that an experiment would build, with its Keras code.

        Raises:
            InputError: The experiment does not fit the data.
        """
        answer: ModelAnswer = self.cluster.ask(
            ModelAnswer,
            "describe_experiment", experiment.model_dump_json(), dataset_id,
            self._place[0], timeout_s=ANSWERS_WITHIN_S,
        )  # fmt: skip
        return answer

    def count_labels(self, experiment: Experiment, dataset_id: str) -> Coverage:
        """Return which parts of a data set hold which labels, counted by a worker.

        Raises:
            InputError: The experiment does not fit the data.
            ClusterError: No worker answers.
        """
        answer: Coverage = self.cluster.ask(
            Coverage,
            "count_coverage", experiment.model_dump_json(), dataset_id, self._place[0],
            timeout_s=READS_WITHIN_S,
        )  # fmt: skip
        return answer
