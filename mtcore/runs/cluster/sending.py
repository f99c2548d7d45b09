"""Sending errands through Dask, from the server or out of another errand."""

from __future__ import annotations

from distributed import Client, Future, fire_and_forget, get_client

from mtcore.runs.cluster.errands import Errand, run_errand


def send_errand(
    client: Client,
    errand: Errand,
    key: str,
    resource: str,
    priority: int = 0,
) -> Future:
    """Return the future of an errand that was queued.

    Args:
        client: The way to the scheduler.
        errand: A task's name, and what it gets: plain data.
        key: The same key is never queued twice.
        resource: Of the worker that does it, who takes one a task.
        priority: What is higher goes first.
    """
    task, arguments = errand
    return client.submit(
        run_errand,
        task,
        arguments,
        key=key,
        resources={resource: 1},
        priority=priority,
        pure=False,
    )


def send_on(errand: Errand, key: str) -> None:
    """Have an errand done in the background after one that a worker is at now.

    Args:
        errand: A task's name, and what it gets: plain data.
        key: The same key is never queued twice.
    """
    fire_and_forget(send_errand(get_client(), errand, key, "background"))
