#!/usr/bin/env python3
"""Tests of check_schemas.py: what it reads, and what it finds."""
import pathlib
import tempfile
import unittest

try:
    import check_schemas
except ImportError:
    check_schemas = None

_WORDS = {"$id": "words.schema.json", "$defs": {"day": {"type": "string", "pattern": "^[0-9-]+$"}}}
_DOCUMENT = {
    "$id": "document.schema.json",
    "type": "object",
    "properties": {"day": {"$ref": "words.schema.json#/$defs/day"}, "used": {"type": "integer"}},
    "patternProperties": {"_h100e$": {"type": "string"}},
    "required": ["day"],
}


@unittest.skipIf(check_schemas is None, "jsonschema is not installed")
class CheckSchemasTests(unittest.TestCase):
    def mismatches(self, output):
        check = check_schemas.validators({"words": _WORDS, "document": _DOCUMENT})["document"]
        return list(check_schemas.mismatches(check, output))

    def test_what_fits_is_no_finding(self):
        self.assertEqual(self.mismatches('{"day": "2025-01-13"}'), [])
        self.assertEqual(self.mismatches('{"day": "1", "used": 1, "used_h100e": "0.001"}'), [])

    def test_what_does_not_fit_is_found(self):
        self.assertIn("$.day", self.mismatches('{"day": "today"}')[0])
        self.assertIn("'day' is a required property", self.mismatches("{}")[0])
        self.assertIn("$.used", self.mismatches('{"day": "1", "used": "1"}')[0])

    def test_members_that_no_schema_has_are_found(self):
        self.assertIn("'limit' ", self.mismatches('{"day": "1", "limit": 1}')[0])

    def test_lines_are_checked_one_by_one(self):
        self.assertEqual(self.mismatches('{"day": "1"}\n{"day": "2"}\n'), [])
        self.assertEqual(len(self.mismatches('{"day": "1"}\n{"day": "x"}\n')), 1)

    def test_no_json_is_found(self):
        self.assertIn("no JSON", self.mismatches("table")[0])

    def test_samples_name_schemas_and_go_on_behind_backslashes(self):
        with tempfile.TemporaryDirectory() as folder:
            path = pathlib.Path(folder) / "samples.txt"
            path.write_text("# A comment\n\nparty-list: headroom party list \\\n  --json\nbash a: b\n",
                            encoding="utf-8")
            self.assertEqual(check_schemas.read_samples(path), [
                ("party-list", "headroom party list    --json"), (None, "bash a: b")])

    def test_a_schema_must_be_one_and_say_what_it_is(self):
        found = list(check_schemas.problems("x", {"type": "nothing"}))
        self.assertIn("is no JSON Schema", found[0])
        self.assertIn("its $id is not x.schema.json", found)
        self.assertIn("it has no title", found)


if __name__ == "__main__":
    unittest.main()
