"""Opens the press: python -m recovery_plans.press --socket PATH [--workers 2]."""

import argparse
import logging
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def main() -> int:
    """Reads what it was told on the command line, and serves until it is told to stop."""
    parser = argparse.ArgumentParser(prog="recovery_plans.press", description="HTML in, tagged PDF out.")
    parser.add_argument("--socket", type=Path, required=True)
    parser.add_argument("--workers", type=int, default=2, help="children at once (default 2)")
    parser.add_argument("--css", type=Path, action="append", help="a stylesheet; its name is that of the file")
    parser.add_argument("--fonts", type=Path, default=ROOT / "static" / "fonts", help="where our fonts lie")
    told = parser.parse_args()
    sheets = told.css or [ROOT / "static" / "css" / "print.css"]
    # WeasyPrint's warnings quote the page they are about.
    logging.getLogger("weasyprint").propagate = False
    try:
        from recovery_plans.press import server
    except OSError as error:
        missing = error.args[0].splitlines()[0]
        sys.stderr.write(f"press: a system library is missing ({missing}); ./run says which package brings it\n")
        return 1
    try:
        server.open_press(
            socket_path=told.socket.absolute(),
            stylesheets={sheet.stem: sheet for sheet in sheets},
            fonts_folder=told.fonts,
            workers=max(1, told.workers),
        )
    except (server.CannotOpen, OSError) as error:
        sys.stderr.write(f"press: cannot open: {error}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
