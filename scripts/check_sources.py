#!/usr/bin/env python3
"""Check what the formatter does not: file length, licence line, forbidden constructs.

Findings go to standard output, one a line, and make the exit status 1.
"""
import argparse
import pathlib
import re
import sys

import swift_source

LICENCE = "// SPDX-License-Identifier: Apache-2.0"
LINE_LIMIT = 500
FOLDERS = ("Sources", "Tests", "Benchmarks")

# What code in Sources/ must not contain, and what to do instead.
FORBIDDEN = [
    (re.compile(r"\btry\s*!"), "try!", "handle the error"),
    (re.compile(r"\bas\s*!"), "as!", "cast with as?"),
    (re.compile(r"\bfatalError\s*\("), "fatalError", "use precondition with a message"),
]
UNFINISHED = re.compile(r"\b(TODO|FIXME)\b")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", default=".", help="the package's folder (default: here)")
    root = pathlib.Path(parser.parse_args().root)
    findings, files = check(root)
    if findings:
        print("\n".join(findings))
        sys.exit(f"sources: {len(findings)} findings")
    print(f"sources: {files} files have the licence line, a fit length and nothing forbidden")


def check(root):
    """All findings, sorted, and how many files were read."""
    findings = []
    files = 0
    for path in swift_files(root):
        files += 1
        findings += check_file(str(path.relative_to(root)), path.read_text(encoding="utf-8"))
    return sorted(findings), files


def swift_files(root):
    yield from sorted(root.glob("Package*.swift"))
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*.swift")):
            if not any(part.startswith(".build") for part in path.parts):
                yield path


def check_file(name, text):
    lines = text.splitlines()
    # The manifest's first line has to be the tools version.
    start = lines[:2] if pathlib.Path(name).name.startswith("Package") else lines[:1]
    if LICENCE not in start:
        yield f"{name}:1: does not begin with `{LICENCE}`"
    if len(lines) > LINE_LIMIT and not name.startswith("Benchmarks"):
        yield f"{name}:{LINE_LIMIT + 1}: {len(lines)} lines; split by topic at {LINE_LIMIT}"
    for number, line in enumerate(lines, 1):
        if UNFINISHED.search(line):
            yield f"{name}:{number}: unfinished work; finish it or open an issue"
    if name.startswith("Sources"):
        code = swift_source.code_only(text)
        for pattern, construct, advice in FORBIDDEN:
            for match in pattern.finditer(code):
                number = code.count("\n", 0, match.start()) + 1
                yield f"{name}:{number}: {construct} in Sources; {advice}"


if __name__ == "__main__":
    main()
