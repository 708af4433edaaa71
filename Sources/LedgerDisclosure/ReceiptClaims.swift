// SPDX-License-Identifier: Apache-2.0
package import EntryLog
package import LedgerModel
import LedgerProofs
package import LedgerText

/// What a receipt says in clear text: all of it follows from the bytes that are proven.
struct ReceiptClaims {
    let reading: EntryReading
    let creation: LedgerCreation
    let checkpoint: Checkpoint
    /// The entry that adopted the rulebook in force, with the rulebook's file.
    let adoption: (number: EntryNumber, file: [UInt8])?
    /// What is told of the rulebook, where the program can read it.
    let rulebook: RulebookWords?

    /// The members, in their order, which stand in front of the evidence.
    static let names = [
        "origin", "as_if_enforced", "head", "entry", "limits_after", "hold_after", "rulebook",
    ]

    /// Writes the members.
    func write(to writer: inout JSONWriter) {
        writer.member("origin", creation.origin.text)
        writer.member("as_if_enforced", creation.mode == .advisory)
        writer.key("head")
        writer.beginObject()
        writer.member("origin", checkpoint.origin)
        writer.key("entries")
        writer.integer(checkpoint.size)
        writer.member("root", checkpoint.root.description)
        writer.endObject()
        writer.key("entry")
        writer.value(reading)
        writeLimits(to: &writer)
        writeHold(to: &writer)
        writeRulebook(to: &writer)
    }

    /// What is used of each limit with the entry, where the numbers are told.
    private func writeLimits(to writer: inout JSONWriter) {
        writer.key("limits_after")
        guard let limits = reading.limitsAfter else { return writer.null() }
        writer.beginArray()
        for limit in limits {
            writer.beginObject()
            writer.key("name")
            writer.value(limit.name)
            writer.member("used", limit.used.rawValue)
            writer.member("limit", limit.limit.rawValue)
            writer.member("left", limit.left.rawValue)
            writer.endObject()
        }
        writer.endArray()
    }

    private func writeHold(to writer: inout JSONWriter) {
        writer.key("hold_after")
        guard let (hold, balance) = reading.holdAfter else { return writer.null() }
        writer.beginObject()
        writer.key("hold")
        writer.integer(hold.rawValue)
        writer.member("open", balance.open.rawValue)
        writer.member("out", balance.out.rawValue)
        writer.member("returned", balance.returned.rawValue)
        writer.member("retired", balance.retired.rawValue)
        writer.endObject()
    }

    private func writeRulebook(to writer: inout JSONWriter) {
        writer.key("rulebook")
        guard let adoption else { return writer.null() }
        writer.beginObject()
        writer.key("adopted_by")
        writer.integer(adoption.number.rawValue)
        writer.member("sha256", hash(adoption.file).description)
        writer.member("name", rulebook?.name)
        writer.member("version", rulebook?.version)
        writer.member("citation", rulebook.flatMap(citation))
        writer.endObject()
    }

    /// Where the rulebook takes the mechanism that decided from, or the rule for model weights.
    private func citation(in rulebook: RulebookWords) -> String? {
        guard case .operation(let record)? = reading.content else { return nil }
        return rulebook.citation(of: record.outcome)
    }
}

extension EntryReading {
    /// The limits that a decision tested as they stand with it; `nil` where nothing is told of them.
    package var limitsAfter: [LimitTest]? {
        guard tellsShared, case .operation(let record)? = content,
            case .decided(let decision) = record.outcome
        else { return nil }
        return decision.tests.map { test in
            var after = test
            if test.mechanism == decision.mechanism {
                after.used = test.used.adding(decision.granted) ?? .maximumSum
            }
            return after
        }
    }

    /// The hold that an operation moved, as it stands with it.
    package var holdAfter: (hold: EntryNumber, balance: HoldBalance)? {
        guard case .operation(let record)? = content, case .moved(let move) = record.outcome else {
            return nil
        }
        return move.after(record.action).map { (move.hold, $0) }
    }
}

extension JSONWriter {
    /// Writes what is told of an entry: as ``value(_:_:)`` does of a whole one, without what is not
    /// told and without H100e.
    package mutating func value(_ reading: EntryReading) {
        if let entry = reading.entry {
            return value(entry, JSONRendering(hidesTotals: !reading.tellsShared))
        }
        beginObject()
        key("number")
        integer(reading.header.number.rawValue)
        member("time", reading.header.time)
        key("rulebook")
        if let rulebook = reading.header.rulebook { integer(rulebook.rawValue) } else { null() }
        member("kind", reading.header.kind.word)
        if case .expiry(let expiry)? = reading.content {
            key("hold")
            integer(expiry.hold.rawValue)
            member("freed", expiry.freed.rawValue)
        }
        endObject()
    }
}

extension EntryKind {
    /// The kind's word in JSON: all operations have one.
    fileprivate var word: String {
        switch self {
        case .expiry: "expiry"
        case .breach: "breach"
        case .cure: "cure"
        case .threshold: "threshold"
        default: "operation"
        }
    }
}
