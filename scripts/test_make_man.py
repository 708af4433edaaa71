#!/usr/bin/env python3
"""Tests of make_man.py: what becomes of texts that roff would take for its own."""
import datetime
import unittest

import make_man

_COMMAND = {
    "commandName": "list",
    "abstract": "List the parties.",
    "discussion": "What it does. It only reads.\n\nExamples:\n  headroom party list\n"
                  "  headroom party list \\\n      --json",
    "arguments": [
        {"kind": "positional", "valueName": "party", "isOptional": False, "abstract": "Its id."},
        {"kind": "flag", "valueName": "json", "isOptional": True, "abstract": "As JSON.",
         "names": [{"kind": "long", "name": "json"}]},
        {"kind": "option", "valueName": "when", "isOptional": True, "abstract": "Color.",
         "defaultValue": "auto", "allValueStrings": ["auto", "never"],
         "names": [{"kind": "long", "name": "color"}]},
        {"kind": "flag", "valueName": "hidden", "isOptional": True, "shouldDisplay": False,
         "names": [{"kind": "long", "name": "hidden"}]},
    ],
}


class MakeManTests(unittest.TestCase):
    def setUp(self):
        self.page = make_man.page(["headroom", "party", "list"], _COMMAND,
                                  datetime.date(2025, 1, 3)).splitlines()

    def test_the_head_names_the_page(self):
        self.assertEqual(self.page[:3], [".Dd January 3, 2025", ".Dt HEADROOM-PARTY-LIST 1",
                                         ".Os Headroom"])
        self.assertIn(".Nd List the parties", self.page)

    def test_the_synopsis_has_what_is_shown(self):
        first = self.page.index(".Sh SYNOPSIS")
        self.assertEqual(self.page[first + 1:first + 5], [
            ".Nm headroom party list", ".Ar party", ".Op Fl \\-json", ".Op Fl \\-color Ar when"])
        self.assertNotIn("hidden", "\n".join(self.page))

    def test_values_and_defaults_are_told(self):
        self.assertIn("Values: auto, never.", self.page)
        self.assertIn("Default: auto.", self.page)

    def test_examples_are_literal_and_no_description(self):
        first = self.page.index(".Bd -literal")
        self.assertEqual(self.page[first + 1:first + 4], [
            "headroom party list", "headroom party list \\e", "    \\-\\-json"])
        self.assertEqual(self.page.count("headroom party list"), 1)

    def test_each_sentence_has_a_line(self):
        self.assertIn("What it does.", self.page)
        self.assertIn("It only reads.", self.page)

    def test_a_line_never_begins_like_a_request(self):
        self.assertEqual(make_man.sentences(".ledger is a folder."), ["\\&.ledger is a folder."])
        self.assertEqual(make_man.literal("'quoted'"), "\\&'quoted'")

    def test_pages_above_and_below_are_named(self):
        self.assertEqual(self.page[-2:], [".Sh SEE ALSO", ".Xr headroom-party 1"])


if __name__ == "__main__":
    unittest.main()
