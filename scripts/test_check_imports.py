"""Violations of the import table, planted one by one, are found; a house in order is not."""
import pathlib
import tempfile
import unittest

import check_imports


def target(name, *dependencies, kind="regular", path=None):
    declared = [{"byName": [dependency, None]} for dependency in dependencies]
    found = {"name": name, "type": kind, "dependencies": declared}
    return found | ({"path": path} if path else {})


def house():
    """Every room of the table, declaring all that its row lists, and a test target for each."""
    rooms = [target(name, *sorted(row - check_imports.SYSTEM))
             for name, row in check_imports.TABLE.items() if name != "LedgerTestSupport"]
    tests = [target(room["name"] + "Tests", room["name"], "LedgerTestSupport", kind="test")
             for room in rooms
             if room["name"] not in ("CLMDB", "CLibCrypto", "CMalloc", "CPrefetch", "headroom")]
    support = target("LedgerTestSupport", "LedgerModel", path="Tests/LedgerTestSupport")
    return rooms + tests + [support]


class TableTests(unittest.TestCase):
    def findings(self, files, targets=None):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for name, text in files.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text, encoding="utf-8")
            return check_imports.check(root, {"targets": targets or house()})[0]

    def assertFound(self, expected, files, targets=None):
        self.assertEqual(self.findings(files, targets), [expected])

    def test_a_house_in_order_has_no_findings(self):
        files = {}
        for name, row in check_imports.TABLE.items():
            folder = "Tests" if name == "LedgerTestSupport" else "Sources"
            files[f"{folder}/{name}/A.swift"] = "".join(f"import {m}\n" for m in sorted(row))
        files["Tests/EntryLogTests/A.swift"] = (
            "import EntryLog\nimport Foundation\nimport LedgerTestSupport\nimport Testing\n")
        self.assertEqual(self.findings(files), [])

    def test_every_import_outside_its_row_is_found(self):
        # A program whose name has a hyphen can not be imported by anyone.
        rooms = {name for name in check_imports.TABLE if name.isidentifier()}
        outside = rooms | {"Foundation", "Logging", "Crypto", "Yams"}
        for name, row in check_imports.TABLE.items():
            folder = "Tests" if name == "LedgerTestSupport" else "Sources"
            for module in sorted(outside - row - {name}):
                with self.subTest(f"{name} imports {module}"):
                    file = f"{folder}/{name}/A.swift"
                    self.assertFound(f"{file}:2: {name} may not import {module}",
                                     {file: f"\nimport {module}\n"})

    def test_disguised_imports_are_found(self):
        for text in ["import struct Foundation.Data", "@preconcurrency import Foundation",
                     "public import Foundation", "#if Service\nimport Foundation\n#endif",
                     "/* */ import Foundation", "import Swift; import Foundation"]:
            with self.subTest(text):
                found = self.findings({"Sources/LedgerModel/Deep/A.swift": text})
                self.assertEqual(len(found), 1)
                self.assertIn("LedgerModel may not import Foundation", found[0])

    def test_an_allowed_import_that_the_manifest_does_not_declare_is_found(self):
        targets = house()
        next(t for t in targets if t["name"] == "EntryLog")["dependencies"] = []
        self.assertFound(
            "Sources/EntryLog/A.swift:1: EntryLog imports CLibCrypto, which Package.swift does not "
            "declare for it", {"Sources/EntryLog/A.swift": "import CLibCrypto"}, targets)

    def test_a_declaration_that_the_table_forbids_is_found(self):
        targets = house()
        kernel = next(t for t in targets if t["name"] == "AllocationKernel")
        kernel["dependencies"].append({"product": ["Logging", "swift-log", None, None]})
        self.assertFound("Package.swift: AllocationKernel may not import Logging", {}, targets)

    def test_an_unknown_target_is_found(self):
        found = self.findings({}, house() + [target("Shortcut")])
        self.assertEqual(len(found), 1)
        self.assertIn("target Shortcut has no row", found[0])

    def test_an_undeclared_room_and_a_stray_file_are_found(self):
        self.assertEqual(
            self.findings({"Sources/Attic/A.swift": "", "Tests/AtticTests/A.swift": "",
                           "Sources/Stray.swift": ""}),
            ["Sources/Attic: no target of Package.swift has this folder",
             "Sources/Stray.swift: a Swift file outside every target",
             "Tests/AtticTests: no target of Package.swift has this folder"])

    def test_tests_stay_within_what_they_declare(self):
        file = "Tests/LedgerTextTests/A.swift"
        self.assertFound(f"{file}:1: LedgerTextTests may not import Rulebook",
                         {file: "import Rulebook"})
        self.assertEqual(self.findings({"Tests/EndToEndTests/A.swift": "import Testing"},
                                       house() + [target("EndToEndTests", kind="test")]), [])

    def test_storage_stays_behind_its_wall_in_tests_too(self):
        for name, module in [("QuotaLedgerTests", "LMDB"), ("LMDBTests", "CLMDB")]:
            targets = house()
            next(t for t in targets if t["name"] == name)["dependencies"] += (
                [{"byName": [module, None]}])
            self.assertFound(f"Package.swift: {name} may not import {module}", {}, targets)

    def test_a_test_target_without_a_room_is_found(self):
        for name in ("AtticTests", "Checks"):
            self.assertFound(f"Package.swift: test target {name} is named for no room", {},
                             house() + [target(name, kind="test")])

    def test_testable_and_exported_imports_are_found(self):
        file = "Tests/EntryLogTests/A.swift"
        self.assertFound(
            f"{file}:1: @testable import; tests use what is public or package",
            {file: "@testable import EntryLog"})
        file = "Sources/LedgerText/A.swift"
        self.assertFound(
            f"{file}:1: @_exported import; a room does not hand on another room",
            {file: "@_exported public import LedgerModel"})


if __name__ == "__main__":
    unittest.main()
