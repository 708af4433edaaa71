// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LedgerText

/// A line of an export, taken apart as far as every line is alike.
///
/// A line is a JSON object whose last member, `link`, is the SHA-256 of the line before's link and
/// of this line in front of `,"link":`. So a line that was changed, left out or moved is found
/// where it is, and the last link stands for the whole file.
struct ExportLine {
    /// The line in front of its link: an object that is not closed yet.
    let body: ArraySlice<UInt8>
    /// The link that the line holds.
    let link: LedgerHash

    /// What stands in the place of the link of a line in front of the first.
    static let firstLink = LedgerHash.zero

    /// The most bytes that a line may have: an entry of the greatest length, its text, and what an
    /// adopted file grows to when every byte of it is escaped.
    static let maximumByteCount = 1 << 20

    private static let beforeLink = Array(#","link":""#.utf8)
    private static let afterLink = Array(#""}"#.utf8)
    private static let digitCount = 2 * LedgerHash.byteCount

    /// How many bytes of each line its link takes.
    static let linkByteCount = beforeLink.count + digitCount + afterLink.count

    /// Takes a line apart, without the line feed at its end; `nil` if no export has such a line.
    init?(_ line: ArraySlice<UInt8>) {
        let tail = line.suffix(Self.linkByteCount)
        let digits = tail.dropFirst(Self.beforeLink.count).prefix(Self.digitCount)
        guard tail.count == Self.linkByteCount, tail.starts(with: Self.beforeLink),
            line.suffix(Self.afterLink.count).elementsEqual(Self.afterLink),
            let bytes = Hexadecimal.bytes(of: digits), let link = LedgerHash(bytes)
        else { return nil }
        body = line.dropLast(Self.linkByteCount)
        self.link = link
    }

    /// Whether the line is what was written behind a line with this link.
    func isLinked(to previous: LedgerHash) -> Bool { Self.link(of: body, after: previous) == link }

    /// The link of a line, given the one before.
    static func link(of body: ArraySlice<UInt8>, after previous: LedgerHash) -> LedgerHash {
        sha256(previous.bytes.span.rawBytes, body.span.rawBytes)
    }

    /// Appends a line to `text`: a body, its link and a line feed.
    static func append(
        _ body: ArraySlice<UInt8>,
        after previous: inout LedgerHash,
        to text: inout [UInt8]
    ) {
        previous = link(of: body, after: previous)
        text += body
        text += beforeLink
        Hexadecimal.append(previous.bytes, to: &text)
        text += afterLink
        text.append(UInt8(ascii: "\n"))
    }
}

/// The line of an entry.
///
/// `entry` shows it as `headroom log --json` does, `bytes` are its canonical bytes, and `salts` are
/// what is needed beside them to compute its leaf. The latter two are in Base64.
struct ExportedEntry {
    /// The entry in JSON.
    let shown: ArraySlice<UInt8>
    let bytes: [UInt8]
    let salts: SectionSalts

    private static let beforeShown = Array(#"{"entry":"#.utf8)
    private static let beforeBytes = Array(#","bytes":""#.utf8)
    private static let beforeSalts = Array(#"","salts":""#.utf8)
    private static let quote = UInt8(ascii: "\"")

    /// Takes the body of a line apart; `nil` if no entry has such a line.
    ///
    /// Read from its end, where nothing needs escapes, so that the JSON in front is not parsed.
    init?(_ body: ArraySlice<UInt8>) {
        let saltsCount = Base64.letterCount(ofBytes: SectionSalts.byteCount)
        guard body.starts(with: Self.beforeShown), body.last == Self.quote else { return nil }
        let saltsText = body.dropLast().suffix(saltsCount)
        let beforeSalts = body.dropLast(1 + saltsCount)
        guard beforeSalts.suffix(Self.beforeSalts.count).elementsEqual(Self.beforeSalts),
            let salts = Base64.bytes(of: saltsText).flatMap(SectionSalts.init)
        else { return nil }
        let withBytes = beforeSalts.dropLast(Self.beforeSalts.count)
        guard let opening = withBytes.lastIndex(of: Self.quote) else { return nil }
        let beforeBytes = withBytes[...opening]
        guard beforeBytes.suffix(Self.beforeBytes.count).elementsEqual(Self.beforeBytes),
            let bytes = Base64.bytes(of: withBytes[(opening + 1)...])
        else { return nil }
        shown = beforeBytes.dropFirst(Self.beforeShown.count).dropLast(Self.beforeBytes.count)
        self.bytes = bytes
        self.salts = salts
    }

    /// Whether a line's body begins as that of an entry does.
    static func begins(_ body: ArraySlice<UInt8>) -> Bool { body.starts(with: beforeShown) }

    /// Appends a body to `text`.
    static func append(
        shown: ArraySlice<UInt8>,
        bytes: [UInt8],
        salts: SectionSalts,
        to text: inout [UInt8]
    ) {
        text += beforeShown
        text += shown
        text += beforeBytes
        Base64.append(bytes, to: &text)
        text += beforeSalts
        Base64.append(salts.ownBytes + salts.sharedBytes, to: &text)
        text.append(quote)
    }
}
