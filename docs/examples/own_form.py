"""Read a form of your own: ``python own_form.py form.toml report.pdf``; docs/templates.md.

Prints every figure that Gouji stands for as one line of tab-separated values.
"""

import sys

from pipeline import load_readers, load_template, recover


def main(form: str, paths: list[str]) -> int:
    """Print the figures of documents that fit a form; the readers are loaded once for all."""
    template = load_template(form)
    readers = load_readers(threads=2)
    for path in paths:
        report = recover(path, templates=[template], readers=readers)
        for table in report.tables:
            if table.template != template.id:
                continue
            for cell in table.cells:
                if cell.value is not None and not cell.needs_review:
                    row, column = cell.address
                    print(path, table.table, row, column, cell.value, sep="\t")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
