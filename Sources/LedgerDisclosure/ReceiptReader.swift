// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LedgerModel
import LedgerProofs
import LedgerText

/// A receipt's file taken apart; nothing is checked but its form.
struct ReceiptReader {
    /// An entry with the values that are told beside those that can be computed.
    struct Evidence {
        /// A section with what is told of it.
        struct Section {
            let name: String
            let section: DisclosedSection
            /// What stands for it in the leaf.
            let hash: LedgerHash
            /// The hash of its bytes alone; `nil` if it is not opened.
            let sum: LedgerHash?
        }

        let entry: DisclosedEntry
        let number: UInt64
        let headerSum: LedgerHash
        let sections: [Section]
        let leaf: LedgerHash
        /// `nil` of the receipt's own entry, whose way is in ``proof``.
        let path: [LedgerHash]?
    }

    let claims: [String: JSONValue]
    let evidence: [Evidence]
    let proof: TlogProof

    private static let members =
        ["format", "version"] + ReceiptClaims.names + ["evidence", "proof"]

    init(_ bytes: [UInt8]) throws(ReceiptFault) {
        guard bytes.count <= Receipt.maximumByteCount else {
            throw ReceiptFault(.layout, "it has more bytes than any receipt")
        }
        let value: JSONValue
        do throws(Rejection) {
            value = try JSONValue(bytes)
        } catch {
            throw ReceiptFault(.layout, error.description)
        }
        guard value["format"] == .string(Receipt.format), case .object(let members) = value else {
            throw ReceiptFault(.layout, "this is no receipt: 'headroom receipt' writes one")
        }
        guard case .integer(let version)? = value["version"], version > 0 else {
            throw ReceiptFault(.layout, "it tells no version")
        }
        guard version == Receipt.formatVersion else {
            throw ReceiptFault(
                .layout,
                "it is in format \(version), and this version reads format "
                    + "\(Receipt.formatVersion): if it is newer, upgrade headroom"
            )
        }
        try ReceiptReader.require(members, ReceiptReader.members, at: nil)
        guard case .array(let elements)? = value["evidence"], !elements.isEmpty,
            case .array(let lines)? = value["proof"]
        else { throw ReceiptFault(.layout, "it has no evidence") }
        claims = members
        var evidence: [Evidence] = []
        for (index, element) in elements.enumerated() {
            evidence.append(try ReceiptReader.evidence(element, at: index))
        }
        self.evidence = evidence
        proof = try ReceiptReader.proof(lines, of: String(evidence[0].number))
    }

    private static func proof(
        _ lines: [JSONValue],
        of entry: String
    ) throws(ReceiptFault) -> TlogProof {
        var text: [UInt8] = []
        for line in lines {
            guard case .string(let line) = line else {
                throw ReceiptFault(.layout, "proof: found no text, expected lines")
            }
            text += Array(line.utf8) + [UInt8(ascii: "\n")]
        }
        let proof: TlogProof
        do throws(ProofError) {
            proof = try TlogProof(text)
        } catch {
            let part: ReceiptPart =
                switch error {
                case .malformed(.inclusionProof, _, _): .path(entry)
                case .malformed(.checkpoint, _, _): .checkpoint
                default: .signature
                }
            throw ReceiptFault(part, error.description)
        }
        guard proof.extra == nil else {
            throw ReceiptFault(.path(entry), "it has extra data, which nothing vouches for")
        }
        return proof
    }

    private static func evidence(
        _ value: JSONValue,
        at index: Int
    ) throws(ReceiptFault) -> Evidence {
        let place = "evidence[\(index)]"
        guard case .object(let members) = value else {
            throw ReceiptFault(.layout, "\(place): found no object")
        }
        try require(members, ["number", "header", "own", "shared", "leaf", "path"], at: place)
        guard case .integer(let stated)? = value["number"], let number = UInt64(exactly: stated)
        else { throw ReceiptFault(.layout, "\(place).number: found no number") }
        let name = String(number)
        let header = try header(of: value, name, at: place)
        let own = try section("own", of: value, header.bytes, name, at: place)
        let shared = try section("shared", of: value, header.bytes, name, at: place)
        guard let leaf = value["leaf"]?.hash else {
            throw ReceiptFault(.leaf(name), noHash)
        }
        return Evidence(
            entry: DisclosedEntry(
                headerBytes: header.bytes,
                own: own.section,
                shared: shared.section
            ),
            number: number,
            headerSum: header.sum,
            sections: [own, shared],
            leaf: leaf,
            path: try path(value["path"], name, isFirst: index == 0)
        )
    }

    private static func header(
        of value: JSONValue,
        _ entry: String,
        at place: String
    ) throws(ReceiptFault) -> (bytes: [UInt8], sum: LedgerHash) {
        let members = try members(of: value["header"], ["sha256", "bytes"], at: "\(place).header")
        guard let sum = members["sha256"]?.hash else {
            throw ReceiptFault(.header(entry), noHash)
        }
        guard let header = members["bytes"]?.bytes, header.count == EntryHeader.byteCount else {
            throw ReceiptFault(
                .header(entry),
                "found no \(EntryHeader.byteCount) bytes in Base64"
            )
        }
        return (header, sum)
    }

    private static func path(
        _ value: JSONValue?,
        _ name: String,
        isFirst: Bool
    ) throws(ReceiptFault) -> [LedgerHash]? {
        if isFirst {
            guard value == .null else {
                throw ReceiptFault(.path(name), "the entry's own stands in 'proof'")
            }
            return nil
        }
        guard case .array(let elements)? = value, elements.count <= 64 else {
            throw ReceiptFault(.path(name), "found no list of hashes")
        }
        var hashes: [LedgerHash] = []
        for element in elements {
            guard let hash = element.bytes.flatMap(LedgerHash.init) else {
                throw ReceiptFault(.path(name), "found no 32 bytes in Base64")
            }
            hashes.append(hash)
        }
        return hashes
    }

    private static func section(
        _ name: String,
        of value: JSONValue,
        _ header: [UInt8],
        _ entry: String,
        at place: String
    ) throws(ReceiptFault) -> Evidence.Section {
        let isOpened = value[name]?["bytes"] != nil
        let isRedacted = value[name]?["person"] != nil
        let opened = isRedacted ? ["person", "text"] : ["salt"]
        let members = try members(
            of: value[name],
            isOpened ? ["hash", "sha256"] + opened + ["bytes"] : ["hash"],
            at: "\(place).\(name)"
        )
        guard let hash = members["hash"]?.hash else {
            throw ReceiptFault(.sectionHash(name, of: entry), noHash)
        }
        guard isOpened else {
            return Evidence.Section(name: name, section: .committed(hash), hash: hash, sum: nil)
        }
        guard let sum = members["sha256"]?.hash else {
            throw ReceiptFault(.section(name, of: entry), noHash)
        }
        if isRedacted {
            let personal = try personal(members, name, entry)
            guard let rest = members["bytes"]?.bytes else {
                throw ReceiptFault(.section(name, of: entry), "found no Base64")
            }
            return Evidence.Section(
                name: name,
                section: .redacted(personal, rest: rest),
                hash: hash,
                sum: sum
            )
        }
        guard let salt = members["salt"]?.bytes, salt.count == SectionSalts.sectionByteCount else {
            throw ReceiptFault(
                .salt(name, of: entry),
                "found no \(SectionSalts.sectionByteCount) bytes in Base64"
            )
        }
        guard let bytes = members["bytes"]?.bytes else {
            throw ReceiptFault(.section(name, of: entry), "found no Base64")
        }
        let section = DisclosedSection(
            bytes: bytes,
            salt: salt,
            isOwn: name == "own",
            ofHeader: header
        )
        return Evidence.Section(name: name, section: section, hash: hash, sum: sum)
    }

    /// What is left of what was personal in a section.
    private static func personal(
        _ members: [String: JSONValue],
        _ name: String,
        _ entry: String
    ) throws(ReceiptFault) -> PersonalCommitment {
        let text = members["text"]?.hash
        guard let person = members["person"]?.hash, text != nil || members["text"] == .null else {
            throw ReceiptFault(.salt(name, of: entry), noHash)
        }
        return PersonalCommitment(person: person, text: text)
    }

    private static func members(
        of value: JSONValue?,
        _ names: [String],
        at place: String
    ) throws(ReceiptFault) -> [String: JSONValue] {
        guard case .object(let members)? = value else {
            throw ReceiptFault(.layout, "\(place): found no object")
        }
        try require(members, names, at: place)
        return members
    }

    private static let noHash = "found no 64 hexadecimal digits"

    private static func require(
        _ members: [String: JSONValue],
        _ names: [String],
        at place: String?
    ) throws(ReceiptFault) {
        let path = place.map { "\($0)." } ?? ""
        for name in members.keys.sorted() where !names.contains(name) {
            throw ReceiptFault(.layout, "\(path)\(name): a receipt has no such member")
        }
        for name in names where members[name] == nil {
            throw ReceiptFault(.layout, "\(path)\(name): it is missing")
        }
    }
}

extension JSONValue {
    /// The bytes that a string stands for in Base64.
    fileprivate var bytes: [UInt8]? {
        guard case .string(let text) = self else { return nil }
        return Base64.bytes(of: Array(text.utf8)[...])
    }

    /// The hash that a string stands for in hexadecimal digits.
    fileprivate var hash: LedgerHash? {
        guard case .string(let text) = self else { return nil }
        return Hexadecimal.bytes(of: Array(text.utf8)[...]).flatMap(LedgerHash.init)
    }
}
