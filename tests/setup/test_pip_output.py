"""What pip prints becomes progress; what it logs when it fails becomes one sentence."""

from __future__ import annotations

import io
from pathlib import Path

import pytest

from veighna_ext.setup.failures import DiskFull, FolderReadOnly, NotTrusted, Offline, SetupFailure
from veighna_ext.setup.pip_failure import failure
from veighna_ext.setup.pip_output import PipOutput
from veighna_ext.setup.progress import Progress, shortened, width_of

DOWNLOAD = """Collecting numpy==2.4.6 (from -r x.txt (line 2))
  Downloading numpy-2.4.6-cp311-cp311-manylinux_2_27_x86_64.whl (16.0 MB)
Progress 0 of 16000000
Progress 4000000 of 16000000
"""


def fed(text: str, expected: int = 3) -> PipOutput:
    output = PipOutput(expected)
    for line in text.splitlines():
        output.feed(line)
    return output


def test_a_download_is_known_by_name_position_and_megabytes() -> None:
    output = fed(DOWNLOAD)
    assert (output.package, output.reached, output.expected) == ("numpy", 1, 3)
    assert (output.done_bytes, output.size_bytes) == (4_000_000, 16_000_000)
    assert output.downloaded_mb == 4.0


def test_megabytes_add_up_over_packages() -> None:
    output = fed(DOWNLOAD + "Progress 16000000 of 16000000\nCollecting pytz==1\nProgress 500000 of 500000\n")
    assert output.downloaded_mb == 16.5
    assert output.reached == 2


@pytest.mark.parametrize(
    "line",
    [
        "Requirement already satisfied: pytz==2026.6 in /x",
        "Processing /home/user/wheels/pytz-2026.6-py2.py3-none-any.whl",
    ],
)
def test_a_package_that_needs_no_download_counts(line: str) -> None:
    output = fed(line)
    assert (output.package, output.reached) == ("pytz", 1)


def test_installing_is_known_by_the_packages_it_places() -> None:
    assert fed("Installing collected packages: pytz, numpy").installing == ("pytz", "numpy")
    assert fed("Installing collected packages: pytz, numpy\nCollecting qasync==1").installing == ()


@pytest.mark.parametrize(
    ("said", "kind"),
    [
        ("WARNING: Retrying (Retry(total=0)) after connection broken by 'NewConnectionError(...)'", Offline),
        ("Could not fetch URL http://x/simple/pip/: connection error: ... - skipping", Offline),
        ("pip._vendor.urllib3.exceptions.ReadTimeoutError: Read timed out.", Offline),
        ("caused by SSLError(SSLCertVerificationError(1, '[SSL: CERTIFICATE_VERIFY_FAILED]", NotTrusted),
        ("ERROR: Could not install packages due to an OSError: [Errno 28] No space left on device", DiskFull),
        (
            "ERROR: Could not install packages due to an OSError: [Errno 13] Permission denied: 'x'",
            FolderReadOnly,
        ),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES FROM THE REQUIREMENTS FILE.", SetupFailure),
        ("ERROR: No matching distribution found for ta-lib==0.8.2", SetupFailure),
        ("something nobody foresaw", SetupFailure),
    ],
)
def test_each_way_to_fail_has_its_sentence(said: str, kind: type[SetupFailure]) -> None:
    problem = failure("Apps", said, Path("/env"), 900, Path("/env/log"))
    assert type(problem) is kind
    assert "\n" not in str(problem)


def test_a_package_missing_for_this_computer_is_named() -> None:
    other_index = "Could not fetch URL https://x/: 404 Client Error: Not Found - skipping\n"
    said = other_index + "No matching distribution found for ta-lib==1"
    assert "no ta-lib for this computer" in str(failure("Apps", said, Path("/env"), 900, Path("/env/log")))


def test_a_failure_nobody_foresaw_names_the_log() -> None:
    assert "/env/log" in str(failure("Apps", "?", Path("/env"), 900, Path("/env/log")))


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_off_a_terminal_each_milestone_is_one_plain_line() -> None:
    stream = io.StringIO()
    progress = Progress(stream)
    for megabytes in range(5):
        progress.update("numpy", f"{megabytes} MB")
    progress.update("pytz")
    progress.done()
    assert stream.getvalue() == "  numpy\n  pytz\n"


def test_on_a_terminal_one_line_updates_and_leaves_nothing_behind() -> None:
    stream = Terminal()
    progress = Progress(stream)
    progress.update("numpy", "1 MB")
    progress.update("pytz")
    progress.done()
    assert "\n" not in stream.getvalue()
    assert stream.getvalue().split("\r")[-2].isspace()
    assert "numpy  1 MB" in stream.getvalue()


def test_a_line_of_chinese_is_cut_to_the_width_of_the_terminal() -> None:
    assert width_of("测试") == 4
    assert width_of(shortened("正在安装图形界面" * 20, 40)) <= 40
