import subprocess
import sys
from pathlib import Path

import pytest

from extract.errors import UsageError
from extract.storage.location import Url, absolute, parts, place


@pytest.mark.parametrize(
    ("given", "meant"),
    [
        ("in/a.tif", Path("in/a.tif")),
        ("/in//a.tif", Path("/in/a.tif")),
        ("s3:/in", Path("s3:/in")),
        ("file:///in/%E7%9B%92%20%25.tif", Path("/in/盒 %.tif")),
        ("file://localhost/in", Path("/in")),
        ("s3://bucket/in/", Url("s3://bucket/in")),
        ("S3://Bucket", Url("s3://Bucket")),
        ("s3://bucket/盒 7#?/%41.tif", Url("s3://bucket/盒 7#?/%41.tif")),
    ],
)
def test_what_an_argument_means(given: str, meant: object) -> None:
    assert place(given) == meant


@pytest.mark.parametrize("given", ["s3://", "s3:///", "file://host/in", "file://in"])
def test_urls_that_name_nothing(given: str) -> None:
    with pytest.raises(UsageError):
        place(given)


def test_the_parts_of_a_url() -> None:
    url = Url("s3://bucket/in/a.b.tif")
    assert (url.protocol, url.suffix, url.parent, url.parent.parent) == (
        "s3",
        ".tif",
        Url("s3://bucket/in"),
        Url("s3://bucket"),
    )
    assert Url("s3://bucket").parent == Url("s3://bucket")
    assert url.parent / "c.tif" == Url("s3://bucket/in/c.tif")


def test_ways_to_places_begin_with_their_kind() -> None:
    assert parts(Url("s3://bucket/in")) == ("s3", "bucket", "in")
    assert parts(Path("/in/../in/a")) == ("file", "in", "a")


def test_a_path_is_made_absolute_and_a_url_is(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    assert absolute(Path("a")) == tmp_path / "a"
    assert absolute(Url("s3://bucket/a")) == Url("s3://bucket/a")


def test_no_library_for_urls_is_loaded_before_one_is_used() -> None:
    program = "import sys, extract.batch.run, extract.cli.run; sys.exit('fsspec' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], timeout=60).returncode == 0
