"""Rows made ready for training: what was learned from them, and how they are held."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from mtcore.arrays import RowArray
from mtcore.data.splits.extract import extract
from mtcore.data.splits.splits import RowSplit
from mtcore.data.splits.turns import Turns, take_turns
from mtcore.data.tables.stored import Rows, StoredTable, give_memory_back
from mtcore.data.tables.table import Table
from mtcore.engine.encode.encoding import Encoding, fit_encoding
from mtcore.engine.plans.plan import NetworkPlan
from mtcore.engine.plans.planning import plan_network
from mtcore.engine.program.constant_loss import Constant, fit_constants
from mtcore.engine.program.program_cache import key_of
from mtcore.engine.program.program_key import ProgramKey
from mtcore.engine.rows.blocks import BlockFile, Scratch
from mtcore.engine.rows.labels import Labels, read_labels, weigh_rows, weight_unit
from mtcore.engine.rows.rows import ColumnEncoder, RowBlocks
from mtcore.engine.training.rotation import Data, rotated
from mtcore.spec import Experiment


@dataclass(frozen=True, slots=True)
class Prepared:
    """Everything that training needs, before a program is leased.

    Args:
        encoding: What was learned from the training rows.
        plan: The network's shape.
        train: Encoded rows that teach.
        validation: Encoded rows that choose the epoch.
        turns: Which rows each network holds out.
        data_of: Training and validation rows of a network, by its place.
        constants: Each head's best constant prediction.
        key: The program that they are trained with.
    """

    encoding: Encoding
    plan: NetworkPlan
    train: RowBlocks
    validation: RowBlocks
    turns: Turns
    data_of: Callable[[int], Data]
    constants: tuple[Constant, ...]
    key: ProgramKey

    def close(self) -> None:
        """Give back the disk space that rows may take."""
        for blocks in (self.train, self.validation):
            if isinstance(blocks, BlockFile):
                blocks.close()


def prepare_rows(
    experiment: Experiment,
    table: Rows,
    split: RowSplit,
    scratch: Scratch,
    stop: Callable[[], bool],
) -> Prepared:
    """Return the rows of an experiment, encoded.

    Those of a table in memory are held in memory. Those of a stored one are written to
    blocks, and what is learned before training is learned from a large sample.

    Args:
        experiment: With its inputs listed.
        table: Every row, with all columns that the experiment names.
        split: Which rows teach and which choose the best epoch.
        scratch: Where blocks lie.
        stop: Asked after each batch of a stored table; True leaves it at the rows that
            are encoded.

    Raises:
        ColumnError: The table lacks a column.
        ExperimentError: A head or an input cannot be used as asked.
    """
    known, parts = extract(experiment, table, split, scratch.sample_rows)
    encoding = fit_encoding(experiment, known, parts)
    plan = plan_network(experiment, encoding)
    unit = weight_unit(experiment, known, parts.train)
    learned = _Learned(experiment, encoding, ColumnEncoder(encoding), unit)
    labels = learned.labels(known)
    taught = parts.train[labels.weights[parts.train].any(axis=1)]
    train_labels = _labels_of(labels, taught)
    turns = take_turns(experiment, table, split)
    train: RowBlocks
    validation: RowBlocks
    if isinstance(table, StoredTable):
        del known, labels
        give_memory_back()
        train, validation = learned.blocks(table, split, scratch, stop)
        give_memory_back()
        data_of = _always(train, validation)
    else:
        validation_labels = _labels_of(labels, split.validation)
        both = (
            learned.encoder.encode(table.take(taught), train_labels),
            learned.encoder.encode(table.take(split.validation), validation_labels),
        )
        rows = (taught, split.validation)
        train, validation = both
        data_of = rotated(both, rows, turns.held) if turns.rotate else _always(*both)
    return Prepared(
        encoding=encoding,
        plan=plan,
        train=train,
        validation=validation,
        constants=fit_constants(plan, train_labels),
        turns=turns,
        data_of=data_of,
        key=key_of(plan, experiment.training, *data_of(0)),
    )


def _always(train: RowBlocks, validation: RowBlocks) -> Callable[[int], Data]:
    """Return what gives every network the same rows."""
    return lambda _: (train, validation)


@dataclass(frozen=True, slots=True)
class _Learned:
    """What rows are encoded with.

    Args:
        experiment: Its heads and its seed.
        encoding: Fitted on training rows.
        encoder: Of this encoding.
        unit: The row weight that counts as 1.
    """

    experiment: Experiment
    encoding: Encoding
    encoder: ColumnEncoder
    unit: float

    def labels(self, table: Table) -> Labels:
        """Return the labels of all rows, worked out batch by batch."""
        parts = [self._labels_of_batch(batch) for batch in table.batches()]
        return Labels(
            np.concatenate([part.targets for part in parts]),
            np.concatenate([part.weights for part in parts]),
        )

    def blocks(
        self,
        table: StoredTable,
        split: RowSplit,
        scratch: Scratch,
        stop: Callable[[], bool],
    ) -> tuple[BlockFile, BlockFile]:
        """Return training and validation rows in blocks of their own."""
        train = self._empty(len(split.train), scratch)
        validation = self._empty(len(split.validation), scratch)
        start = 0
        for batch in table.batches():
            if start and stop():
                break
            rows = (start, start + batch.rows)
            taught = batch.take(_between(split.train, *rows))
            held_out = batch.take(_between(split.validation, *rows))
            for part in taught.batches(self.encoder.rows_at_once):
                self._add(train, part, taught=True)
            for part in held_out.batches(self.encoder.rows_at_once):
                self._add(validation, part, taught=False)
            start += batch.rows
        return train, validation

    def _empty(self, rows: int, scratch: Scratch) -> BlockFile:
        heads = plan_network(self.experiment, self.encoding).heads
        targets = sum(head.targets for head in heads)
        return BlockFile(
            scratch,
            rows,
            numbers_width=self.encoder.dense_width + 2 * targets,
            codes_width=self.encoder.codes_width,
            seed=self.experiment.seed,
        )

    def _add(self, blocks: BlockFile, rows: Table, *, taught: bool) -> None:
        """Encode rows into blocks, without those that teach nothing where taught."""
        labels = self._labels_of_batch(rows)
        dense, codes = self.encoder.encode_inputs(rows)
        numbers = np.hstack([dense, labels.targets, labels.weights])
        if taught:
            useful = labels.weights.any(axis=1)
            numbers, codes = numbers[useful], codes[useful]
        blocks.add(numbers, codes)

    def _labels_of_batch(self, batch: Table) -> Labels:
        weights = weigh_rows(self.experiment, batch, self.unit)
        return read_labels(self.experiment, self.encoding, batch, weights)


def _labels_of(labels: Labels, rows: RowArray) -> Labels:
    return Labels(labels.targets[rows], labels.weights[rows])


def _between(rows: RowArray, start: int, stop: int) -> RowArray:
    """Return which of the ascending rows lie in a batch, counted from its start."""
    low, high = np.searchsorted(rows, (start, stop))
    return rows[low:high] - start
