#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks receipts and receipt pages in a second way; `scripts/receipts` runs it.

Usage: check_receipts.py kept FOLDER [--long]
       check_receipts.py altered RECEIPT --key VKEY --program PROGRAM
       check_receipts.py page PAGE

kept: every receipt in the folder is accepted by verify_receipt.py, and with bytes altered it is not;
      --long alters more of them.
altered: both verifiers find the same part in altered copies of a receipt.
page: what `zbarimg` reads from the page's QR code is printed.
"""
import argparse
import pathlib
import re
import subprocess
import sys
import tempfile

import verify_receipt

# Receipts of which each byte is altered; of the others every so many.
ALL_BYTES = {"reserve-refused-banded", "reserve-granted-redacted"}
STEP = 151
# The same in the long form.
MORE_ALL_BYTES = ALL_BYTES | {
    "expiry-banded", "ship-open", "attest-installed-open", "create-ledger-open", "breach-redacted",
}
SHORTER_STEP = 41


def fault_of(data, keys):
    """What verify_receipt.py finds, or `None`."""
    try:
        verify_receipt.verify(data, keys)
        return None
    except verify_receipt.Fault as fault:
        return fault


def check_kept(folder, is_long):
    all_bytes, step = (MORE_ALL_BYTES, SHORTER_STEP) if is_long else (ALL_BYTES, STEP)
    count = altered_count = 0
    for path in sorted(folder.glob("*.json")):
        key = folder / ("key-banded.txt" if path.stem.endswith("-banded") else "key-open.txt")
        keys = [verify_receipt.Key(key.read_text().strip())]
        data = path.read_bytes()
        if (fault := fault_of(data, keys)) is not None:
            raise SystemExit(f"receipts: {path.name}: {fault}")
        for index in range(0, len(data), 1 if path.stem in all_bytes else step):
            copy = bytearray(data)
            copy[index] ^= 1
            altered_count += 1
            if fault_of(bytes(copy), keys) is None:
                raise SystemExit(f"receipts: {path.name}: byte {index} was altered, unnoticed")
        count += 1
    if count == 0:
        raise SystemExit(f"receipts: there are none in {folder}")
    print(f"receipts: {count} kept ones are in order; {altered_count} altered ones were found")


def check_altered(path, key, program):
    """Alters a byte of each line, and asks both verifiers which part it is."""
    data = path.read_bytes()
    keys = [verify_receipt.Key(key)]
    starts = [0] + [match.end() for match in re.finditer(b"\n", data)][:-1]
    with tempfile.TemporaryDirectory() as folder:
        copy_path = pathlib.Path(folder) / "altered.json"
        compared = 0
        for start in starts:
            line = data[start:data.index(b"\n", start)]
            # In the middle of the value, where it is neither a quote nor a bracket.
            offset = start + (2 * len(line) + line.find(b'": ') + 3) // 3
            if offset >= start + len(line) or not bytes(data[offset:offset + 1]).isalnum():
                continue
            copy = bytearray(data)
            copy[offset] ^= 1
            copy_path.write_bytes(copy)
            expected = fault_of(bytes(copy), keys)
            run = subprocess.run(
                [program, "verify-receipt", copy_path, "--key", key], capture_output=True,
                text=True, check=False)
            if expected is None or run.returncode != 4:
                raise SystemExit(f"receipts: byte {offset} of {path.name} was altered, unnoticed")
            found = run.stderr.removeprefix("headroom: error: ").split(": ")[0]
            if expected.part != found:
                raise SystemExit(
                    f"receipts: byte {offset} of {path.name}: '{expected.part}' by the one, "
                    f"'{found}' by the other")
            compared += 1
    print(f"receipts: both verifiers name the same part in {compared} altered copies of {path.name}")


def read_code(page):
    """What is in the QR code of a page, read by zbarimg from the drawing."""
    text = page.read_text()
    drawing = re.search(r'<svg [^>]*viewBox="0 0 (\d+) \1"[^>]*>(.*?)</svg>', text, re.DOTALL)
    side, scale = int(drawing.group(1)), 4
    rows = [bytearray(b"\xff" * side) for _ in range(side)]
    for column, row, width in re.findall(r"M(\d+) (\d+)h(\d+)v1h-\d+z", drawing.group(2)):
        rows[int(row)][int(column):int(column) + int(width)] = bytes(int(width))
    with tempfile.NamedTemporaryFile(suffix=".pgm") as picture:
        picture.write(f"P5 {side * scale} {side * scale} 255\n".encode())
        for row in rows:
            picture.write(bytes(value for value in row for _ in range(scale)) * scale)
        picture.flush()
        return subprocess.run(
            ["zbarimg", "--quiet", "--raw", "-Sdisable", "-Sqrcode.enable", picture.name],
            capture_output=True, text=True, check=True).stdout


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    verbs = parser.add_subparsers(dest="verb", required=True)
    kept = verbs.add_parser("kept")
    kept.add_argument("folder", type=pathlib.Path)
    kept.add_argument("--long", action="store_true")
    altered = verbs.add_parser("altered")
    altered.add_argument("receipt", type=pathlib.Path)
    altered.add_argument("--key", required=True)
    altered.add_argument("--program", required=True)
    page = verbs.add_parser("page")
    page.add_argument("page", type=pathlib.Path)
    arguments = parser.parse_args()
    if arguments.verb == "kept":
        check_kept(arguments.folder, arguments.long)
    elif arguments.verb == "altered":
        check_altered(arguments.receipt, arguments.key, arguments.program)
    else:
        print(read_code(arguments.page), end="")


if __name__ == "__main__":
    sys.exit(main())
