// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerDisclosure
import LedgerModel
import LedgerProofs
import Testing

/// A log with an entry of each kind, and the key that signs its heads.
struct SampleLedger {
    let log = InMemoryEntryLog()
    let key: NoteSigningKey
    let checkpoint: SignedCheckpoint
    private let hashes: TreeHashesInMemory

    static let vendor = OrganisationIdentifier(checked: "bis")

    /// Makes one of entries, some of them without what is personal.
    init(
        _ entries: [Entry] = SampleLedger.entries(),
        redacting numbers: Set<EntryNumber> = []
    ) throws {
        let secret = SampleEntries.secret
        var builder = BatchBuilder(secret: secret, frontier: MerkleFrontier())
        let hasher = LeafHasher(secret: secret)
        var leaves: [LedgerHash] = []
        var buffer = ByteBuffer()
        for entry in entries {
            try builder.append(entry)
            buffer.removeAll()
            try EntryCodec.encode(entry, into: &buffer)
            leaves.append(try hasher.leaf(of: buffer.bytes))
        }
        let head = try log.takeOver()
        var batch = builder.finish(previous: head)
        if !numbers.isEmpty {
            let bytes = batch.bytes
            batch = batch.redacted(
                as: try RedactedBatch(bytes.span.rawBytes, redacting: numbers, hasher: hasher)
            )
        }
        _ = try log.append(batch, expecting: head)
        hashes = TreeHashesInMemory(leaves: leaves)
        key = try SampleLedger.signingKey()
        checkpoint = SignedCheckpoint(
            try Checkpoint(
                origin: SampleLedger.origin,
                size: UInt64(entries.count),
                root: batch.frontier.root
            ),
            signedWith: key
        )
    }

    /// The sample entries; the first ones may say something else.
    static func entries(
        totals: TotalsDisclosure = .open,
        rulebook: [UInt8]? = nil
    ) -> [Entry] {
        var entries = SampleEntries.golden.map(\.entry)
        entries[0].content.change { record in
            guard case .createLedger(var creation) = record.action else { return }
            creation.disclosure = totals
            record.action = .createLedger(creation)
        }
        if let rulebook {
            entries[1].content.change {
                $0.action = .adoptRulebook(RulebookAdoption(bytes: rulebook))
            }
        }
        return entries
    }

    /// The first sample entries, and one by which the key that signs took another's place.
    static func rotated(totals: TotalsDisclosure) throws -> [Entry] {
        var entries = Array(entries(totals: totals).prefix(3))
        let (name, size) = (try NoteKeyName(origin), UInt64(entries.count))
        let rotation = try RotationStatement(
            origin: origin,
            size: size,
            from: NoteSigningKey(name: name, seed: Array(repeating: 6, count: 32)),
            to: signingKey()
        ).rotation
        try RotationStatement.check(rotation, of: origin, at: EntryNumber(rawValue: size))
        guard let sample = SampleEntries.all.first(where: { $0.name == "rotate-key" }) else {
            preconditionFailure("there is a sample of each kind")
        }
        var entry = sample.entry
        entry.number = EntryNumber(rawValue: size)
        entry.content.change { $0.action = Action.rotateKey(rotation) }
        entries.append(entry)
        return entries
    }

    private static func signingKey() throws -> NoteSigningKey {
        try NoteSigningKey(
            name: NoteKeyName(origin),
            seed: Array(repeating: 7, count: 32)
        )
    }

    /// The ledger's name, as entry 0 of the samples tells it.
    static let origin: String = {
        guard case .operation(let record) = SampleEntries.golden[0].entry.content,
            case .createLedger(let creation) = record.action
        else { preconditionFailure("the first sample creates a ledger") }
        return creation.origin.text
    }()

    func receipt(
        of number: UInt64,
        for reader: DisclosureReader = .authority
    ) throws -> Receipt {
        let draft = try ReceiptDraft(
            of: EntryNumber(rawValue: number),
            in: log,
            secret: SampleEntries.secret,
            for: reader
        )
        var hashes = hashes
        let proofs = draft.numbers.map {
            InclusionProof(index: $0, size: checkpoint.checkpoint.size, from: &hashes)
        }
        return try draft.receipt(proofs: proofs, checkpoint: checkpoint)
    }

    var verifier: ReceiptVerifier { ReceiptVerifier(keys: [key.verifierKey]) }
}

extension EntryContent {
    mutating func change(_ body: (inout OperationRecord) -> Void) {
        guard case .operation(var record) = self else { return }
        body(&record)
        self = .operation(record)
    }
}

/// What a verifier finds, or `nil`.
func foundFault(_ bytes: [UInt8], by verifier: ReceiptVerifier) -> ReceiptFault? {
    do throws(ReceiptFault) {
        _ = try verifier.verify(bytes)
        return nil
    } catch {
        return error
    }
}
