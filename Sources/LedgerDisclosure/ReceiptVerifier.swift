// SPDX-License-Identifier: Apache-2.0
public import EntryLog
public import LedgerModel
public import LedgerProofs
import LedgerText
public import Rulebook

/// What a receipt says once all of it is proven.
public struct VerifiedReceipt: Sendable {
    /// The receipt.
    public let receipt: Receipt
    /// What its entry tells.
    public let reading: EntryReading
    /// The ledger's settings.
    public let creation: LedgerCreation
    /// The entry that adopted the rulebook in force, with the rulebook's file.
    fileprivate let adoption: (number: EntryNumber, file: [UInt8])?
    /// The signatures under the checkpoint.
    public let signatures: [VerifiedSignature]

    /// The rulebook in force, where there was one and this version can read it.
    ///
    /// Read when it is asked for: what the receipt itself tells of it is checked without.
    public var rulebook: Rulebook? {
        guard let adoption else { return nil }
        do throws(RulebookError) {
            return try Rulebook.load(bytes: adoption.file, fileName: "entry \(adoption.number)")
        } catch {
            return nil
        }
    }
    /// The SHA-256 of the rulebook's file.
    public var rulebookHash: LedgerHash? { adoption.map { hash($0.file) } }

    /// What the ledger signed.
    public var checkpoint: Checkpoint { receipt.proof.checkpoint.checkpoint }
}

/// Checks receipts by keys that are trusted; needs no ledger and no network.
///
/// Any altered byte is found, and named if it is the only one that was altered.
public struct ReceiptVerifier: Sendable {
    private let keys: [NoteVerifierKey]

    /// Makes a verifier that trusts these keys: the ledger's, and those of witnesses.
    public init(keys: [NoteVerifierKey]) { self.keys = keys }

    /// Checks all of a receipt's file.
    ///
    /// The order is: the form, the signatures, each entry's way to the signed root, what the
    /// entries say, and at last whether the clear text says the same.
    ///
    /// - Throws: The first thing that is wrong.
    public func verify(_ bytes: [UInt8]) throws(ReceiptFault) -> VerifiedReceipt {
        let read = try ReceiptReader(bytes)
        let signatures = try checkSignatures(read)
        for evidence in read.evidence { try EvidenceCheck(evidence, under: read.proof).run() }
        let receipt = read.receipt
        let claims = try ReceiptEvidence(receipt).claims
        guard claims.creation.origin.text == claims.checkpoint.origin else {
            throw ReceiptFault(
                .checkpoint,
                "it is of '\(claims.checkpoint.origin)', and the entries are of the ledger "
                    + "'\(claims.creation.origin)'"
            )
        }
        let expected = receipt.bytes(claiming: claims)
        guard bytes == expected else { throw ReceiptVerifier.difference(bytes, expected) }
        return VerifiedReceipt(
            receipt: receipt,
            reading: claims.reading,
            creation: claims.creation,
            adoption: claims.adoption,
            signatures: signatures
        )
    }

    private func checkSignatures(
        _ read: ReceiptReader
    ) throws(ReceiptFault) -> [VerifiedSignature] {
        let note = read.proof.checkpoint.note
        do throws(ProofError) {
            let verified = try note.verifiedSignatures(by: keys)
            let origin = read.proof.checkpoint.checkpoint.origin
            guard let key = keys.first(where: { $0.algorithm == .ed25519 }) else {
                throw .notSigned(expected: origin)
            }
            guard verified.contains(where: { $0.key.algorithm == .ed25519 }) else {
                // Says which key would have had to sign.
                try note.requireSignature(of: key)
                return verified
            }
            // What no key vouches for might have been altered.
            for signature in note.signatures where !keys.contains(where: signature.isOf) {
                throw .notSigned(expected: "'\(signature.name)', of whom no key was given,")
            }
            return verified
        } catch {
            // Where the clear text has what was signed, the signature was altered.
            guard read.headIsClaimed else {
                throw ReceiptFault(
                    .checkpoint,
                    "it says something else than 'head', and \(error.description)"
                )
            }
            throw ReceiptFault(.signature, error.description)
        }
    }

    /// What is first said otherwise than the proven bytes say.
    private static func difference(_ bytes: [UInt8], _ expected: [UInt8]) -> ReceiptFault {
        if let (found, said) = values(bytes, expected),
            let difference = found.difference(from: said, at: "")
        {
            return ReceiptFault(
                .claim(difference.place),
                "found \(difference.found), and the proven bytes say \(difference.expected)"
            )
        }
        let newline = UInt8(ascii: "\n")
        let same = zip(bytes, expected).prefix { $0 == $1 }
        let line = same.count { $0.0 == newline } + 1
        return ReceiptFault(
            .layout,
            "line \(line) is not written as a receipt's is, although it says the same"
        )
    }

    private static func values(
        _ bytes: [UInt8],
        _ expected: [UInt8]
    ) -> (found: JSONValue, said: JSONValue)? {
        do throws(Rejection) {
            return (try JSONValue(bytes), try JSONValue(expected))
        } catch {
            return nil
        }
    }
}

extension ReceiptReader {
    /// The receipt without what was told beside it.
    var receipt: Receipt {
        Receipt(
            entry: evidence[0].entry,
            proof: proof,
            grounds: evidence.dropFirst().map { evidence in
                Receipt.Ground(
                    entry: evidence.entry,
                    path: InclusionProof(
                        index: evidence.number,
                        size: proof.proof.size,
                        hashes: evidence.path ?? []
                    )
                )
            }
        )
    }

    /// Whether the clear text tells the checkpoint's name, size and root.
    var headIsClaimed: Bool {
        guard let head = claims["head"] else { return false }
        let checkpoint = proof.checkpoint.checkpoint
        return head["origin"] == .string(checkpoint.origin)
            && head["entries"] == .integer(Int64(clamping: checkpoint.size))
            && head["root"] == .string(checkpoint.root.description)
            && checkpoint.extensionLines.isEmpty
    }
}

extension JSONValue {
    /// The first value that differs, with its place.
    fileprivate func difference(
        from other: JSONValue,
        at place: String
    ) -> (place: String, found: String, expected: String)? {
        switch (self, other) {
        case (.object(let members), .object(let others)):
            for name in Set(members.keys).union(others.keys).sorted() {
                let deeper = place.isEmpty ? name : "\(place).\(name)"
                guard let found = members[name] else {
                    return (deeper, "nothing", others[name].shown)
                }
                guard let said = others[name] else { return (deeper, found.shown, "nothing") }
                if let difference = found.difference(from: said, at: deeper) { return difference }
            }
            return nil
        case (.array(let elements), .array(let others)) where elements.count == others.count:
            for (index, pair) in zip(elements, others).enumerated() {
                if let difference = pair.0.difference(from: pair.1, at: "\(place)[\(index)]") {
                    return difference
                }
            }
            return nil
        default: return self == other ? nil : (place, shown, other.shown)
        }
    }

    /// A value as a message shows it.
    fileprivate var shown: String {
        switch self {
        case .string(let text): "'\(text)'"
        case .integer(let number): String(number)
        case .boolean(let value): String(value)
        case .null: "nothing"
        case .array(let elements): "a list of \(elements.count)"
        case .object: "an object"
        }
    }
}

extension JSONValue? {
    fileprivate var shown: String { self?.shown ?? "nothing" }
}
