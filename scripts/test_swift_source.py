"""What the reader of Swift source sees as code and as imports."""
import unittest

import swift_source


def modules(text):
    return [module for _, module, _ in swift_source.imports(text)]


class CodeOnly(unittest.TestCase):
    def assertCode(self, text, code):
        self.assertEqual(" ".join(swift_source.code_only(text).split()), code)

    def test_comments_go(self):
        self.assertCode("a // try! b\nc", "a c")
        self.assertCode("a /* x /* y */ try! */ c", "a c")

    def test_strings_go(self):
        self.assertCode('a "try!" b', "a b")
        self.assertCode('a "x\\"try!" b', "a b")
        self.assertCode('a """\n try! " \n """ b', "a b")
        self.assertCode('a #"x " \\ try!"# b', "a b")
        self.assertCode('a ##"""\n "# """# try!\n"""## b', "a b")

    def test_a_string_inside_an_interpolation_does_not_end_the_outer_one(self):
        self.assertCode('a "x \\(f("y)", (1))) try!" b', "a b")
        self.assertCode('a #"x \\#(f(")")) try!"# b', "a b")

    def test_a_lone_quote_hides_no_more_than_its_line(self):
        self.assertCode('a = /"/\nb', "a = / b")

    def test_lines_keep_their_numbers(self):
        text = 'a /*\n\n*/ b """\nx\n"""\nc // d\n'
        self.assertEqual(swift_source.code_only(text).count("\n"), text.count("\n"))


class Imports(unittest.TestCase):
    def test_every_form_is_seen(self):
        for text in [
            "import X", "  import X", "import X.Y", "import struct X.Y", "import func X.y",
            "public import X", "@preconcurrency import X", "@_spi(A) @preconcurrency public import X",
            "@_spi(A)\nimport X", "@testable import struct X.Y", "import Swift; import X",
            "#if canImport(X)\nimport X\n#endif", "#if Service\n  internal import X\n#endif",
            "/* why */ import X", "import /* why */ X", "import X // why", "import `X`",
            "import\nX", "package import class X.Y", "import\tX",
        ]:
            with self.subTest(text):
                self.assertEqual([m for m in modules(text) if m != "Swift"], ["X"])

    def test_what_only_looks_like_an_import_is_not_seen(self):
        for text in [
            "// import X", "/*\nimport X\n*/", '"""\nimport X\n"""', "case `import`",
            "func f(\n    import path: String) {}", "func f(import path: String) {}",
            "value.import (x)", "#if canImport(X)\n#endif", "let important = X", "reimport X",
        ]:
            with self.subTest(text):
                self.assertEqual(modules(text), [])

    def test_the_line_and_the_attributes_are_told(self):
        found = list(swift_source.imports("// a\n\n@testable\nimport X\n@_exported public import Y\n"))
        self.assertEqual(found, [(4, "X", "@testable"), (5, "Y", "@_exported public")])


if __name__ == "__main__":
    unittest.main()
