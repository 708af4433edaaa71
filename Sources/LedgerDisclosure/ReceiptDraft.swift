// SPDX-License-Identifier: Apache-2.0
public import EntryLog
public import LedgerModel
public import LedgerProofs

/// A receipt that lacks its proofs: what is to be proven.
///
/// Reads the batches around the entry, its hold's reservation and what it rests on, and nothing else
/// of the log, however long that is.
public struct ReceiptDraft: Sendable {
    private let entry: DisclosedEntry
    private let grounds: [(number: EntryNumber, entry: DisclosedEntry)]
    private let number: EntryNumber

    /// Begins a receipt of an entry for a reader.
    ///
    /// The grounds are opened whole: they are the law by which the entry was decided, and name who
    /// adopted it.
    ///
    /// - Throws: ``ReceiptError`` if there is nothing to make it of, or the log fails.
    public init(
        of number: EntryNumber,
        in log: any EntryLog,
        secret: LedgerSecret,
        for reader: DisclosureReader
    ) throws(ReceiptError) {
        let found = try FoundEntry(number, in: log)
        let first = try FoundEntry(EntryNumber(rawValue: 0), in: log)
        guard let creation = first.entry.creation else {
            throw .notALedger(what: "entry 0 does not create a ledger")
        }
        let rule = Disclosure(to: reader, totals: creation.disclosure)
        let owner = try found.entry.content.hold.map { hold throws(ReceiptError) in
            try FoundEntry(hold, in: log).entry.actor.organisation
        }
        let sections = rule.sections(of: found.entry, holdOwner: owner)
        if sections.isEmpty, case .vendor(let vendor) = reader {
            throw .notForReader(number, vendor)
        }
        let hasher = LeafHasher(secret: secret)
        self.number = number
        entry = try found.disclosed(hasher, sections)
        var grounds: [(EntryNumber, DisclosedEntry)] = []
        if let adoption = found.entry.rulebook, adoption != number {
            let adopted = try FoundEntry(adoption, in: log)
            guard adopted.entry.adoptedRulebook != nil else {
                throw .notALedger(what: "entry \(adoption) adopts no rulebook")
            }
            grounds.append((adoption, try adopted.disclosed(hasher, [.own, .shared])))
        }
        if number.rawValue != 0 {
            grounds.append((first.entry.number, try first.disclosed(hasher, [.own, .shared])))
        }
        self.grounds = grounds
    }

    /// The entries whose way to the root is wanted, in order: the entry, then its grounds.
    public var numbers: [UInt64] { [number.rawValue] + grounds.map(\.number.rawValue) }

    /// Completes the receipt.
    ///
    /// - Parameters:
    ///   - proofs: The ways to the root of the checkpoint, one for each of ``numbers``.
    ///   - checkpoint: The checkpoint.
    /// - Returns: The receipt.
    /// - Throws: ``ReceiptError/notCovered(_:size:)`` if the checkpoint is older than the entry.
    public func receipt(
        proofs: [InclusionProof],
        checkpoint: SignedCheckpoint
    ) throws(ReceiptError) -> Receipt {
        let size = checkpoint.checkpoint.size
        guard number.rawValue < size else { throw .notCovered(number, size: size) }
        precondition(proofs.map(\.index) == numbers, "each entry has its own proof")
        return Receipt(
            entry: entry,
            proof: TlogProof(proofs[0], checkpoint),
            grounds: zip(grounds, proofs.dropFirst()).map {
                Receipt.Ground(entry: $0.entry, path: $1)
            }
        )
    }
}

/// An entry with its bytes.
private struct FoundEntry {
    let entry: Entry
    private let bytes: [UInt8]

    init(_ number: EntryNumber, in log: any EntryLog) throws(ReceiptError) {
        let found: [UInt8]?
        let next: UInt64
        do throws(EntryLogError) {
            found = try log.entryBytes(number)
            next = try log.head().next
        } catch {
            throw .log(error)
        }
        guard let found else { throw .noEntry(number, next: next) }
        bytes = found
        do throws(EntryLogError) {
            entry = try EntryCodec.decode(found.span.rawBytes)
        } catch {
            throw .log(error)
        }
    }

    func disclosed(
        _ hasher: LeafHasher,
        _ sections: EntrySections
    ) throws(ReceiptError) -> DisclosedEntry {
        do throws(EntryLogError) {
            return try DisclosedEntry(
                bytes,
                salts: hasher.salts(of: entry.number),
                opening: sections
            )
        } catch {
            throw .log(error)
        }
    }
}
