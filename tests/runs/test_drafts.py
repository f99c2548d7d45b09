from __future__ import annotations

import pytest

from mtcore.errors import MissingError
from mtcore.home import Home
from mtcore.runs.workspace.drafts import Drafts

UNFINISHED = {"name": "Loads", "heads": []}


def test_a_draft_is_there_for_whoever_opens_the_same_home(home: Home) -> None:
    made = Drafts(home).create("1" * 16, UNFINISHED, parent_run="abc")
    found = Drafts(home).get(made.id)
    assert found == made
    assert found.parent_run == "abc"


def test_saving_replaces_the_experiment_and_nothing_else(home: Home) -> None:
    drafts = Drafts(home)
    made = drafts.create("1" * 16, UNFINISHED)
    saved = drafts.save(made.id, {"name": "Loads", "seed": 1})
    assert saved.experiment == {"name": "Loads", "seed": 1}
    assert saved.dataset_id == made.dataset_id
    assert saved.updated > made.updated


def test_the_draft_saved_last_is_listed_first(home: Home) -> None:
    drafts = Drafts(home)
    first, second = (drafts.create("1" * 16, UNFINISHED) for _ in range(2))
    drafts.save(first.id, UNFINISHED)
    assert [draft.id for draft in drafts.list()] == [first.id, second.id]


def test_a_home_without_drafts_lists_none(home: Home) -> None:
    assert Drafts(home).list() == ()


def test_a_deleted_draft_is_missing(home: Home) -> None:
    drafts = Drafts(home)
    made = drafts.create("1" * 16, UNFINISHED)
    drafts.delete(made.id)
    with pytest.raises(MissingError, match="Open Design"):
        drafts.get(made.id)


@pytest.mark.parametrize("odd", ["", "../../runs", "0" * 15, "0" * 16, "x" * 16])
def test_an_id_that_no_draft_has_names_no_file(home: Home, odd: str) -> None:
    drafts = Drafts(home)
    drafts.create("1" * 16, UNFINISHED)
    with pytest.raises(MissingError, match="no draft"):
        drafts.get(odd)


def test_nothing_but_whole_drafts_is_left_in_the_folder(home: Home) -> None:
    drafts = Drafts(home)
    made = drafts.create("1" * 16, UNFINISHED)
    for number in range(3):
        drafts.save(made.id, {"seed": number})
    assert [path.name for path in home.drafts.iterdir()] == [f"{made.id}.json"]
