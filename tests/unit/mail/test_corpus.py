"""Runs the scorer of a mail corpus that lies beside the project, when HELPDESK_MAIL_CORPUS names its folder.

The corpus holds messages of other projects under their own licences, so it is no part of this one.
"""

import os
import re
import subprocess
import sys
from pathlib import Path

CORPUS = os.environ.get("HELPDESK_MAIL_CORPUS")

if CORPUS:

    def test_mails_of_other_systems_are_read_as_those_systems_expect() -> None:
        command = [sys.executable, str(Path(CORPUS) / "score.py"), "--", sys.executable, "-m", "helpdesk.mail.explain"]
        report = subprocess.run(command, capture_output=True, text=True, check=True, timeout=300).stdout
        shares = {
            name.strip(): float(share)
            for name, share in re.findall(r"^(\D+?)\s+\d+/\d+\s+([\d.]+)%$", report, re.MULTILINE)
        }
        assert shares["answered"] == 100
        assert shares["html: nothing active left"] == 100
        assert shares["bounce not cried"] == shares["auto-reply not cried"] == 100
        assert min(shares["bounce recognised"], shares["auto-reply recognised"]) >= 97
        assert shares["reply text"] >= 85
        assert shares["TOTAL"] >= 98.5, report
