// SPDX-License-Identifier: Apache-2.0
public import EntryLog
import LedgerModel
import LedgerText

/// The first line of an export: what it holds.
public struct ExportHeader: Equatable, Sendable {
    /// The ledger's name, or `nil` if its first entry does not tell one.
    public let origin: String?
    /// How many entries follow, from entry 0 on.
    public let entryCount: UInt64
    /// The root of the tree over them.
    public let root: LedgerHash
    /// The ledger's secret, if it travels with the export.
    public let secret: LedgerSecret?

    /// The version of the format that this code writes and reads.
    public static let formatVersion: Int64 = 1
    private static let format = "headroom-export"
    /// What every export begins with.
    private static let beginning = Array(#"{"format":"headroom-export""#.utf8)

    init(origin: String?, entryCount: UInt64, root: LedgerHash, secret: LedgerSecret?) {
        self.origin = origin
        self.entryCount = entryCount
        self.root = root
        self.secret = secret
    }

    /// Whether a file that begins with `bytes` is an export.
    public static func begins(_ bytes: [UInt8]) -> Bool { bytes.starts(with: beginning) }

    /// Whether more bytes may make a file that begins with `bytes` an export.
    public static func mayBegin(_ bytes: [UInt8]) -> Bool {
        bytes.count < beginning.count && beginning.starts(with: bytes)
    }

    /// The line's body.
    var body: [UInt8] {
        openObject { writer in
            writer.member("format", ExportHeader.format)
            writer.member("version", ExportHeader.formatVersion)
            writer.member("entry_encoding", Int64(EntryHeader.encodingVersion))
            writer.member("origin", origin)
            writer.key("entries")
            writer.integer(entryCount)
            writer.member("root", root.description)
            writer.member("secret", secret.map { base64($0.bytes) })
        }
    }

    /// Reads the line's body.
    init(_ body: ArraySlice<UInt8>) throws(ExportError) {
        guard let value = closedObject(body), value["format"] == .string(ExportHeader.format)
        else { throw .notAnExport }
        guard case .integer(let version)? = value["version"], version > 0 else {
            throw .changed(line: 1, entry: nil, what: "it tells no version")
        }
        guard version == ExportHeader.formatVersion else { throw .newerFormat(found: version) }
        guard let contents = ExportContents(value), let origin = value["origin"],
            let secret = value["secret"]
        else { throw .changed(line: 1, entry: nil, what: "a member is missing") }
        entryCount = contents.entryCount
        root = contents.root
        self.origin = origin.text
        self.secret = secret.text.flatMap { Base64.bytes(of: Array($0.utf8)[...]) }
            .flatMap(LedgerSecret.init(randomBytes:))
        guard (origin == .null) == (self.origin == nil), (secret == .null) == (self.secret == nil)
        else { throw .changed(line: 1, entry: nil, what: "a member is not what it should be") }
    }
}

/// The last line of an export, so that one that was cut short is noticed.
enum ExportTrailer {
    private static let format = "headroom-export"
    private static let beginning = Array(#"{"end":"headroom-export""#.utf8)

    /// Whether a line's body begins as that of a trailer does.
    static func begins(_ body: ArraySlice<UInt8>) -> Bool { body.starts(with: beginning) }

    /// The body of the line that ends an export with this header.
    static func body(of header: ExportHeader) -> [UInt8] {
        openObject { writer in
            writer.member("end", format)
            writer.key("entries")
            writer.integer(header.entryCount)
            writer.member("root", header.root.description)
        }
    }

    /// What a body says of the entries in front of it; `nil` if it says nothing.
    static func contents(_ body: ArraySlice<UInt8>) -> ExportContents? {
        closedObject(body).flatMap(ExportContents.init)
    }
}

/// What the first and the last line both tell.
struct ExportContents: Hashable {
    let entryCount: UInt64
    let root: LedgerHash

    init(_ header: ExportHeader) {
        entryCount = header.entryCount
        root = header.root
    }

    init?(_ value: JSONValue) {
        guard case .integer(let count)? = value["entries"], count >= 0,
            let digits = value["root"]?.text,
            let root = Hexadecimal.bytes(of: Array(digits.utf8)[...]).flatMap(LedgerHash.init)
        else { return nil }
        entryCount = UInt64(count)
        self.root = root
    }
}

extension JSONValue {
    /// The text of a string.
    var text: String? {
        guard case .string(let text) = self else { return nil }
        return text
    }
}

func base64(_ bytes: [UInt8]) -> String {
    var text: [UInt8] = []
    Base64.append(bytes, to: &text)
    return String(decoding: text, as: UTF8.self)
}

/// A line's body: an object that is not closed yet.
func openObject(_ members: (inout JSONWriter) -> Void) -> [UInt8] {
    var writer = JSONWriter()
    writer.beginObject()
    members(&writer)
    return writer.takeBytes()
}

/// The object that a line's body is once it is closed; `nil` if it is none.
func closedObject(_ body: ArraySlice<UInt8>) -> JSONValue? {
    do throws(Rejection) {
        return try JSONValue(body + [UInt8(ascii: "}")])
    } catch {
        return nil
    }
}
