#!/usr/bin/env python3
"""Check every import of this package against the import table below. Builds nothing.

A room is a target in Sources/ (and LedgerTestSupport). It may import what its row of the table
lists and nothing else, and a module of this package or of a dependency only if Package.swift
declares it: the compiler lets an undeclared import pass when another target happens to bring it.

A test target is named for its room. It may import that room, LedgerTestSupport, Testing, the
modules of the system, and the modules that Package.swift declares for it.

Findings go to standard output, one a line, and make the exit status 1.
"""
import argparse
import json
import pathlib
import subprocess
import sys

import swift_source

# What each room may import. A room without a row is a finding: a new wall is a decision.
TABLE = {
    "CLMDB": set(),
    "CLibCrypto": set(),
    "LMDB": {"CLMDB", "Synchronization", "Glibc"},
    "LedgerModel": set(),
    "LedgerText": {"LedgerModel"},
    "CPrefetch": set(),
    "CMalloc": set(),
    "AllocationKernel": {"CPrefetch", "LedgerModel", "Synchronization", "Dispatch"},
    "Rulebook": {"LedgerModel", "Yams", "Foundation"},
    "EntryLog": {"CLibCrypto", "LedgerModel", "Dispatch", "Synchronization"},
    "LMDBEntryLog": {"EntryLog", "LedgerModel", "LMDB", "Synchronization", "Glibc"},
    "StateStore": {"EntryLog", "LedgerModel", "LMDB", "Synchronization", "Glibc"},
    "QuotaLedger": {
        "LedgerModel", "Rulebook", "AllocationKernel", "EntryLog", "StateStore",
        "Synchronization", "Dispatch",
    },
    "LedgerDisclosure": {"LedgerModel", "LedgerText", "Rulebook", "EntryLog", "LedgerProofs"},
    "LedgerReports": {"LedgerModel", "Rulebook", "QuotaLedger"},
    "LedgerExport": {
        "LedgerModel", "LedgerText", "EntryLog", "LedgerDisclosure", "QuotaLedger",
        "Synchronization", "Dispatch",
    },
    # Neither AllocationKernel nor QuotaLedger: see docs/decisions/0013-judging-a-log-again.md.
    "LedgerAudit": {"LedgerModel", "Rulebook", "EntryLog", "Synchronization", "Dispatch"},
    "LedgerProofs": {
        "LedgerModel", "LedgerText", "EntryLog", "Crypto", "Synchronization", "Glibc",
    },
    "HeadroomCLI": {
        "LedgerModel", "LedgerText", "Rulebook", "EntryLog", "LMDBEntryLog", "StateStore",
        "QuotaLedger", "LedgerReports", "LedgerExport", "LedgerAudit", "LedgerProofs",
        "LedgerDisclosure", "ArgumentParser", "CMalloc", "Foundation", "Dispatch",
        "Synchronization", "Glibc",
    },
    "headroom": {"HeadroomCLI"},
    "HashBenchmark": {"EntryLog", "Crypto", "Foundation"},
    "IndexBenchmark": {"LMDB", "LedgerModel", "QuotaLedger", "StateStore", "Foundation"},
    "LedgerTestSupport": {"LedgerModel", "Foundation"},
    "EntryLogConformance": {"EntryLog", "LedgerModel"},
    "LedgerSimulation": {
        "LedgerModel", "EntryLog", "StateStore", "QuotaLedger", "LedgerAudit",
        "LedgerTestSupport", "Synchronization",
    },
    "headroom-simulate": {
        "LedgerSimulation", "EntryLog", "Foundation", "Dispatch", "Synchronization",
    },
}

# Who may import these at all, tests included.
ONLY = {
    "CLMDB": {"LMDB"},
    "CLibCrypto": {"EntryLog"},
    "Crypto": {"LedgerProofs", "EntryLogTests", "HashBenchmark"},
    "CPrefetch": {"AllocationKernel"},
    "CMalloc": {"HeadroomCLI"},
    "LMDB": {"LMDBTests", "LMDBEntryLog", "LMDBEntryLogTests", "StateStore", "StateStoreTests",
             "IndexBenchmark"},
    "ArgumentParser": {"HeadroomCLI", "HeadroomCLITests"},
}

# Test targets that belong to no single room: tests of the binary as a whole.
END_TO_END = {"EndToEndTests"}

# What the toolchain brings. Everything else has to be declared in Package.swift.
SYSTEM = {"Swift", "Foundation", "Dispatch", "Synchronization", "Glibc", "Testing"}
FOR_TESTS = {"Testing", "Foundation", "Dispatch", "Synchronization", "Glibc"}


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--root", default=".", help="the package's folder (default: here)")
    parser.add_argument(
        "--manifest", help="a file with the output of `swift package dump-package`, to skip it")
    arguments = parser.parse_args()
    root = pathlib.Path(arguments.root)
    if arguments.manifest:
        manifest = json.loads(pathlib.Path(arguments.manifest).read_text())
    else:
        command = ["swift", "package", "--package-path", str(root), "dump-package"]
        dumped = subprocess.run(command, stdout=subprocess.PIPE, check=False)
        if dumped.returncode != 0:
            sys.exit("imports: Package.swift can not be read; what Swift says is above")
        manifest = json.loads(dumped.stdout)
    findings, files = check(root, manifest)
    if findings:
        print("\n".join(findings))
        sys.exit(f"imports: {len(findings)} findings against the table in {__file__}")
    print(f"imports: {len(manifest['targets'])} targets, {files} files agree with the table")


def check(root, manifest):
    """All findings, sorted, and how many files were read."""
    targets = {target["name"]: target for target in manifest["targets"]}
    findings = undeclared_folders(root, targets)
    files = 0
    for name, target in targets.items():
        declared = {module for module in map(dependency_name, target["dependencies"]) if module}
        allowed, finding = permitted(name, target["type"], declared, targets)
        if finding:
            findings.append(finding)
            continue
        for module in sorted(declared):
            if fault := refusal(name, module, allowed):
                findings.append(f"Package.swift: {fault}")
        for path in sorted((root / folder(target)).rglob("*.swift")):
            files += 1
            findings += check_file(path, root, name, allowed, declared)
    return sorted(findings), files


def check_file(path, root, name, allowed, declared):
    findings = []
    for line, module, before in swift_source.imports(path.read_text(encoding="utf-8")):
        where = f"{path.relative_to(root)}:{line}"
        if fault := refusal(name, module, allowed):
            findings.append(f"{where}: {fault}")
        elif module not in declared | SYSTEM | {name}:
            findings.append(f"{where}: {name} imports {module}, which Package.swift does not "
                            "declare for it")
        if "@testable" in before:
            findings.append(f"{where}: @testable import; tests use what is public or package")
        if "@_exported" in before:
            findings.append(f"{where}: @_exported import; a room does not hand on another room")
    return findings


def permitted(name, kind, declared, targets):
    """What a target may import, or the finding that the table does not know it."""
    if kind != "test":
        if name in TABLE:
            return TABLE[name], None
        return None, f"Package.swift: target {name} has no row in the table of {__file__}"
    room = name.removesuffix("Tests")
    if name in END_TO_END:
        return FOR_TESTS | declared, None
    if name == room or room not in targets:
        return None, f"Package.swift: test target {name} is named for no room"
    return FOR_TESTS | declared | {room, "LedgerTestSupport"}, None


def refusal(name, module, allowed):
    if module == "Swift" or module == name:
        return None
    if name not in ONLY.get(module, {name}) or module not in allowed:
        return f"{name} may not import {module}"
    return None


def undeclared_folders(root, targets):
    known = {root / folder(target) for target in targets.values()}
    findings = []
    for parent in ("Sources", "Tests"):
        for path in sorted((root / parent).glob("*")):
            if path.is_dir() and path not in known:
                findings.append(f"{parent}/{path.name}: no target of Package.swift has this folder")
            elif path.suffix == ".swift":
                findings.append(f"{parent}/{path.name}: a Swift file outside every target")
    return findings


def folder(target):
    parent = "Tests" if target["type"] == "test" else "Sources"
    return target.get("path") or f"{parent}/{target['name']}"


def dependency_name(dependency):
    """The module a declared dependency stands for, `None` for a plugin."""
    for kind in ("byName", "target", "product"):
        if kind in dependency:
            return dependency[kind][0]
    return None


if __name__ == "__main__":
    main()
