"""Holds business time to the wall clock on many random cases: `python -m tests.fuzz.business_time [CASES] [SEED]`."""

import sys
import time

from helpdesk.sla.calendars import compile_calendar
from tests.support.walltime import random_cases


def main() -> int:
    """Counts cases, and names the first ten that disagree.

    Returns:
        The exit status: 0 if all agree.
    """
    count = int(sys.argv[1]) if len(sys.argv) > 1 else 100_000
    seed = int(sys.argv[2]) if len(sys.argv) > 2 else 20_261_121
    began, wrong, decided = time.process_time(), 0, 0
    for case in random_cases(seed, count):
        calendar = compile_calendar(case.calendar)
        found = calendar.open_ms_between(case.start, case.end)
        after = calendar.instant_after(case.start, case.amount)
        decided += case.after is not None
        if found != case.between or (case.after is not None and after != case.after):
            wrong += 1
            if wrong <= 10:
                sys.stdout.write(f"{case}: {found} between, {after} after\n")
    spent = time.process_time() - began
    sys.stdout.write(f"{count} cases, {decided} sums within their days, {wrong} wrong, {spent:.0f} s of CPU\n")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
