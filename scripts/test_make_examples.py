# SPDX-License-Identifier: Apache-2.0
"""Tests of make_examples.py, and of the examples that are kept in the repository."""
import csv
import datetime
import pathlib
import unittest

import make_examples

HYPOTHETICAL = make_examples.FOLDER.parent / "hypothetical"


def fact(**changes):
    """A fact with what make_examples reads, changed as asked."""
    row = {
        "id": "A1", "date": "2025-03-05", "buyer": "Maker", "buyer_hq": "US", "dest_country": "AE",
        "chip_model": "GB300", "vendor": "NVIDIA", "increment_qty": "10",
        "increment_h100e_tpp": "38", "status": "ordered",
        "source_url": "https://example.org/1", "note": "",
    }
    return row | changes


def made(*facts):
    """The rows of each file made from these facts."""
    receivers = [
        {"buyer": "Maker", "group": "MAKER", "name": "Maker", "end_use": "commercial"},
        {"buyer": "(not named)", "group": "UNNAMED", "name": "Unnamed", "end_use": "commercial"},
    ]
    texts = make_examples.make(list(facts), receivers)
    return {name: list(csv.DictReader(text.splitlines())) for name, text in texts.items()}


class Orders(unittest.TestCase):
    def test_count_the_increment_and_not_the_total(self):
        order, = made(fact(increment_qty="7", quantity="100"))["orders.csv"]
        self.assertEqual(order["quantity"], "7")

    def test_of_a_month_or_year_stand_on_its_last_day(self):
        self.assertEqual(make_examples.last_day("2026-02"), datetime.date(2026, 2, 28))
        self.assertEqual(make_examples.last_day("2025"), datetime.date(2025, 12, 31))
        self.assertEqual(make_examples.last_day("2025-02-17"), datetime.date(2025, 2, 17))

    def test_stand_in_order_of_time_then_id(self):
        orders = made(fact(id="A3", date="2025-02"), fact(id="A2"), fact(id="A1"))["orders.csv"]
        self.assertEqual([order["id"] for order in orders], ["A3", "A1", "A2"])

    def test_before_the_rule_stop_the_script(self):
        with self.assertRaisesRegex(make_examples.Fault, "before 2025-01-13"):
            made(fact(date="2025-01-12"))

    def test_of_mixed_chips_are_given_in_h100e(self):
        order, = made(fact(chip_model="mixed", vendor=""))["orders.csv"]
        self.assertEqual((order["device"], order["quantity"], order["h100e"]), ("", "", "38"))

    def test_without_an_address_name_the_row_of_the_data_set(self):
        order, = made(fact(source_url="", note="Epoch row 'X'"))["orders.csv"]
        self.assertEqual(order["reference"], "Epoch AI GPU clusters, row 'X'")

    def test_with_a_reference_over_200_bytes_stop_the_script(self):
        made(fact(source_url="é" * 100))
        with self.assertRaisesRegex(make_examples.Fault, "200 bytes"):
            made(fact(source_url="é" * 100 + "x"))

    def test_that_add_nothing_or_were_diverted_are_left_out(self):
        files = made(fact(), fact(id="A2", increment_qty="0"), fact(id="A3", status="diverted"))
        self.assertEqual([row["id"] for row in files["orders.csv"]], ["A1"])
        self.assertEqual([row["id"] for row in files["left-out.csv"]], ["A2", "A3"])

    def test_of_an_unlisted_buyer_stop_the_script(self):
        with self.assertRaisesRegex(make_examples.Fault, "does not list the buyer 'Nobody'"):
            made(fact(buyer="Nobody"))


class Parties(unittest.TestCase):
    def test_abroad_hang_under_their_group(self):
        parties = made(fact())["parties.csv"]
        self.assertEqual(
            [(party["id"], party["site"], party["headquarters"], party["parent"])
             for party in parties],
            [("MAKER", "US", "US", ""), ("MAKER-AE", "AE", "US", "MAKER")])

    def test_that_nobody_named_are_not_one_group(self):
        files = made(
            fact(buyer="(not named)", buyer_hq="SE", dest_country="SE"),
            fact(id="A2", buyer="(not named)", buyer_hq="CA", dest_country="CA"))
        self.assertEqual(
            [(party["id"], party["parent"]) for party in files["parties.csv"]],
            [("UNNAMED-CA", ""), ("UNNAMED-SE", "")])

    def test_with_two_records_stop_the_script(self):
        with self.assertRaisesRegex(make_examples.Fault, "two records"):
            made(fact(), fact(id="A2", buyer_hq="GB"))


class Kept(unittest.TestCase):
    def test_announced_files_are_what_their_facts_say(self):
        texts = make_examples.make(
            make_examples.read("facts.csv"), make_examples.read("receivers.csv"))
        for name, text in texts.items():
            with self.subTest(name):
                self.assertEqual(make_examples.written(name), text.encode())

    def test_hypothetical_orders_ascend_and_all_have_an_expected_answer(self):
        orders = [row for path in sorted(HYPOTHETICAL.glob("orders-*.csv")) for row in read(path)]
        times = [datetime.datetime.fromisoformat(order["time"]) for order in orders]
        self.assertEqual(times, sorted(times))
        expected = [row["id"] for row in read(HYPOTHETICAL / "expected.csv")]
        self.assertEqual(len(expected), len(set(expected)))
        steps = [word for line in (HYPOTHETICAL / "setup.sh").read_text().splitlines()
                 for word in [line.partition("--id ")[2].partition(" ")[0]] if word]
        self.assertEqual(set(expected), {order["id"] for order in orders} | set(steps))

    def test_hypothetical_orders_are_of_registered_fictional_parties(self):
        parties = {row["id"]: row for row in read(HYPOTHETICAL / "parties.csv")}
        self.assertTrue(all(row["name"].endswith("(fictional)") for row in parties.values()))
        for path in sorted(HYPOTHETICAL.glob("orders-*.csv")):
            for order in read(path):
                self.assertIn(order["consignee"], parties)
                self.assertEqual(order["reference"], "hypothetical")


def read(path: pathlib.Path):
    with path.open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


if __name__ == "__main__":
    unittest.main()
