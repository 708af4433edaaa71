// SPDX-License-Identifier: Apache-2.0

/// One run of a peer over a workload, before it is judged.
public struct PeerRun: Sendable {
    /// How the order in which the claims were decided is known.
    public enum Order: Sendable {
        /// They were decided in the order of the stream.
        case stream
        /// The position in the stream of the claim decided first, second and so on.
        case decided([Int])
        /// It is not known.
        case unknown
    }

    /// The outcome of each claim, by its position in the stream.
    public var outcomes: [Int8]
    /// In which order they were decided.
    public var order: Order
    /// What is used of each limit at the end, as the peer itself says.
    public var used: [Int64]
    /// How long deciding took; setting up is not in it.
    public var wallSeconds: Double
    /// The CPU time of this process meanwhile.
    public var clientSeconds: Double
    /// The CPU time of the server's processes meanwhile; `nil` without a server.
    public var serverSeconds: Double?
    /// How long each call took, where each call is one claim.
    public var callNanoseconds: [UInt64]?
    /// Bytes that the peer's own log has grown by for each claim, where that is known.
    public var bytesPerClaim: Double?

    /// Makes a run.
    public init(
        outcomes: [Int8],
        order: Order,
        used: [Int64],
        time: Stopwatch.Reading,
        serverSeconds: Double? = nil,
        callNanoseconds: [UInt64]? = nil,
        bytesPerClaim: Double? = nil
    ) {
        self.outcomes = outcomes
        self.order = order
        self.used = used
        wallSeconds = time.wallSeconds
        clientSeconds = time.cpuSeconds
        self.serverSeconds = serverSeconds
        self.callNanoseconds = callNanoseconds
        self.bytesPerClaim = bytesPerClaim
    }
}

/// Something that decides a workload, with one set of settings: a row of the table.
public protocol Peer: Sendable {
    /// What it is, such as `one mutex`.
    var name: String { get }
    /// What happens to a granted claim before its caller is told.
    var durability: Durability { get }
    /// Threads, tasks or connections that ask at once.
    var clientCount: Int { get }
    /// Claims in one call, transaction or pipeline.
    var batchCount: Int { get }
    /// Settings that the columns do not show.
    var settings: String { get }
    /// Decides all claims of a workload on fresh state.
    ///
    /// - Throws: what keeps the peer from working.
    func run(_ workload: PeerWorkload) throws(PeerError) -> PeerRun
}

/// What is safe when a caller is told.
public enum Durability: String, Sendable, Codable {
    /// Nothing: it is in memory.
    case none = "memory"
    /// It was synced to the disk before the caller was told.
    case synced = "synced"
    /// It is synced once a second: up to a second of answers can be lost.
    case everySecond = "every second"
}

/// A peer does not work.
public struct PeerError: Error, CustomStringConvertible, Sendable {
    /// What was tried and what came of it.
    public let description: String

    /// Makes an error.
    public init(_ description: String) { self.description = description }
}
