// SPDX-License-Identifier: Apache-2.0

import AllocationKernel
public import LedgerModel

/// The headroom of one limit, for anybody to look at while the ledger works.
///
/// It shows what was left after the newest durable batch, under the law of that batch's newest entry:
/// never what is decided and not durable, and never less than what an answer rests on that was given
/// for a whole batch. Looks at several gauges can be of different batches: they tell what may fit, and
/// only a reservation tells what does; ``Ledger/check(_:)`` names the limits that an order meets.
///
/// Use it from any thread: a look is wait-free, two loads, whatever others do.
public struct LimitGauge: Sendable {
    /// The limit.
    public let name: LimitName
    private let board: LimitBoard
    private let place: LimitIndex

    init(name: LimitName, board: LimitBoard, place: LimitIndex) {
        self.name = name
        self.board = board
        self.place = place
    }

    /// What is left of the limit, zero where it is in breach; `nil` while there is no such limit.
    ///
    /// There is none while no rulebook in force defines it, of a country that it counts as another, of
    /// a party that is not known or has joined another group, and for a share while the group has no
    /// status.
    @inlinable public var headroom: TPP? {
        let room = room
        return room == Self.undefinedRoom ? nil : TPP(rawValue: max(0, room))
    }

    /// Whether the limit had room for an amount above zero; false while there is no such limit.
    @inlinable public func holds(_ amount: TPP) -> Bool { amount.rawValue <= room }

    @usableFromInline var room: Int64 { board.room(of: place) }

    /// What the board shows of a limit that is not there.
    @usableFromInline static var undefinedRoom: Int64 { .min }
}

extension Ledger {
    /// Gauges of some limits, in their order.
    ///
    /// Blocks until everything that was submitted before is durable. A limit that was gauged once is
    /// followed for as long as the ledger is open: it costs the decider some nanoseconds a batch.
    ///
    /// - Throws: ``LedgerError`` if the ledger has failed.
    public func gauges(of limits: [LimitName]) throws(LedgerError) -> [LimitGauge] {
        let places = inquire { core in limits.map { core.gauged.follow($0) } }
        // The batch that this comes to carries the first readings past everything before it.
        drain()
        if let failure = desk.withLock({ $0.driver.failure }) { throw failure }
        return zip(limits, places).map { LimitGauge(name: $0, board: board, place: $1) }
    }
}
