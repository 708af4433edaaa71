// SPDX-License-Identifier: Apache-2.0
public import EntryLog
import LedgerDisclosure
public import LedgerModel
import LedgerText

/// The first line of a redacted export: what it holds, and for whom.
public struct RedactedExportHeader: Equatable, Sendable {
    /// The ledger's name, or `nil` if its first entry does not tell one.
    public let origin: String?
    /// The vendor whose sections are opened.
    public let reader: OrganisationIdentifier
    /// How many entries follow, from entry 0 on.
    public let entryCount: UInt64
    /// The root of the tree over them: that of the ledger.
    public let root: LedgerHash

    /// The version of the format that this code writes and reads.
    public static let formatVersion: Int64 = 1
    static let format = "headroom-redacted-export"
    private static let beginning = Array(#"{"format":"headroom-redacted-export""#.utf8)

    init(
        origin: String?,
        reader: OrganisationIdentifier,
        entryCount: UInt64,
        root: LedgerHash
    ) {
        self.origin = origin
        self.reader = reader
        self.entryCount = entryCount
        self.root = root
    }

    /// Whether a file that begins with `bytes` is a redacted export.
    public static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: beginning) }

    /// Whether more bytes may make a file that begins with `bytes` a redacted export.
    public static func mayBegin(_ bytes: [UInt8]) -> Bool {
        bytes.count < beginning.count && beginning.starts(with: bytes)
    }

    /// The line's body.
    var body: [UInt8] {
        openObject { writer in
            writer.member("format", Self.format)
            writer.member("version", Self.formatVersion)
            writer.member("entry_encoding", Int64(EntryHeader.encodingVersion))
            writer.member("origin", origin)
            writer.member("redacted_for", reader.text)
            writer.key("entries")
            writer.integer(entryCount)
            writer.member("root", root.description)
        }
    }

    /// Reads the line's body.
    init(_ body: ArraySlice<UInt8>) throws(ExportError) {
        guard let value = closedObject(body), value["format"] == .string(Self.format) else {
            throw .notAnExport
        }
        guard case .integer(let version)? = value["version"], version > 0 else {
            throw .changed(line: 1, entry: nil, what: "it tells no version")
        }
        guard version == Self.formatVersion else { throw .newerFormat(found: version) }
        guard let contents = ExportContents(value), let origin = value["origin"],
            let reader = value["redacted_for"]?.text.flatMap(OrganisationIdentifier.init)
        else { throw .changed(line: 1, entry: nil, what: "a member is missing") }
        self.init(
            origin: origin.text,
            reader: reader,
            entryCount: contents.entryCount,
            root: contents.root
        )
    }

    /// The body of the last line.
    var trailer: [UInt8] {
        openObject { writer in
            writer.member("end", Self.format)
            writer.key("entries")
            writer.integer(entryCount)
            writer.member("root", root.description)
        }
    }
}

/// The line of an entry in a redacted export.
struct RedactedEntry {
    let entry: DisclosedEntry
    /// What is shown of it in JSON.
    let shown: JSONValue

    /// The body of an entry's line.
    static func body(of entry: DisclosedEntry) throws(EntryLogError) -> [UInt8] {
        let reading = try entry.reading()
        return openObject { writer in
            writer.key("entry")
            writer.value(reading)
            writer.member("header", base64(entry.headerBytes))
            for (name, section) in [("own", entry.own), ("shared", entry.shared)] {
                writer.key(name)
                writer.beginObject()
                switch section {
                case .opened(let bytes, let salt), .personal(let bytes, let salt):
                    writer.member("salt", base64(salt))
                    writer.member("bytes", base64(bytes))
                case .redacted(let personal, let rest):
                    writer.member("person", base64(personal.person.bytes))
                    writer.member("text", personal.text.map { base64($0.bytes) })
                    writer.member("bytes", base64(rest))
                case .committed(let hash): writer.member("hash", base64(hash.bytes))
                }
                writer.endObject()
            }
        }
    }

    /// Takes the body of a line apart; `nil` if no entry has such a line.
    init?(_ body: ArraySlice<UInt8>) {
        guard let value = closedObject(body), let shown = value["entry"],
            let header = value["header"]?.bytes, header.count == EntryHeader.byteCount,
            let own = value["own"].flatMap({
                RedactedEntry.section($0, isOwn: true, of: header)
            }),
            let shared = value["shared"].flatMap({
                RedactedEntry.section($0, isOwn: false, of: header)
            })
        else { return nil }
        entry = DisclosedEntry(headerBytes: header, own: own, shared: shared)
        self.shown = shown
    }

    private static func section(
        _ value: JSONValue,
        isOwn: Bool,
        of header: [UInt8]
    ) -> DisclosedSection? {
        if let hash = value["hash"]?.bytes.flatMap(LedgerHash.init) { return .committed(hash) }
        if let person = value["person"]?.bytes.flatMap(LedgerHash.init), let text = value["text"] {
            let hash = text.bytes.flatMap(LedgerHash.init)
            guard hash != nil || text == .null, let rest = value["bytes"]?.bytes else { return nil }
            return .redacted(PersonalCommitment(person: person, text: hash), rest: rest)
        }
        guard let salt = value["salt"]?.bytes, salt.count == SectionSalts.sectionByteCount,
            let bytes = value["bytes"]?.bytes
        else { return nil }
        return DisclosedSection(bytes: bytes, salt: salt, isOwn: isOwn, ofHeader: header)
    }

    /// What the entry's parts tell, as a line shows it.
    static func shown(_ reading: EntryReading) -> JSONValue? {
        var writer = JSONWriter()
        writer.value(reading)
        do throws(Rejection) {
            return try JSONValue(writer.takeBytes())
        } catch {
            return nil
        }
    }
}

extension JSONValue {
    /// The bytes that a string stands for in Base64.
    fileprivate var bytes: [UInt8]? {
        text.flatMap { Base64.bytes(of: Array($0.utf8)[...]) }
    }
}
