// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerModel
import Testing

/// A change of a sample's bytes that must not be read: digits of a section, and what to put in
/// their place.
struct BadBytes: CustomTestStringConvertible, Sendable {
    /// The sample.
    let name: String
    /// Digits that stand once in its bytes behind the header.
    let old: String
    /// What stands there instead.
    let new: String
    /// What the error says.
    let says: String

    init(_ name: String, _ old: String, _ new: String, says: String) {
        self.name = name
        self.old = old
        self.new = new
        self.says = says
    }

    var testDescription: String { "\(name): \(says)" }
}

/// Bytes of the later kinds that no encoder writes, one field each.
struct LifeBytesTests {
    @Test(arguments: cases)
    func bytesThatNoEncoderWritesAreNotRead(bad: BadBytes) throws {
        let bytes = try encoded(SampleEntries.named(bad.name))
        let body = hex(bytes.dropFirst(EntryHeader.byteCount))
        let parts = body.split(separator: bad.old, omittingEmptySubsequences: false)
        try #require(parts.count == 2, "the digits stand once in \(body)")
        var changed = bytes[..<EntryHeader.byteCount] + hexBytes(parts[0] + bad.new + parts[1])
        // The length of the section in which the change lies.
        let more = changed.count - bytes.count
        let own = try EntryLogTests.header(of: bytes).ownByteCount
        let offset = parts[0].utf8.count / 2 < own ? 4 : 6
        changed[offset] = UInt8(truncatingIfNeeded: Int(bytes[offset]) + more)
        let error = #expect(throws: EntryLogError.self) { try decoded(Array(changed)) }
        let description = try #require(error).description
        #expect(description.contains(bad.says), "\(description)")
    }

    /// A proposal of a proposal of a proposal, as deep as an entry is long.
    @Test func nothingNestsDeeperThanOneProposal() throws {
        let plain = try SampleEntries.named("propose")
        var bytes = try encoded(plain)
        let content = Array(repeating: UInt8(5), count: 60_000)
        let action = try #require(try ContentRange(of: plain, in: bytes))
        bytes.replaceSubrange(action.range, with: content)
        let own = bytes.count - EntryHeader.byteCount
        bytes[4] = UInt8(truncatingIfNeeded: own)
        bytes[5] = UInt8(own >> 8)
        #expect(
            throws: EntryLogError.corrupt(
                at: .entry(plain.number),
                what: "the operation can not be proposed"
            )
        ) { try decoded(bytes) }
    }

    /// The bits of a policy: each that a policy can not hold is refused, each other is read.
    @Test func aPolicysBitsAreThoseOfKindsThatCanBeAmongThem() throws {
        let sample = try SampleEntries.named("create-ledger")
        let bytes = try encoded(sample)
        let end = try EntryHeader.byteCount + EntryLogTests.header(of: bytes).ownByteCount - 2
        for (word, allowed) in [
            (5, ActionKind.permissible), (4, ActionKind.permissible), (3, ActionKind.permissible),
            (2, ActionKind.permissible), (1, ActionKind.proposable),
        ] {
            for bit in 0..<32 {
                var changed = bytes
                changed[end - 4 * word + bit / 8] |= 1 << UInt8(bit % 8)
                let kind = ActionKind(rawValue: UInt8(bit))
                let isAllowed = kind.map(allowed.contains) ?? false
                #expect(((try? decoded(changed)) != nil) == isAllowed, "word \(word), bit \(bit)")
            }
        }
    }
}

/// Where the bytes of what is asked stand in an entry.
private struct ContentRange {
    let range: Range<Int>

    init?(of entry: Entry, in bytes: [UInt8]) throws {
        guard case .operation(let record) = entry.content else { return nil }
        var buffer = ByteBuffer()
        try ActionCodec.appendApart(record.action, to: &buffer)
        let content = buffer.bytes.copied
        guard
            let start = bytes.indices.first(where: {
                $0 >= EntryHeader.byteCount && bytes[$0...].starts(with: content)
            })
        else { return nil }
        range = start..<start + content.count
    }
}

extension LifeBytesTests {
    private static let hold = "6f726465722d3132"  // order-12
    private static let shipped = "40fd580000000000" + "0000"  // 5,832,000 TPP, not the last
    private static let falcon = "66616c636f6e2d636c6f7564"  // falcon-cloud
    private static let absent = "ffffffffffffffff"
    private static let found = "0f646976657273696f6e20666f756e64"  // diversion found
    private static let none = "0000000000000000"
    private static let half = "0000000000000080"

    private static let cases: [BadBytes] =
        partCases + orderCases + outcomeCases + otherCases + eventCases

    private static let partCases = [
        BadBytes("ship", hold + shipped, hold + none + "0000", says: "part is out of range"),
        BadBytes("ship", hold + shipped, hold + half + "0000", says: "part is out of range"),
        BadBytes(
            "ship",
            hold + shipped,
            hold + "40fd580000000000" + "0200",
            says: "mark of the last shipment is neither 0 nor 1"
        ),
        BadBytes("give-back", absent, "feffffffffffffff", says: "part is out of range"),
        BadBytes("retire", "d83d000000000000" + "02", "d83d000000000000" + "04", says: "cause"),
        BadBytes("retire", "d83d000000000000" + "02", "d83d000000000000" + "00", says: "cause"),
        BadBytes("extend", "4030aa7497010000", absent, says: "there is no deadline"),
        BadBytes("extend", "4030aa7497010000", half, says: "deadline is out of range"),
        BadBytes("correct", "27" + "01" + "0300", "27" + "03" + "0300", says: "kind of target"),
        BadBytes("correct", "27" + "01" + "03", "27" + "01" + "1a", says: "names a later entry"),
        BadBytes("correct", "0300000000000000" + "0000", absent + "0000", says: "a later entry"),
    ]

    private static let orderCases = [
        BadBytes(
            "reserve-up-to",
            "ff01" + "0000" + "08",
            "ff02" + "0000" + "08",
            says: "mark of up to"
        ),
        BadBytes(
            "reserve-up-to",
            "494e" + "01" + "01" + "08",
            "494e" + "02" + "02" + "0100000000000000" + "01" + "08",
            says: "up to an amount has 2 lines"
        ),
    ]

    private static let outcomeCases = [
        BadBytes("extend", "0000" + "0c00000000000000", "0000" + "1600000000000000", says: "hold"),
        BadBytes(
            "extend",
            "0000" + "0c00000000000000",
            "1e00" + "0c00000000000000",
            says: "behind"
        ),
        BadBytes(
            "extend",
            "0000" + "0c00000000000000",
            "1f00" + "0c00000000000000",
            says: "behind"
        ),
        BadBytes("ship-needs-approval", "1f00", "0700", says: "it ends within the hold"),
        BadBytes("release", "8096980000000000" + "40", absent + "40", says: "open part"),
        BadBytes("release", "40fd580000000000", absent, says: "part shipped"),
        BadBytes(
            "ship-refused",
            "ffffffffffffff7f" + none,
            half + absent,
            says: "moved"
        ),
        BadBytes(
            "attest-installed",
            "0200" + "4145" + "0024",
            "0200" + "4a45" + "0024",
            says: "asc"
        ),
        BadBytes(
            "attest-installed",
            "0200" + "4145" + "0024f4",
            "0100" + "4145" + "0024f4",
            says: "behind"
        ),
        BadBytes(
            "attest-installed",
            "d83d000000000000" + none,
            "d83d000000000000" + "d83d000000000000",
            says: "a gap is none"
        ),
        BadBytes("attest-installed-superseded", "1700", "0000", says: "number of gaps"),
        BadBytes("weights", "4145" + "0000" + "01", "4145" + "0000" + "03", says: "answer"),
        BadBytes("weights", "4145" + "0000" + "01", "4145" + "0000" + "02", says: "exemption"),
        BadBytes("weights", "4145" + "0000" + "01", "4145" + "0300" + "01", says: "behind"),
        BadBytes("weights-not-controlled", "0000" + "0203", "0000" + "0204", says: "exemption"),
        BadBytes("weights-refused", "4145" + "2900", "4145" + "0000", says: "answer"),
    ]

    private static let otherCases = [
        BadBytes(
            "weights",
            "30" + "00" + "000000e4",
            "30" + "02" + "000000e4",
            says: "mark of publication"
        ),
        BadBytes("redact", "07" + "0300", "07" + "0000", says: "names 0 entries"),
        BadBytes(
            "redact",
            "0300000000000000" + "04",
            "0500000000000000" + "04",
            says: "ascending"
        ),
        BadBytes("redact", "1400000000000000", "2b00000000000000", says: "names a later entry"),
        BadBytes("legal-hold-party", "08" + "01" + "0c", "08" + "05" + "0c", says: "number 5"),
        BadBytes("legal-hold-entry", "1400000000000000", "2e00000000000000", says: "names a later"),
        BadBytes("block", found, "00", says: "there is no reason"),
        BadBytes("tick", "646f65" + "00", "646f65" + "0178", says: "behind"),
        BadBytes("breach", "646f65" + "00", "646f65" + "0178", says: "an event has a text"),
        BadBytes("propose", "0511" + "0c" + falcon, "0505" + "0c" + falcon, says: "proposed"),
        BadBytes("propose", "0511" + "0c" + falcon, "0520" + "0c" + falcon, says: "proposed"),
        BadBytes("propose", "0511" + "0c" + falcon, "0540" + "0c" + falcon, says: "proposed"),
        BadBytes("propose", "0511" + "0c" + falcon, "05ff" + "0c" + falcon, says: "number 255"),
        BadBytes("decide-proposal", "2d31" + "01" + "0000", "2d31" + "03" + "0000", says: "step"),
        BadBytes("tick", "7469636b2d31" + "04", "7469636b2d31" + "41", says: "is no operation"),
        BadBytes("tick", "7469636b2d31" + "04", "7469636b2d31" + "04" + "00", says: "behind"),
    ]

    private static let eventCases = [
        BadBytes("threshold", "e907" + "5f", "e907" + "00", says: "0 percent"),
        BadBytes("threshold", "e907" + "5f", "e907" + "65", says: "101 percent"),
        BadBytes("cure", "4145" + "01", "4145" + "03", says: "end of the breach"),
        BadBytes("cure", "4145" + "01", "4145" + "02", says: "not watched has numbers"),
        BadBytes("breach", "41420f0000000000", absent, says: "amount used"),
        BadBytes("breach", "40420f0000000000", half, says: "limit"),
        BadBytes("breach", "04" + "0c" + falcon, "06" + "0c" + falcon, says: "kind of limit"),
        BadBytes(
            "expiry",
            "0c00000000000000",
            "0e00000000000000",
            says: "the hold is a later entry"
        ),
    ]
}
