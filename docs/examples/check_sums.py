"""Say which sums of a report hold, and save it: ``python check_sums.py report.pdf out``.

Writes the result file, a workbook, and a web page with pictures of all doubtful figures.
"""

import sys
from pathlib import Path

from pipeline import recover, save


def main(path: str, folder: str) -> int:
    """Read a report, save it in three formats, and list the sums that do not hold."""
    report = recover(path, prose="never")
    out = Path(folder)
    out.mkdir(parents=True, exist_ok=True)
    save(report, out / "report.json")
    save(report, out / "report.xlsx", language="zh")
    save(report, out / "report.html", language="zh", scan=path)
    wrong = 0
    for table in report.tables:
        for check in table.checks:
            if check.holds is False:
                wrong += 1
                print(f"{table.table}: {check.equation}")
                print(f"  the page says {check.found}, its parts add up to {check.expected}")
    held = sum(check.holds is True for table in report.tables for check in table.checks)
    print(f"{held} sums hold, {wrong} do not")
    return 0 if wrong == 0 else 3


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2]))
