#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checks a receipt of a ledger, without the ledger, a network or the program that wrote it.

Usage: verify_receipt.py RECEIPT --key VKEY [--key VKEY ...]

Written from docs/reference/receipt-format.md, log-format.md, json.md and codes.md alone, so that it is a
second opinion. Needs Python's standard library and `cryptography` (Debian: python3-cryptography), for Ed25519.
Says what the entry says, decoded from the bytes that were proven. Exit status 0: all of it is in order. 4:
something was altered, and the message names the part. 2: wrong usage.
"""
import argparse
import base64
import binascii
import datetime
import hashlib
import json
import sys

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

MAXIMUM_BYTES = 1 << 20


class Fault(Exception):
    """The part of a receipt that was altered, and what shows it."""

    def __init__(self, part, what):
        super().__init__(f"{part}: {what}")
        self.part = part


def sha256(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


# --- JSON, as a receipt writes it


def quoted(text):
    escapes = {'"': '\\"', "\\": "\\\\", "\n": "\\n", "\r": "\\r", "\t": "\\t"}
    return '"' + "".join(
        escapes.get(letter) or (f"\\u{ord(letter):04x}" if letter < " " else letter)
        for letter in text
    ) + '"'


def written(value, depth=0):
    """A value in the one way in which a receipt writes it."""
    if isinstance(value, (dict, list)):
        ends = "{}" if isinstance(value, dict) else "[]"
        if not value:
            return ends
        items = (
            [f"{quoted(name)}: {written(member, depth + 1)}" for name, member in value.items()]
            if isinstance(value, dict)
            else [written(element, depth + 1) for element in value]
        )
        margin = "\n" + "  " * (depth + 1)
        return ends[0] + margin + ("," + margin).join(items) + "\n" + "  " * depth + ends[1]
    if isinstance(value, str):
        return quoted(value)
    if value is None or isinstance(value, bool):
        return {None: "null", True: "true", False: "false"}[value]
    return str(value)


def parsed(data):
    def members(pairs):
        if len({name for name, _ in pairs}) != len(pairs):
            raise ValueError("a member stands twice")
        return dict(pairs)

    def refused(text):
        raise ValueError(f"{text} is no integer")

    try:
        return json.loads(
            data.decode("utf-8"), object_pairs_hook=members, parse_float=refused,
            parse_constant=refused)
    except (ValueError, RecursionError) as error:
        raise Fault("layout", f"it is not JSON as a receipt has it: {error}") from None


def difference(found, said, place=""):
    """The place of the first value that is not what is said, or `None`."""
    if isinstance(found, dict) and isinstance(said, dict):
        for name in sorted(set(found) | set(said)):
            deeper = f"{place}.{name}" if place else name
            if (name in found) != (name in said):
                return deeper
            if (deeper := difference(found[name], said[name], deeper)) is not None:
                return deeper
        return None
    if isinstance(found, list) and isinstance(said, list) and len(found) == len(said):
        for index, pair in enumerate(zip(found, said)):
            if (deeper := difference(*pair, f"{place}[{index}]")) is not None:
                return deeper
        return None
    return None if found == said and type(found) is type(said) else place


# --- Form


def from_base64(text, part, count=None):
    try:
        data = base64.b64decode(text, validate=True)
    except (binascii.Error, ValueError, TypeError):
        raise Fault(part, "it is not Base64") from None
    if base64.b64encode(data).decode() != text or count not in (None, len(data)):
        raise Fault(part, "it is not Base64 of the right length")
    return data


def from_hexadecimal(text, part):
    if not isinstance(text, str) or len(text) != 64 or set(text) - set("0123456789abcdef"):
        raise Fault(part, "it is not 64 hexadecimal digits")
    return bytes.fromhex(text)


def require(value, names, place):
    if not isinstance(value, dict) or sorted(value) != sorted(names):
        raise Fault("layout", f"{place}: expected the members {', '.join(names)}")
    return value


class Evidence:
    """An entry of a receipt, with what is told beside it."""

    def __init__(self, value, index):
        place = f"evidence[{index}]"
        require(value, ["number", "header", "own", "shared", "leaf", "path"], place)
        self.number = value["number"]
        if not isinstance(self.number, int) or isinstance(self.number, bool) or self.number < 0:
            raise Fault("layout", f"{place}.number is no number")
        name = f"entry {self.number}"
        header = require(value["header"], ["sha256", "bytes"], f"{place}.header")
        self.header = from_base64(header["bytes"], f"header of {name}", 32)
        self.header_sum = from_hexadecimal(header["sha256"], f"header of {name}")
        self.sections, self.told, self.salts, self.sums = {}, {}, {}, {}
        # The hashes that stand in the place of what was personal.
        self.closed = {}
        for section in ("own", "shared"):
            part = f"section '{section}' of {name}"
            members = value[section]
            if isinstance(members, dict) and "bytes" in members:
                is_redacted = "person" in members
                opened = ["person", "text"] if is_redacted else ["salt"]
                require(members, ["hash", "sha256"] + opened + ["bytes"], f"{place}.{section}")
                self.sums[section] = from_hexadecimal(members["sha256"], part)
                if is_redacted:
                    hashes = [members["person"]] + [members["text"]] * (members["text"] is not None)
                    self.closed[section] = [
                        from_hexadecimal(digits, f"salt of {part}") for digits in hashes]
                else:
                    self.salts[section] = from_base64(members["salt"], f"salt of {part}", 16)
                self.sections[section] = from_base64(members["bytes"], part)
            else:
                require(members, ["hash"], f"{place}.{section}")
            self.told[section] = from_hexadecimal(members["hash"], f"hash of {part}")
        self.leaf = from_hexadecimal(value["leaf"], f"leaf of {name}")
        self.path = None
        if index > 0:
            if not isinstance(value["path"], list):
                raise Fault(f"proof of {name}", "it is no list")
            self.path = [from_base64(hash, f"proof of {name}", 32) for hash in value["path"]]
        elif value["path"] is not None:
            raise Fault(f"proof of {name}", "the entry's own stands in 'proof'")

    def commitment(self, section):
        if section not in self.sections:
            return self.told[section]
        content = self.sections[section]
        if section in self.closed:
            return personal_commitment(self.closed[section], content)
        salt = self.salts[section]
        # Since version 3 the section that tells who acted begins with what is personal.
        if self.header[0] < 3 or (self.header[1] >= 64) == (section == "own"):
            return sha256(salt, content)
        person = content[:1 + content[0]] if content else b""
        rest = content[len(person):]
        if not person or not rest or len(rest) < 1 + rest[0]:
            return bytes(32)
        text, rest = rest[:1 + rest[0]], rest[1 + rest[0]:]
        return personal_commitment(
            [sha256(salt, part) for part in ([person, text] if len(text) > 1 else [person])], rest)

    @property
    def computed_leaf(self):
        return sha256(b"\0", self.header, self.commitment("own"), self.commitment("shared"))

    def check(self, index, path, size, root):
        """Checks that the entry is in the tree, and finds out which part is not."""
        name = f"entry {self.number}"

        def leads(leaf):
            return root_of(leaf, index, size, path) == root

        if not leads(self.computed_leaf):
            if not leads(self.leaf):
                raise Fault(f"proof of {name}", "it does not lead to the root that was signed")
            if sha256(self.header) != self.header_sum:
                raise Fault(f"header of {name}", "it is not the one in the tree")
            for section, content in self.sections.items():
                if sha256(content) != self.sums[section]:
                    raise Fault(f"section '{section}' of {name}", "it is not the one in the tree")
            for section in self.sections:
                if self.commitment(section) != self.told[section]:
                    raise Fault(
                        f"salt of section '{section}' of {name}",
                        "with it the section does not give its hash")
            closed = [section for section in self.told if section not in self.sections]
            raise Fault(
                f"hash of section '{closed[0]}' of {name}" if closed else f"header of {name}",
                "it is not the one in the tree")
        wrong = "another hash is told than it has"
        if sha256(self.header) != self.header_sum:
            raise Fault(f"header of {name}", wrong)
        for section in ("own", "shared"):
            if section in self.sections and sha256(self.sections[section]) != self.sums[section]:
                raise Fault(f"section '{section}' of {name}", wrong)
            if self.commitment(section) != self.told[section]:
                raise Fault(f"hash of section '{section}' of {name}", wrong)
        if self.computed_leaf != self.leaf:
            raise Fault(f"leaf of {name}", wrong)
        if int.from_bytes(self.header[8:16], "little") != self.number or index != self.number:
            raise Fault("layout", f"{name}: it has another number")


def personal_commitment(hashes, rest):
    return sha256(bytes([len(hashes)]), *hashes, rest)


def root_of(leaf, index, size, path):
    """The root to which a path leads (RFC 9162, section 2.1.3.2), or `None`."""
    if index >= size:
        return None
    place, last = index, size - 1
    for hash in path:
        if last == 0:
            return None
        if place & 1 or place == last:
            leaf = sha256(b"\1", hash, leaf)
            while place and not place & 1:
                place, last = place >> 1, last >> 1
        else:
            leaf = sha256(b"\1", leaf, hash)
        place, last = place >> 1, last >> 1
    return leaf if last == 0 else None


# --- Signatures


class Key:
    """A verifier key: its name, the key's id in eight digits and Base64, with `+` between."""

    def __init__(self, text):
        try:
            self.name, digits, material = text.split("+", 2)
            self.id, material = bytes.fromhex(digits), base64.b64decode(material, validate=True)
            self.algorithm, public = material[0], material[1:]
            if self.algorithm not in (1, 4) or len(public) != 32 or len(self.id) != 4:
                raise ValueError
            if sha256(self.name.encode(), b"\n", material)[:4] != self.id:
                raise ValueError
        except (ValueError, IndexError):
            raise SystemExit(f"--key: found '{text}', expected a verifier key") from None
        self.public = Ed25519PublicKey.from_public_bytes(public)

    def verifies(self, signature, text):
        if self.algorithm == 4:
            time = int.from_bytes(signature[:8], "big")
            text, signature = f"cosignature/v1\ntime {time}\n".encode() + text, signature[8:]
        try:
            self.public.verify(signature, text)
            return True
        except InvalidSignature:
            return False


class Proof:
    """A tlog-proof: index, path, and the signed checkpoint."""

    def __init__(self, lines, entry):
        part = f"proof of entry {entry}"
        if not isinstance(lines, list) or not all(isinstance(line, str) for line in lines):
            raise Fault("layout", "proof: expected lines of text")
        if any("\n" in line for line in lines) or lines[:1] != ["c2sp.org/tlog-proof@v1"]:
            raise Fault(part, "it does not begin as one")
        if "" not in lines or not lines[1].startswith("index "):
            raise Fault(part, "there is no index, or no blank line behind the hashes")
        end = lines.index("")
        self.index = whole_number(lines[1][6:], part)
        self.path = [from_base64(line, part, 32) for line in lines[2:end]]
        note = lines[end + 1:]
        if "" not in note:
            raise Fault("signature", "there is no blank line in front of it")
        # The text ends in front of the last blank line.
        end = len(note) - 1 - note[::-1].index("")
        body, self.signatures = note[:end], note[end + 1:]
        if len(body) < 3 or "" in body:
            raise Fault("checkpoint", "it has not three lines")
        self.text = "".join(line + "\n" for line in body).encode()
        self.origin = body[0]
        self.size = whole_number(body[1], "checkpoint")
        self.root = from_base64(body[2], "checkpoint", 32)
        self.has_extensions = len(body) > 3

    def check_signatures(self, keys, head):
        claimed = {"origin": self.origin, "entries": self.size, "root": self.root.hex()}
        part = "signature" if head == claimed and not self.has_extensions else "checkpoint"
        signed = set()
        for line in self.signatures:
            words = line.split(" ")
            if len(words) != 3 or words[0] != "\u2014":
                raise Fault("signature", "it is not written as one")
            data = from_base64(words[2], "signature")
            key = next((k for k in keys if k.name == words[1] and k.id == data[:4]), None)
            if key is None:
                raise Fault(part, f"it is of '{words[1]}', of whom no key was given")
            if not key.verifies(data[4:], self.text):
                raise Fault(part, f"it is not a signature of this text by {key.name}")
            signed.add(key.algorithm)
        if 1 not in signed:
            raise Fault(part, "the ledger did not sign")


def whole_number(digits, part):
    if not digits.isascii() or not digits.isdigit() or (digits[0] == "0" and digits != "0"):
        raise Fault(part, "it has no whole number")
    return int(digits)


# --- Entries


KINDS = {
    1: "create-ledger", 2: "adopt-rulebook", 3: "adopt-devices", 4: "tick", 5: "propose",
    6: "decide-proposal", 7: "redact", 8: "legal-hold", 9: "rotate-key", 16: "party", 17: "block", 18: "grant-status",
    19: "change-status", 20: "attest-security", 21: "attest-installed", 22: "sign-agreement", 23: "end-agreement",
    32: "reserve", 33: "ship", 34: "release", 35: "extend", 36: "return", 37: "retire",
    38: "revoke", 39: "correct", 48: "transfer-weights",
}
EVENTS = {64: "expiry", 65: "breach", 66: "cure", 67: "threshold"}
PROPOSABLE = {2, 3, 7, 16, 17, 18, 19, 22, 23}
# The numbers of the kinds in a policy's bits.
POLICY_KINDS = [
    "create-ledger", "party", "block", "grant-status", "change-status", "attest-security",
    "attest-installed", "sign-agreement", "end-agreement", "adopt-rulebook", "adopt-devices",
    "reserve", "ship", "release", "extend", "return", "retire", "revoke", "correct",
    "transfer-weights", "tick",
]
PERMISSIBLE = sum(1 << n for n in range(1, 21))
NEEDS_TWO = sum(1 << n for n in (1, 2, 3, 4, 7, 8, 9, 10))
ROLES = {1: "vendor", 2: "regulator", 3: "operator", 4: "auditor"}
MECHANISMS = {
    1: "concern", 2: "prohibited", 3: "domestic", 4: "allied", 5: "uveu", 6: "nveu",
    7: "small-order", 8: "country", 9: "uncontrolled",
}
REFUSALS = {
    1: "concern", 2: "prohibited-end-use", 3: "party-blocked", 4: "limit-reached",
    5: "not-granted", 6: "hold-closed", 7: "exceeds-hold", 8: "exceeds-shipped",
    9: "deadline-not-later", 10: "status-inactive", 20: "not-eligible", 21: "status-exists",
    22: "status-revoked", 23: "attestation-superseded", 30: "not-permitted",
    31: "needs-approval", 32: "same-person", 33: "proposal-closed", 34: "on-hold",
    35: "not-redactable",
    40: "headquarters-not-trusted", 41: "storage-not-attested",
}
ABSENT = (1 << 64) - 1
LAST_DAY = 2_932_896


class Reader:
    """Reads canonical bytes from front to back and refuses whatever else."""

    def __init__(self, data, part):
        self.data, self.part, self.offset = data, part, 0
        # What is personal, once it was read apart from the other fields: person and text.
        self.personal = None

    def fail(self, what):
        raise Fault(self.part, what)

    def take(self, count):
        if self.offset + count > len(self.data):
            self.fail("it ends within a field")
        self.offset += count
        return self.data[self.offset - count:self.offset]

    def end(self):
        if self.offset != len(self.data) or (self.personal and self.personal["text"] is not None):
            self.fail("there are bytes behind its last field")

    def number(self, count):
        return int.from_bytes(self.take(count), "little")

    def amount(self):
        amount = self.number(8)
        return amount if amount <= 1 << 62 else self.fail("an amount is out of range")

    def optional_amount(self):
        if self.data[self.offset:self.offset + 8] == b"\xff" * 8:
            return self.take(8) and None
        return self.amount()

    def quantity(self, least=1):
        number = self.number(8)
        return number if least <= number < 1 << 63 else self.fail("a number is out of range")

    def one_of(self, words, count=1):
        number = self.number(count)
        return words[number] if number in words else self.fail(f"{number} stands for nothing")

    def flag(self):
        return self.one_of({0: False, 1: True})

    def identifier(self, optional=False):
        data = self.take(self.number(1))
        if not data and optional:
            return None
        if not 1 <= len(data) <= 64 or min(data) < 0x20 or max(data) > 0x7E:
            self.fail("an identifier has not its shape")
        if data[0] == 0x20 or data[-1] == 0x20:
            self.fail("an identifier begins or ends with a blank")
        return data.decode("ascii")

    def text(self, optional=False):
        data = self.take(self.number(1))
        if not data and optional:
            return None
        if not 1 <= len(data) <= 200:
            self.fail("a text has not its length")
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            return self.fail("a text is not UTF-8")

    def free_text(self, name, optional=False):
        """The member for the free text of an operation; none if it was taken out."""
        if self.personal is None:
            return {name: self.text(optional)}
        text, self.personal["text"] = self.personal["text"], None
        if text is None and not optional:
            self.fail("a text is missing")
        return {} if self.personal["redacted"] else {name: text}

    def read_personal(self, hashes):
        """What is personal, which stands in front, or what is left of it."""
        if hashes is None:
            self.personal = {
                "person": self.identifier(), "text": self.text(optional=True), "redacted": False}
        else:
            text = "" if len(hashes) > 1 else None
            self.personal = {"person": None, "text": text, "redacted": True}

    def file(self):
        return self.take(self.number(2))

    def country(self):
        data = self.take(2)
        if not all(0x41 <= byte <= 0x5A for byte in data):
            self.fail("a country is not two capital letters")
        return data.decode("ascii")

    def day(self, optional=False):
        day = self.number(4)
        if optional and day == 0xFFFFFFFF:
            return None
        if day > LAST_DAY:
            self.fail("a day is out of range")
        return (datetime.date(1970, 1, 1) + datetime.timedelta(days=day)).isoformat()

    def days(self):
        first, until = self.day(), self.day(optional=True)
        if until is not None and until <= first:
            self.fail("a range of days ends before it begins")
        return {"from": first, "until": until}

    def time(self, optional=False):
        time = self.number(8)
        if optional and time == ABSENT:
            return None
        if time >= (LAST_DAY + 1) * 86_400_000:
            self.fail("a time is out of range")
        day = datetime.date(1970, 1, 1) + datetime.timedelta(days=time // 86_400_000)
        rest = time % 86_400_000
        hours, rest = divmod(rest, 3_600_000)
        minutes, rest = divmod(rest, 60_000)
        seconds, rest = divmod(rest, 1_000)
        return f"{day.isoformat()}T{hours:02}:{minutes:02}:{seconds:02}.{rest:03}Z"

    def earlier(self, number):
        entry = self.number(8)
        return entry if entry < number else self.fail("it names an entry that is not before it")

    def actor(self):
        actor = {"organisation": self.identifier()}
        if self.personal is None:
            actor["person"] = self.identifier()
        elif not self.personal["redacted"]:
            actor["person"] = self.personal["person"]
        return actor | {"role": self.one_of(ROLES)}

    def reference(self):
        return {"organisation": self.identifier(optional=True), "id": self.identifier()}

    def part_of_hold(self):
        if self.data[self.offset:self.offset + 8] == b"\xff" * 8:
            return self.take(8) and None
        return self.quantity()

    def line(self):
        tag = self.number(1)
        if tag == 1:
            return {"device": self.identifier(), "quantity": self.quantity()}
        if tag == 2:
            return {"tpp": self.quantity()}
        if tag == 3:
            whole, rest = divmod(self.quantity(), 1_000)
            return {"h100e": f"{whole}.{rest:03}"}
        return self.fail(f"{tag} is no kind of line")

    def limit_name(self):
        tag = self.number(1)
        if tag == 1:
            return {"kind": "country", "country": self.country()}
        if tag == 2:
            name = {"kind": "small-order", "group": self.identifier(), "year": self.number(2)}
            return name if 1970 <= name["year"] <= 9999 else self.fail("a year is out of range")
        if tag == 3:
            return {"kind": "nveu", "party": self.identifier(), "country": self.country()}
        if tag == 4:
            return {"kind": "uveu-country", "group": self.identifier(), "country": self.country()}
        if tag == 5:
            return {"kind": "uveu-outside", "group": self.identifier()}
        return self.fail(f"{tag} is no kind of limit")

    def policy(self):
        def kinds(allowed):
            bits = self.number(4)
            if bits & ~allowed:
                self.fail("a policy names what can not be in it")
            return [kind for number, kind in enumerate(POLICY_KINDS) if bits >> number & 1]

        permissions = {role: kinds(PERMISSIBLE) for role in ROLES.values()}
        return {"permissions": permissions, "two_people": kinds(NEEDS_TWO)}

    def action(self, number):
        """What an operation asks; `files` are the files in it."""
        kind = self.number(1)
        if kind not in KINDS:
            self.fail(f"{kind} is no kind of operation")
        action, file = {"kind": KINDS[kind]}, None
        if kind == 1:
            action |= {
                "origin": self.identifier(), "mode": self.one_of({1: "binding", 2: "advisory"}),
                "disclosure": self.one_of({1: "open", 2: "banded"}), "policy": self.policy(),
            }
        elif kind in (2, 3):
            file = self.file()
            action["byte_count"] = len(file)
        elif kind == 5:
            if self.data[self.offset:self.offset + 1] not in {bytes([n]) for n in PROPOSABLE}:
                self.fail("what is proposed can not be")
            _, action["action"], file = self.action(number)
        elif kind == 6:
            action["proposal"] = self.reference()
            action["step"] = self.one_of({1: "approve", 2: "decline"})
        elif kind == 9:
            action |= {"previous_key": self.text(), "new_key": self.text()}
            try:
                action["statement"] = self.file().decode("utf-8")
            except UnicodeDecodeError:
                self.fail("the statement of a rotation is no text")
            if not 0 < len(action["statement"].encode()) <= 2048:
                self.fail("the statement of a rotation is empty or too long")
        elif kind == 7:
            action["entries"] = [self.earlier(number) for _ in range(self.number(2))]
            if not 1 <= len(action["entries"]) <= 1_000:
                self.fail("a redaction names 1 to 1000 entries")
            if action["entries"] != sorted(set(action["entries"])):
                self.fail("entries are not in ascending order")
            action |= self.free_text("reason")
        elif kind == 8:
            step = self.one_of({1: "party", 2: "operation", 3: "entry", 4: "lift"})
            if step == "lift":
                action |= {"step": "lift", "legal_hold": self.reference()}
            else:
                action |= {"step": "place", "party": None, "entry": None, "operation": None}
                action[step] = {
                    "party": self.identifier, "operation": self.reference,
                    "entry": lambda: self.earlier(number)}[step]()
            action |= self.free_text("reason")
        elif kind == 16:
            action |= {
                "party": self.identifier(), "name": self.text(), "site": self.country(),
                "headquarters": self.country(), "parent": self.identifier(optional=True),
            }
        elif kind == 17:
            action |= {"party": self.identifier(), "blocked": self.flag()}
            action |= self.free_text("reason")
        elif kind == 18:
            national = self.one_of({1: False, 2: True})
            action["status"] = "nveu" if national else "uveu"
            action["country"] = self.country() if national else None
            action |= {"party": self.identifier()} | self.days()
        elif kind == 19:
            grant = self.reference()
            step = self.one_of({1: "suspend", 2: "reinstate", 3: "revoke"})
            action |= {"step": step, "grant": grant} | self.free_text("reason")
        elif kind == 20:
            action |= {"party": self.identifier()} | self.days()
        elif kind == 21:
            action |= {"party": self.identifier(), "as_of": self.day(), "amounts": []}
            for _ in range(self.number(2)):
                action["amounts"].append({"country": self.country(), "tpp": self.amount()})
            self.require_ascending(action["amounts"])
        elif kind == 22:
            action |= {"country": self.country()} | self.days()
        elif kind == 23:
            action |= {"agreement": self.reference(), "until": self.day()}
        elif kind == 32:
            consignee, destination = self.identifier(), self.country()
            lines = [self.line() for _ in range(self.number(1))]
            if not 1 <= len(lines) <= 100:
                self.fail("an order has 1 to 100 lines")
            action |= {
                "consignee": consignee, "destination": destination, "lines": lines,
                "end_use": self.identifier(), "deadline": self.time(optional=True),
            }
            action |= self.free_text("reference", optional=True)
            action["up_to"] = self.flag()
            if action["up_to"] and len(lines) != 1:
                self.fail("an order 'up to' has one line")
        elif kind == 33:
            action |= {
                "hold": self.reference(), "part": self.part_of_hold(), "final": self.flag(),
            }
        elif kind == 34:
            action["hold"] = self.reference()
        elif kind == 35:
            action |= {"hold": self.reference(), "deadline": self.time()}
        elif kind == 36:
            action |= {"hold": self.reference(), "part": self.part_of_hold()}
        elif kind == 37:
            action |= {
                "hold": self.reference(), "part": self.part_of_hold(),
                "cause": self.one_of({1: "loss", 2: "failure", 3: "disposal"}),
            }
        elif kind == 38:
            action["hold"] = self.reference()
            action |= self.free_text("reason")
        elif kind == 39:
            is_entry = self.one_of({1: True, 2: False})
            action["entry"] = self.earlier(number) if is_entry else None
            action["operation"] = None if is_entry else self.reference()
            action |= self.free_text("text")
        elif kind == 48:
            action |= self.free_text("model")
            action["published"] = self.flag()
            action["training_operations"] = str(self.number(16))
            action |= {"recipient": self.identifier(), "destination": self.country()}
        return kind, action, file

    def require_ascending(self, elements):
        countries = [element["country"] for element in elements]
        if countries != sorted(set(countries)):
            self.fail("countries are not in ascending order")

    def decision(self, refusal, shared):
        mechanism = self.one_of(MECHANISMS)
        lapsed = self.flag()
        asked, granted, binding = self.amount(), self.amount(), self.number(1)
        count = self.number(1)
        if count > 254 or (binding != 255 and binding >= count):
            self.fail("the limit that binds is not listed")
        tests = []
        for _ in range(count):
            test = {"mechanism": self.one_of(MECHANISMS), "name": self.limit_name()}
            if shared:
                test |= {"used": shared.amount(), "limit": shared.amount(), "left": shared.amount()}
            tests.append(test)
        room = {"room_by_installing": shared.optional_amount()} if shared else {}
        return {
            "result": "refused" if refusal else "granted", "refusal": refusal,
            "mechanism": mechanism, "asked": asked, "granted": granted, "tests": tests,
            "binding_test": None if binding == 255 else binding, **room,
            "attestation_lapsed": lapsed,
        }

    def move(self, refusal, number):
        return {
            "result": "refused" if refusal else "accepted", "refusal": refusal,
            "hold": self.earlier(number),
            "before": {name: self.amount() for name in ("open", "out", "returned", "retired")},
            "amount": self.quantity(least=0), "freed": self.amount(),
        }

    def outcome(self, kind, number, shared):
        refusal = self.one_of({0: None} | REFUSALS, 2)
        plain = {"result": "refused", "refusal": refusal} if refusal else {"result": "accepted"}
        if refusal in ("not-permitted", "needs-approval"):
            return plain
        if kind == 32:
            return self.decision(refusal, shared)
        if 33 <= kind <= 38:
            return self.move(refusal, number)
        if kind == 21 and not refusal:
            return plain | ({"gaps": shared.gaps()} if shared else {})
        if kind == 48:
            exemption, result = None, "refused"
            if not refusal:
                result = self.one_of({1: "permitted", 2: "not-controlled"})
                if result == "not-controlled":
                    exemption = self.one_of(
                        {1: "published", 2: "below-threshold", 3: "below-floor"})
            return {"result": result, "refusal": refusal, "exemption": exemption}
        return plain

    def gaps(self):
        gaps = []
        for _ in range(self.number(2)):
            gaps.append(
                {"country": self.country(), "known": self.amount(), "attested": self.amount()})
            if gaps[-1]["known"] == gaps[-1]["attested"]:
                self.fail("a gap is none")
        self.require_ascending(gaps)
        return gaps

    def event(self, kind):
        event = {"name": self.limit_name()}
        if kind == 66:
            event["watched"] = self.one_of({1: True, 2: False})
        if kind == 67:
            event["percent"] = self.number(1)
            if not 1 <= event["percent"] <= 100:
                self.fail("a threshold is out of range")
        return event | {"used": self.amount(), "limit": self.amount()}


class Entry:
    """What is told of an entry of which perhaps not every section is opened."""

    def __init__(self, evidence):
        name = f"entry {evidence.number}"
        header = Reader(evidence.header, f"header of {name}")
        version, self.kind, semantics = header.number(1), header.number(1), header.number(2)
        lengths = {"own": header.number(2), "shared": header.number(2)}
        self.number, self.time = header.number(8), header.time()
        rulebook = header.number(8)
        self.rulebook = None if rulebook == ABSENT else rulebook
        if version not in (2, 3) or semantics != 2 or self.kind not in KINDS | EVENTS:
            header.fail("it is of a version or a kind that this verifier does not know")
        if self.rulebook is not None and self.rulebook > self.number:
            header.fail("its rulebook was adopted later")
        for section, data in evidence.sections.items():
            if len(data) >= lengths[section] if section in evidence.closed else (
                    len(data) != lengths[section]):
                header.fail("its lengths are not those of the sections")
        self.file = None
        self.shared_is_told = "shared" in evidence.sections
        own = Reader(evidence.sections.get("own", b""), f"section 'own' of {name}")
        shared = Reader(evidence.sections.get("shared", b""), f"section 'shared' of {name}")
        self.json = {"number": self.number, "time": self.time}
        self.is_redacted = bool(evidence.closed)
        if version >= 3:
            actors = "own" if self.kind in KINDS else "shared"
            if actors in evidence.sections:
                {"own": own, "shared": shared}[actors].read_personal(evidence.closed.get(actors))
            elif self.kind in KINDS:
                own.fail("it is not opened")
        if "own" not in evidence.sections:
            own.fail("it is not opened")
        if self.kind in KINDS:
            self.read_operation(own, shared if self.shared_is_told else None, lengths["shared"])
        else:
            self.read_event(own, shared if self.shared_is_told else None)
        own.end()
        shared.end()

    def read_operation(self, own, shared, shared_count):
        self.json |= {"actor": own.actor(), "rulebook": self.rulebook}
        self.json |= {"redacted": True} if self.is_redacted else {}
        self.json["kind"] = "operation"
        self.json["id"] = own.identifier()
        kind, self.json["action"], self.file = own.action(self.number)
        if kind != self.kind:
            own.fail("its kind is not that of its content")
        self.json["outcome"] = own.outcome(kind, self.number, shared)
        tests = self.json["outcome"].get("tests")
        if shared is None and tests is not None and shared_count != 24 * len(tests) + 8:
            own.fail("the lengths in the header do not fit it")
        gaps = kind == 21 and "refusal" not in self.json["outcome"]
        if shared is None and tests is None and not gaps and shared_count:
            own.fail("the lengths in the header do not fit it")

    def read_event(self, own, shared):
        expiry = {}
        if self.kind == 64:
            expiry = {"hold": own.earlier(self.number), "freed": own.amount()}
        if shared is not None:
            self.json["actor"] = shared.actor()
        redacted = {"redacted": True} if self.is_redacted else {}
        self.json |= {"rulebook": self.rulebook} | redacted | {"kind": EVENTS[self.kind]} | expiry
        if shared is not None and self.kind != 64:
            self.json |= shared.event(self.kind)

    @property
    def outcome(self):
        return self.json.get("outcome", {})

    @property
    def limits_after(self):
        if not self.shared_is_told or "tests" not in self.outcome:
            return None
        limits = []
        for test in self.outcome["tests"]:
            taken = self.outcome["granted"] if test["mechanism"] == self.outcome["mechanism"] else 0
            limits.append({
                "name": test["name"], "used": min(test["used"] + taken, 1 << 62),
                "limit": test["limit"], "left": test["left"],
            })
        return limits

    @property
    def hold_after(self):
        outcome = self.outcome
        if "before" not in outcome or outcome["refusal"] or self.kind == 35:
            return None
        after = dict(outcome["before"])
        amount, freed = outcome["amount"], outcome["freed"]
        if self.kind == 33:
            after["open"] = max(max(after["open"] - amount, 0) - freed, 0)
            after["out"] += amount
        elif self.kind in (34, 38):
            after["open"] = max(after["open"] - freed, 0)
        else:
            after["out"] = max(after["out"] - amount, 0)
            after["returned" if self.kind == 36 else "retired"] += amount
        return {"hold": outcome["hold"]} | {name: min(value, 1 << 62) for name, value in after.items()}


# --- The receipt


CLAIMS = ["origin", "as_if_enforced", "head", "entry", "limits_after", "hold_after", "rulebook"]


def verify(data, keys):
    """Checks a receipt; returns its entry and its claims, which are proven then."""
    if len(data) > MAXIMUM_BYTES:
        raise Fault("layout", "it has more bytes than any receipt")
    value = parsed(data)
    if not isinstance(value, dict) or value.get("format") != "headroom-receipt":
        raise Fault("layout", "this is no receipt")
    if value.get("version") != 1:
        raise Fault("layout", f"it is in format {value.get('version')}, and this reads format 1")
    require(value, ["format", "version"] + CLAIMS + ["evidence", "proof"], "receipt")
    if not isinstance(value["evidence"], list) or not value["evidence"]:
        raise Fault("layout", "it has no evidence")
    evidence = [Evidence(entry, index) for index, entry in enumerate(value["evidence"])]
    proof = Proof(value["proof"], evidence[0].number)
    proof.check_signatures(keys, value["head"])
    for entry in evidence:
        own_proof = entry.path is None
        entry.check(
            proof.index if own_proof else entry.number,
            proof.path if own_proof else entry.path, proof.size, proof.root)
    entries = {entry.number: Entry(entry) for entry in evidence}
    entry = entries[evidence[0].number]
    wanted = [entry.number]
    wanted += [number for number in (entry.rulebook, 0) if number is not None]
    if list(dict.fromkeys(wanted)) != [entry.number for entry in evidence]:
        raise Fault("layout", "the evidence is not what the entry rests on")
    claims = computed_claims(entry, entries, proof, value["rulebook"])
    expected = {"format": "headroom-receipt", "version": 1} | claims | {
        "evidence": value["evidence"], "proof": value["proof"]}
    place = difference(value, expected)
    if place is not None:
        raise Fault(f"claim '{place}'", "the proven bytes say something else")
    if (written(expected) + "\n").encode() != data:
        raise Fault("layout", "it is not written as a receipt is, although it says the same")
    return entry, claims


def computed_claims(entry, entries, proof, told):
    creation = entries[0].json.get("action", {})
    if creation.get("kind") != "create-ledger":
        raise Fault("section 'own' of entry 0", "it does not create a ledger")
    if creation["origin"] != proof.origin:
        raise Fault("checkpoint", "it is of another ledger than the entries")
    return {
        "origin": creation["origin"], "as_if_enforced": creation["mode"] == "advisory",
        "head": {"origin": proof.origin, "entries": proof.size, "root": proof.root.hex()},
        "entry": entry.json, "limits_after": entry.limits_after, "hold_after": entry.hold_after,
        "rulebook": rulebook_claim(entry, entries, told),
    }


def rulebook_claim(entry, entries, told):
    adoption = entries.get(entry.rulebook)
    if adoption is None:
        return None
    action = adoption.json.get("action", {})
    action = action.get("action", action)
    if action.get("kind") != "adopt-rulebook":
        if adoption is entry:
            return None
        raise Fault(f"header of entry {entry.number}", "its rulebook's entry adopts none")
    claim = {"adopted_by": entry.rulebook, "sha256": sha256(adoption.file).hex()}
    told = told if isinstance(told, dict) else {}
    # There is no reader of YAML in the standard library: what is told must stand in the file.
    file = " ".join(adoption.file.decode("utf-8", "replace").split())
    for name, shown in (("name", "name: {}"), ("version", "version: {}"), ("citation", "citation: {}")):
        value = told.get(name)
        if value is not None and not stands_in(file, shown, value):
            raise Fault(f"claim 'rulebook.{name}'", "it does not stand in the rulebook")
        claim[name] = value
    has_citation = entry.kind == 48 and "exemption" in entry.outcome
    if "tests" in entry.outcome:
        # What is not controlled is decided by no mechanism of the rulebook.
        has_citation = entry.outcome["mechanism"] != "uncontrolled"
    if (claim["citation"] is not None) != (has_citation and claim["name"] is not None):
        raise Fault("claim 'rulebook.citation'", "it is not told where it should be, or should not be")
    return claim


def stands_in(file, shown, value):
    text = " ".join(str(value).split())
    if not isinstance(value, (str, int)) or isinstance(value, bool) or text != str(value):
        return False
    plain = shown.format("")
    return any(plain + mark + text in file for mark in ("", ">- ", "'", '"', "> ", "| ", "|- "))


# --- Words


def grouped(number):
    return f"{number:,} TPP"


def limit_words(name):
    return " ".join(str(value) for value in name.values())


def told(entry, claims):
    """What the entry says, in words."""
    basis = " as if enforced" if claims["as_if_enforced"] else ""
    outcome, lines = entry.outcome, []
    if entry.kind == 32 and "mechanism" in outcome:
        action = entry.json["action"]
        lines.append(
            f"Order {entry.json['id']} of {entry.json['actor']['organisation']}, "
            f"{grouped(outcome['asked'])} for {action['consignee']} to {action['destination']}, was "
            f"{outcome['result']}{basis} by {outcome['mechanism']}"
            + (f" ({outcome['refusal']})" if outcome["refusal"] else "") + ".")
        for index, test in enumerate(outcome["tests"]):
            numbers = "the numbers are not opened to this reader"
            if "used" in test:
                numbers = (
                    f"used {grouped(test['used'])}, asked {grouped(outcome['asked'])}, limit "
                    f"{grouped(test['limit'])}, left {grouped(test['left'])}")
            binds = ", binds" if index == outcome["binding_test"] else ""
            lines.append(f"limit      {limit_words(test['name'])}: {numbers}{binds}")
    elif entry.kind in KINDS:
        lines.append(
            f"Operation {entry.json['id']} ({KINDS[entry.kind]}) of "
            f"{entry.json['actor']['organisation']} was {outcome['result']}{basis}"
            + (f" ({outcome['refusal']})" if outcome.get("refusal") else "") + ".")
    else:
        lines.append(f"{EVENTS[entry.kind].capitalize()} of entry {entry.number}{basis}.")
    lines.append(f"entry      {entry.number}, {entry.time}")
    if entry.is_redacted:
        lines.append("redacted   the person and free text were taken out of it")
    rulebook = claims["rulebook"]
    if rulebook:
        lines.append(f"rulebook   {rulebook['name']} version {rulebook['version']}, SHA-256 {rulebook['sha256']}")
        if rulebook["citation"]:
            lines.append(f"citation   {rulebook['citation']}")
    head = claims["head"]
    lines.append(f"head       {head['origin']}, {head['entries']} entries, root {head['root']}")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.split("\n\n", maxsplit=1)[0])
    parser.add_argument("receipt", help="the receipt's file; - is standard input")
    parser.add_argument("--key", action="append", required=True, help="a verifier key that is trusted")
    arguments = parser.parse_args()
    keys = [Key(text) for text in arguments.key]
    if arguments.receipt == "-":
        data = sys.stdin.buffer.read(MAXIMUM_BYTES + 1)
    else:
        with open(arguments.receipt, "rb") as file:
            data = file.read(MAXIMUM_BYTES + 1)
    try:
        entry, claims = verify(data, keys)
    except Fault as fault:
        print(f"verify_receipt: {fault}", file=sys.stderr)
        return 4
    print("verified: the entry is in the log that was signed, and says this:")
    print(told(entry, claims))
    return 0


if __name__ == "__main__":
    sys.exit(main())
