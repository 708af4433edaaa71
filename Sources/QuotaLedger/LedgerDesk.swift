// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// A kind of work that one thread at a time does.
///
/// Whoever has the duty does it, whichever thread it
/// is, and passes it on or lays it down.
enum LedgerDuty: Hashable, Sendable {
    /// Taking submissions and running the core. Laid down by sleeping, or because there is no room.
    case decide
    /// Appending to the log, reading from it.
    case write
    /// Telling callers, in order, and publishing.
    case tell
}

/// The driver with what it wants done, sorted by duty, and who has which duty.
///
/// What is done with it takes a few lines; none of the work itself is done while it is locked. Being
/// filed in the order in which the driver says it, work of one duty is done in that order.
struct LedgerDesk: Sendable {
    typealias Driver = LedgerDriver<Ledger.Completion>

    /// What the decider is to do, between two batches.
    enum Deciding: Sendable {
        case decide([PreparedOperation])
        case copyState
        /// Something that is asked of the core and changes nothing that is recorded.
        case inquire(@Sendable (inout LedgerCore) -> Void)
    }

    enum Writing: Sendable {
        case write([DecidedEntries])
        case recall([EntryNumber])
        case handOver(isDurable: Bool)
    }

    enum Telling: Sendable {
        case publish(BatchPublication)
        case deliver(LedgerDeliveries<Ledger.Completion>)
    }

    private(set) var driver: Driver
    private(set) var toDecide: [Deciding] = []
    private(set) var toWrite: [Writing] = []
    private(set) var toTell: [Telling] = []
    /// Whether nobody decides because too much is decided and not yet durable.
    private var isDeciderBlocked = false
    /// Whether somebody writes.
    private(set) var isWriting = false
    private var isTelling = false

    init(_ driver: Driver) { self.driver = driver }

    /// Lets something happen to the driver, and files what it wants done.
    mutating func happen(_ event: (inout Driver) -> [Driver.Effect]) {
        for effect in event(&driver) {
            switch effect {
            case .decide(let operations): toDecide.append(.decide(operations))
            case .copyState: toDecide.append(.copyState)
            case .write(let entries): toWrite.append(.write(entries))
            case .recall(let numbers): toWrite.append(.recall(numbers))
            // The writer stands where the copy ends until it does what is filed next.
            case .handOver(let isDurable): toWrite.append(.handOver(isDurable: isDurable))
            case .publish(let publication): toTell.append(.publish(publication))
            case .deliver(let deliveries): toTell.append(.deliver(deliveries))
            }
        }
    }

    /// Says whether it was not closed before.
    mutating func close() -> Bool { driver.close() }

    mutating func ask(_ question: @escaping @Sendable (inout LedgerCore) -> Void) {
        toDecide.append(.inquire(question))
    }

    // MARK: - Taking up a duty

    /// Takes up deciding if it was laid down for want of room and there is something to do.
    ///
    /// - Parameter operationCount: How many operations are known to wait.
    /// - Returns: Whether it was taken up.
    mutating func takeUpDeciding(for operationCount: Int = 0) -> Bool {
        guard isDeciderBlocked, !toDecide.isEmpty || driver.hasRoom(for: operationCount) else {
            return false
        }
        isDeciderBlocked = false
        return true
    }

    /// Takes up writing if nobody has it and there is something to write.
    mutating func takeUpWriting() -> Bool {
        guard !isWriting, !toWrite.isEmpty else { return false }
        isWriting = true
        return true
    }

    /// Takes up telling if nobody has it and there is something to tell.
    mutating func takeUpTelling() -> Bool {
        guard !isTelling, !toTell.isEmpty else { return false }
        isTelling = true
        return true
    }

    /// Whether at most one caller is to be told something.
    var isTellingBrief: Bool {
        toTell.reduce(0) { count, item in
            if case .deliver(let deliveries) = item {
                count + deliveries.callerCount
            } else {
                count
            }
        } <= 1
    }

    // MARK: - For whoever has the duty

    mutating func nextToDecide() -> Deciding? { toDecide.isEmpty ? nil : toDecide.removeFirst() }

    /// Lays deciding down until there is room.
    mutating func blockDeciding() { isDeciderBlocked = true }

    /// The next thing to write; if there is none, writing is laid down.
    mutating func nextToWrite() -> Writing? {
        isWriting = !toWrite.isEmpty
        return toWrite.isEmpty ? nil : toWrite.removeFirst()
    }

    /// All there is to tell; if there is nothing, telling is laid down.
    mutating func takeToTell() -> [Telling] {
        isTelling = !toTell.isEmpty
        defer { toTell = [] }
        return toTell
    }
}
