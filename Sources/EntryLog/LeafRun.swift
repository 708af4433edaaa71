// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// The leaves of entries that follow each other.
public struct LeafRun: Sendable {
    /// The number of the first entry.
    public let first: UInt64
    /// The leaves.
    public let leaves: [LedgerHash]
    /// What they are the hashes of, each framed as in a bundle of entries; none if it was not wanted.
    public let inputs: [UInt8]

    /// Makes a run.
    public init(first: UInt64, leaves: [LedgerHash], inputs: [UInt8] = []) {
        self.first = first
        self.leaves = leaves
        self.inputs = inputs
    }
}

/// Where the leaves of a log's tree come from.
///
/// Any thread may use one; it blocks.
public protocol LeafSource: Sendable {
    /// Gives the leaves of a range of entries, all of them in the log, to `body`: run after run, in
    /// order, until it says stop.
    func forEachRun(
        of range: Range<UInt64>,
        takingInputs: Bool,
        _ body: (LeafRun) -> ReadStep
    ) throws(EntryLogError)
}

/// The leaves of a log, hashed from its entries when they are asked for.
public struct LogLeaves: LeafSource {
    private let log: any EntryLog
    private let hasher: LeafHasher

    /// Up to so many leaves a fan-out costs more than it saves.
    private static let serialCount = 512

    /// Makes a source.
    ///
    /// - Parameters:
    ///   - log: The log.
    ///   - secret: The log's secret.
    public init(of log: any EntryLog, secret: LedgerSecret) {
        self.log = log
        hasher = LeafHasher(secret: secret)
    }

    /// Gives the leaves of a range of entries, hashed on all cores.
    public func forEachRun(
        of range: Range<UInt64>,
        takingInputs: Bool,
        _ body: (LeafRun) -> ReadStep
    ) throws(EntryLogError) {
        guard !range.isEmpty else { return }
        // A few leaves are found faster than a batch is cut into parts.
        let isSmall = range.count <= LogLeaves.serialCount
        let hasher = hasher
        try log.read(from: EntryNumber(rawValue: range.lowerBound)) {
            header,
            batch throws(EntryLogError) in
            let runs = try BatchReader.map(
                batch,
                partEntryCount: isSmall ? .max : BatchReader.leastPartEntryCount
            ) { batch, part throws(EntryLogError) in
                try LogLeaves.run(of: part, in: batch, range, takingInputs, hasher)
            }
            for run in runs where !run.leaves.isEmpty {
                guard case .next = body(run) else { return .stop }
            }
            return header.next < range.upperBound ? .next : .stop
        }
    }

    /// The leaves of those entries of a part that are in a range.
    private static func run(
        of part: BatchReader.Part,
        in batch: RawSpan,
        _ range: Range<UInt64>,
        _ takesInputs: Bool,
        _ hasher: LeafHasher
    ) throws(EntryLogError) -> LeafRun {
        let first = part.first.rawValue
        let wanted = range.clamped(to: first..<first + UInt64(part.entryCount))
        var leaves: [LedgerHash] = []
        guard !wanted.isEmpty else { return LeafRun(first: first, leaves: leaves) }
        leaves.reserveCapacity(wanted.count)
        var inputs = ByteBuffer(
            capacity: takesInputs ? wanted.count * LeafInput.framedByteCount : 0
        )
        try BatchReader.forEachEntry(in: batch, part) { number, entry throws(EntryLogError) in
            guard number.rawValue < wanted.upperBound else { return .stop }
            guard number.rawValue >= wanted.lowerBound else { return .next }
            let input = try hasher.input(of: entry)
            leaves.append(input.leaf)
            if takesInputs { input.appendFramed(to: &inputs) }
            return .next
        }
        return LeafRun(first: wanted.lowerBound, leaves: leaves, inputs: inputs.takeBytes())
    }
}
