// SPDX-License-Identifier: Apache-2.0
import EntryLog
import EntryLogConformance
import LedgerModel
import LedgerProofs

/// A log of orders, and its checkpoints.
struct PublishedSample: Sendable {
    let tree: StoredTree
    let key: NoteSigningKey
    private let leaves: [LedgerHash]

    /// A log of a number of entries; `change` makes some of them say something else.
    init(_ count: Int, changing change: (UInt64) -> UInt64 = { $0 }) throws {
        let log = InMemoryEntryLog()
        var builder = BatchBuilder(secret: SampleEntries.secret, frontier: MerkleFrontier())
        for number in 0..<UInt64(count) {
            var entry = SampleEntries.reservation(number)
            entry.content = SampleEntries.reservation(change(number)).content
            try builder.append(entry)
        }
        let head = try log.takeOver()
        _ = try log.append(builder.finish(previous: head), expecting: head)
        let source = LogLeaves(of: log, secret: SampleEntries.secret)
        tree = try StoredTree(source, frontier: try log.frontier())
        var leaves: [LedgerHash] = []
        try source.forEachRun(of: 0..<UInt64(count), takingInputs: false) { run in
            leaves += run.leaves
            return .next
        }
        self.leaves = leaves
        key = try sampleKey("ledger.example")
    }

    func checkpoint(_ size: Int, origin: String = "ledger.example") throws -> SignedCheckpoint {
        SignedCheckpoint(
            try Checkpoint(
                origin: origin,
                size: UInt64(size),
                root: plainRoot(leaves[..<size])
            ),
            signedWith: key
        )
    }

    /// Publishes the first entries.
    @discardableResult
    func publish(
        _ size: Int,
        to folder: String,
        isDurable: Bool = false,
        mayWrite: (@Sendable (String) -> Bool)? = nil
    ) throws -> Publication {
        var publisher = Publisher(to: folder)
        publisher.isDurable = isDurable
        publisher.mayWrite = mayWrite
        var tree = tree
        return try publisher.publish(try checkpoint(size), of: &tree)
    }

    /// What an audit says, with the signature's check in front as every reader makes it.
    func audit(_ folder: String) throws {
        let signed = try PublishedLog.checkpoint(in: folder)
        guard let signed else { throw PublicationError.nothingPublished(folder: folder) }
        do throws(ProofError) {
            try signed.note.requireSignature(of: key.verifierKey)
        } catch {
            throw PublicationError.checkpoint(path: "checkpoint", error)
        }
        var log = try PublishedLog(folder, at: signed)
        try log.audit()
    }
}

/// The file that an error names, within the published folder.
func namedFile(_ error: any Error) -> String? {
    switch error as? PublicationError {
    case .damaged(let path, _): path
    case .checkpoint(let path, _): path.split(separator: "/").last.map(String.init)
    default: nil
    }
}
