"""What pages hold of runs and their workers: asked, queued, looked after."""

from __future__ import annotations

from mtcore.runs.workspace.workspace import Workspace, open_workspace

__all__ = ["Workspace", "open_workspace"]
