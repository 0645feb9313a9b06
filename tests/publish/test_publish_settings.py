"""What `storyreel.yaml` may say, and what is told of a slip in it."""

from __future__ import annotations

from pathlib import Path

import pytest

from pipeline.errors import UsageError
from pipeline.project import StorePaths
from pipeline.publish.address import what_is_wrong_with
from pipeline.publish.memory import Remembering
from pipeline.publish.settings import publisher_of, read_workspace_file
from pipeline.publish.static import StaticFolder

STATIC = "publisher: {kind: static, folder: www, base_url: https://a.example/p}"


def read(folder: Path, text: str) -> object:
    """The publisher that a file with `text` names."""
    path = folder / "storyreel.yaml"
    path.write_text(text)
    return publisher_of(read_workspace_file(path).publisher, folder, StorePaths(folder / "store"), {})


def test_a_folder_is_found_from_the_workspace(tmp_path: Path) -> None:
    """`www` beside projects/."""
    assert read(tmp_path, STATIC) == StaticFolder(tmp_path / "www", "https://a.example/p")


@pytest.mark.parametrize("text", ["", "# nothing yet\n", "publisher:\n"])
def test_nothing_written_names_no_publisher(tmp_path: Path, text: str) -> None:
    """An empty file, or none."""
    assert read(tmp_path, text) is None
    assert read_workspace_file(tmp_path / "missing.yaml").publisher is None


@pytest.mark.parametrize("text", ["publisher: {kind: manual}", 'publisher: {kind: command, command: [up, "{file}"]}'])
def test_what_is_sent_or_said_once_is_remembered(tmp_path: Path, text: str) -> None:
    """By hand and by a program."""
    assert isinstance(read(tmp_path, text), Remembering)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("publisher: {kind: ftp}", "publisher: its kind is none of static, command, manual"),
        ("publisher: {kind: command, command: [up]}", '"{file}"'),
        ("publisher: {kind: command, command: ['{file}']}", "after the first"),
        ("publisher: {kind: static, folder: www}", "base_url"),
        ("publisher: {kind: static, folder: www, base_url: http://a.example}", "does not begin with https://"),
        ("publisher: {kind: manual, folder: www}", "folder"),
        ("publishers: {kind: manual}", "publishers"),
        ("publisher: {kind: manual", "storyreel.yaml:1: this cannot be read as YAML"),
        ("- publisher", "storyreel.yaml"),
        ("vendor: {address_minutes: 0}", "vendor.address_minutes: Input should be greater than or equal to 1"),
        ("vendor: {adress_minutes: 20}", "vendor.adress_minutes: nothing of this name is known here"),
    ],
)
def test_a_slip_is_told_where_it_stands(tmp_path: Path, text: str, says: str) -> None:
    """As a sentence, before anything is paid."""
    with pytest.raises(UsageError, match=says):
        read(tmp_path, text)


@pytest.mark.parametrize("url", ["https://a.example/b.png", "https://1.1.1.1/b.png?x=1", "https://a.example:8443/b"])
def test_a_public_address_is_one(url: str) -> None:
    """By name, by number, with a port."""
    assert what_is_wrong_with(url) is None


@pytest.mark.parametrize(
    "url",
    [
        "",
        "http://a.example/b.png",
        "ftp://a.example/b.png",
        "https://",
        "https://localhost/b",
        "https://10.0.0.1/b",
        "https://[::1]/b",
        "https://host/b",
        "https://a.example/a b",
        "https://a.example:99999/b",
        "https://ä.example/b",
        "https://a.example/" + "b" * 2000,
        "file:///etc/passwd",
    ],
)
def test_what_the_vendor_cannot_fetch_is_none(url: str) -> None:
    """Not https, not public, or no address at all."""
    assert what_is_wrong_with(url)
