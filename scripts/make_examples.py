#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Make the example of publicly announced orders from its facts.

Reads docs/examples/announced/facts.csv (what was announced, with a source per row) and
docs/examples/announced/receivers.csv (which party a buyer is), and writes beside them parties.csv,
orders.csv and left-out.csv. docs/examples/README.md tells the rules in words.

    scripts/make_examples.py            write the files
    scripts/make_examples.py --check    write nothing; exit 1 if a file is not what would be written
"""
import argparse
import calendar
import csv
import datetime
import io
import pathlib
import sys

FOLDER = pathlib.Path(__file__).resolve().parent.parent / "docs" / "examples" / "announced"

# The day from which the shipped rulebooks are in force: no order may be counted before it.
RULE_DAY = datetime.date(2025, 1, 13)
# The receiver of rows that do not name one: not one party but one for each row.
NOT_NAMED = "(not named)"
# What the rows of several vendors' chips say in chip_model, and who then stands as exporter.
MIXED_CHIPS = "mixed"
MIXED_EXPORTER = "SEVERAL-VENDORS"
PERSON = "public-record"
LONGEST_REFERENCE = 200

PARTY_COLUMNS = ["id", "name", "site", "headquarters", "parent"]
ORDER_COLUMNS = ["id", "time", "exporter", "person", "consignee", "destination", "device",
                 "quantity", "h100e", "end_use", "reference"]
LEFT_OUT_COLUMNS = ["id", "reason"]


class Fault(Exception):
    """A fact that the rules can not turn into an order."""


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--check", action="store_true",
                        help="write nothing; exit 1 if a file is not what would be written")
    arguments = parser.parse_args()
    try:
        texts = make(read("facts.csv"), read("receivers.csv"))
    except (Fault, OSError) as fault:
        sys.exit(f"make_examples: {fault}")
    wrong = [name for name, text in texts.items() if text.encode() != written(name)]
    if arguments.check:
        if wrong:
            sys.exit(f"make_examples: not what scripts/make_examples.py makes: {', '.join(wrong)}")
        print(f"make_examples: {len(texts)} files are what their facts say")
        return
    for name in wrong:
        (FOLDER / name).write_bytes(texts[name].encode())
    print(f"make_examples: {len(wrong)} of {len(texts)} files changed")


def make(facts, receivers):
    """The text of each file to write, by its name."""
    groups = {row["buyer"]: row for row in receivers}
    newest = max(last_day(fact["date"]) for fact in facts)
    parties, orders, left_out = {}, [], []
    for fact in facts:
        reason = reason_to_leave_out(fact)
        if reason:
            left_out.append([fact["id"], reason])
            continue
        if fact["buyer"] not in groups:
            raise Fault(f"{fact['id']}: receivers.csv does not list the buyer '{fact['buyer']}'")
        receiver = groups[fact["buyer"]]
        consignee = register(parties, fact, receiver)
        orders.append(order(fact, receiver, consignee, newest))
    orders.sort(key=lambda row: (row[1], row[0]))
    # Parents before those that hang under them, so that one pass over the file can register all.
    rows = sorted(parties.values(), key=lambda row: (row[4] != "", row[0]))
    return {
        "parties.csv": table(PARTY_COLUMNS, rows),
        "orders.csv": table(ORDER_COLUMNS, orders),
        "left-out.csv": table(LEFT_OUT_COLUMNS, left_out),
    }


def reason_to_leave_out(fact):
    """Why a fact is no order, or an empty text."""
    if fact["increment_qty"] == "0":
        return "adds no chips: other rows count them already, or they are mostly older"
    if fact["status"] == "diverted":
        return "goods said to have been smuggled: nobody asked for them to go there"
    return ""


def register(parties, fact, receiver):
    """Adds the party that receives, and its group's parent if it sits abroad; gives its id."""
    site, headquarters = fact["dest_country"], fact["buyer_hq"]
    group, name = receiver["group"], receiver["name"]
    if fact["buyer"] == NOT_NAMED:
        party, parent = f"{group}-{site}", ""
        add(parties, [party, f"{name} in {site}", site, headquarters, parent])
    elif site == headquarters:
        party = group
        add(parties, [party, name, site, headquarters, ""])
    else:
        party = f"{group}-{site}"
        add(parties, [group, name, headquarters, headquarters, ""])
        add(parties, [party, f"{name}, site in {site}", site, headquarters, group])
    return party


def add(parties, row):
    """Adds a party; the same one may come again, with the same record."""
    if parties.setdefault(row[0], row) != row:
        raise Fault(f"party {row[0]} has two records: {parties[row[0]]} and {row}")


def order(fact, receiver, consignee, newest):
    """The order's row."""
    day = min(last_day(fact["date"]), newest)
    if day < RULE_DAY:
        raise Fault(f"{fact['id']}: {day} lies before {RULE_DAY}, when the rule took effect")
    mixed = fact["chip_model"] == MIXED_CHIPS
    return [
        fact["id"],
        f"{day}T00:00:00Z",
        MIXED_EXPORTER if mixed else fact["vendor"],
        PERSON,
        consignee,
        fact["dest_country"],
        "" if mixed else fact["chip_model"],
        "" if mixed else fact["increment_qty"],
        fact["increment_h100e_tpp"] if mixed else "",
        receiver["end_use"],
        reference(fact),
    ]


def last_day(date):
    """The last day of a year, a month or a day: by then it had surely been announced."""
    parts = [int(part) for part in date.split("-")]
    year, month = parts[0], parts[1] if len(parts) > 1 else 12
    day = parts[2] if len(parts) > 2 else calendar.monthrange(year, month)[1]
    return datetime.date(year, month, day)


def reference(fact):
    """The source's address; without one, the row of the data set."""
    text = fact["source_url"] or "Epoch AI GPU clusters, " + fact["note"].removeprefix("Epoch ")
    if len(text.encode()) > LONGEST_REFERENCE:
        raise Fault(f"{fact['id']}: its reference is longer than {LONGEST_REFERENCE} bytes")
    return text


def read(name):
    with (FOLDER / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def written(name):
    path = FOLDER / name
    return path.read_bytes() if path.exists() else None


def table(columns, rows):
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(columns)
    writer.writerows(rows)
    return text.getvalue()


if __name__ == "__main__":
    main()
