"""`takes.lock` of a project, read and written."""

from __future__ import annotations

from collections.abc import Iterable

from pipeline.app.assignment import Assignment
from pipeline.errors import UsageError
from pipeline.host import read_made, write_whole
from pipeline.model.circle import Circle, read_circles, write_circles


def circles_of(assigned: Assignment) -> dict[str, Circle]:
    """The circles of this world, by shot. Raises UsageError if the file is not as it should be."""
    return {circle.shot: circle for circle in all_circles(assigned) if circle.world == assigned.access.world}


def all_circles(assigned: Assignment) -> tuple[Circle, ...]:
    """Those of the other world, too; a file that is not there holds none."""
    path = assigned.project.takes_lock_path
    name = f"projects/{assigned.project.name}/{path.name}"
    if not path.exists():
        return ()
    try:
        return read_circles(read_made(path), name)
    except OSError as error:
        raise UsageError(f"{name} cannot be read: {error.strerror}.") from error


def keep_circles(assigned: Assignment, circles: Iterable[Circle]) -> None:
    """The file is there as long as there are any. Raises MachineError."""
    path, kept = assigned.project.takes_lock_path, tuple(circles)
    if kept:
        write_whole(path, write_circles(kept).encode())
    else:
        path.unlink(missing_ok=True)
