// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LedgerModel
import LedgerProofs
import LedgerText

extension Receipt {
    static let format = "headroom-receipt"

    /// The receipt as a file (docs/reference/receipt-format.md).
    ///
    /// - Throws: The fault that ``ReceiptVerifier`` would find: of a receipt that ``ReceiptDraft``
    ///   made, none.
    public func bytes() throws(ReceiptFault) -> [UInt8] {
        bytes(claiming: try ReceiptEvidence(self).claims)
    }

    func bytes(claiming claims: ReceiptClaims) -> [UInt8] {
        var writer = JSONWriter(layout: .pretty)
        writer.beginObject()
        writer.member("format", Receipt.format)
        writer.member("version", Receipt.formatVersion)
        claims.write(to: &writer)
        writer.key("evidence")
        writer.beginArray()
        writer.value(entry, path: nil)
        for ground in grounds { writer.value(ground.entry, path: ground.path.hashes) }
        writer.endArray()
        writer.key("proof")
        writer.beginArray()
        for line in proof.bytes.dropLast().split(
            separator: UInt8(ascii: "\n"),
            omittingEmptySubsequences: false
        ) {
            writer.string(String(decoding: line, as: UTF8.self))
        }
        writer.endArray()
        writer.endObject()
        return writer.takeBytes()
    }
}

extension JSONWriter {
    /// Writes an entry with what is needed to check it.
    mutating func value(_ entry: DisclosedEntry, path: [LedgerHash]?) {
        beginObject()
        key("number")
        integer(entry.statedNumber)
        key("header")
        beginObject()
        member("sha256", hash(entry.headerBytes).description)
        member("bytes", base64(entry.headerBytes))
        endObject()
        for (name, section) in [("own", entry.own), ("shared", entry.shared)] {
            key(name)
            value(section)
        }
        member("leaf", entry.leaf.description)
        key("path")
        if let path {
            beginArray()
            for hash in path { string(base64(hash.bytes)) }
            endArray()
        } else {
            null()
        }
        endObject()
    }

    private mutating func value(_ section: DisclosedSection) {
        beginObject()
        member("hash", section.commitment.description)
        guard let bytes = section.bytes else { return endObject() }
        member("sha256", hash(bytes).description)
        if let salt = section.salt { member("salt", base64(salt)) }
        if let personal = section.redaction {
            member("person", personal.person.description)
            member("text", personal.text?.description)
        }
        member("bytes", base64(bytes))
        endObject()
    }
}

extension DisclosedEntry {
    /// The number in the header, whatever else the header says.
    var statedNumber: UInt64 {
        headerBytes[8..<16].reversed().reduce(0) { $0 << 8 | UInt64($1) }
    }
}

func base64(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    Base64.append(bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
}
