"""`run.py doctor`: what is installed, what is missing, how to bring it. The desktop shows the same."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict
from pathlib import Path

from veighna_ext.core.i18n import _
from veighna_ext.core.paths import trader_dir
from veighna_ext.setup.environment import PROJECT, Environment
from veighna_ext.setup.examinations import EXAMINATIONS, Patient
from veighna_ext.setup.findings import MISSING, NOTE, OK, Finding
from veighna_ext.setup.progress import width_of

MARKS = {OK: "  ", NOTE: "- ", MISSING: "! "}


def collect(project: Path = PROJECT, trader: Path | None = None) -> list[Finding]:
    """Everything the doctor can find out, whatever the state this computer is in."""
    environment = Environment(project)
    # an installed package has no environment beside it: it runs in its own
    python = environment.python if (project / "run.py").exists() else Path(sys.executable)
    patient = Patient(environment, python, trader or trader_dir())
    findings: list[Finding] = []
    for key, examination in EXAMINATIONS:
        try:
            findings.extend(examination(patient))
        except Exception as error:  # noqa: BLE001 - no answer is a finding too
            text = _("could not be found out: {error}").format(error=f"{type(error).__name__}: {error}")
            findings.append(Finding(key, key, text, MISSING))
    return findings


def verdict(findings: list[Finding]) -> str:
    """One line."""
    missing = [finding.name for finding in findings if finding.status == MISSING]
    if missing:
        return _("Needed and missing: {names}.").format(names=", ".join(dict.fromkeys(missing)))
    return _("Everything that is needed is there.")


def report(findings: list[Finding]) -> str:
    """The findings as a table, each with its advice below, and the verdict."""
    column = max(width_of(finding.name) for finding in findings) + 2
    lines = []
    for finding in findings:
        name = finding.name + " " * (column - width_of(finding.name))
        lines.append(MARKS[finding.status] + name + finding.value)
        if finding.advice:
            lines.append(" " * (column + 2) + "-> " + finding.advice)
    return "\n".join([*lines, "", verdict(findings)])


def run(project: Path, trader: Path | None, as_json: bool) -> int:
    """Print the report; 0 when nothing needed is missing."""
    findings = collect(project, trader)
    healthy = all(finding.status != MISSING for finding in findings)
    if as_json:
        answer = {"ok": healthy, "findings": [asdict(finding) for finding in findings]}
        text = json.dumps(answer, ensure_ascii=True, indent=1)
    else:
        text = report(findings)
    sys.stdout.write(text.encode(sys.stdout.encoding, "backslashreplace").decode(sys.stdout.encoding) + "\n")
    return 0 if healthy else 1
