"""What the formatter does not check is found by check_sources.py."""
import unittest

import check_sources

HEADER = check_sources.LICENCE + "\n"


def findings(text, name="Sources/LedgerModel/A.swift"):
    return list(check_sources.check_file(name, text))


class SourceTests(unittest.TestCase):
    def test_a_file_in_order_has_no_findings(self):
        self.assertEqual(findings(HEADER + "let a = try f()\n" * 499), [])

    def test_a_missing_licence_line_is_found(self):
        self.assertEqual(len(findings("let a = 1\n" + HEADER)), 1)
        self.assertEqual(findings("// swift-tools-version: 6.3\n" + HEADER, "Package.swift"), [])

    def test_a_file_past_the_limit_is_found(self):
        self.assertEqual(findings(HEADER + "let a = 1\n" * 500), [
            "Sources/LedgerModel/A.swift:501: 501 lines; split by topic at 500"])

    def test_forbidden_constructs_are_found_in_code_and_in_sources_only(self):
        for code in ["let a = try! f()", "let a = b as! C", 'fatalError("why")',
                     "let a = try ! f()"]:
            with self.subTest(code):
                self.assertEqual(len(findings(HEADER + code)), 1)
                self.assertEqual(findings(HEADER + "// " + code), [])
                self.assertEqual(findings(HEADER + code, "Tests/ATests/A.swift"), [])
        self.assertEqual(findings(HEADER + 'let a = "try! as! fatalError("'), [])

    def test_unfinished_work_is_found_in_comments_too(self):
        self.assertEqual(len(findings(HEADER + "// TODO: later", "Tests/ATests/A.swift")), 1)
        self.assertEqual(findings(HEADER + "let TODOS = 1"), [])


if __name__ == "__main__":
    unittest.main()
