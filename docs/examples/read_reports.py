"""Read reports and print what is in doubt: ``python read_reports.py report.pdf scan.png``."""

import sys

from document.errors import GoujiError
from pipeline import recover


def main(paths: list[str]) -> int:
    """Print a line for every report, and one for each figure that a person should look at."""
    failed = 0
    for path in paths:
        try:
            report = recover(path)
        except GoujiError as error:  # it says what is wrong with the file, and what to do
            print(f"{path}: {error.message.en}")
            failed += 1
            continue
        figures = report.cells
        print(f"{path}: {report.agency} {report.year} {report.status}, {len(figures)} figures")
        for table in report.tables:
            for cell in table.cells:
                if cell.needs_review:
                    where = f"page {cell.page}, {table.table} {'.'.join(cell.address)}"
                    print(f"  {where}: read as {cell.printed!r}; {cell.reason.en}")
        for finding in report.findings:
            if finding.wants_person:
                print(f"  {finding.code}: {finding.message.en}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
