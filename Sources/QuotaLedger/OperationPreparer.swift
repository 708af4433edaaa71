// SPDX-License-Identifier: Apache-2.0

import EntryLog
package import LedgerModel

/// Prepares operations for a core: what takes time and needs nothing of the ledger's state.
///
/// A value with memory that it uses over and over: one for each thread, as many as are wanted. A
/// core takes what was prepared under its own key only; it hands out a preparer that has it,
/// ``LedgerCore/preparer``.
package struct OperationPreparer: Sendable {
    private(set) var hasher: OperationHasher

    /// Makes a preparer.
    ///
    /// - Parameter key: The key of the hashes by which the core finds operations and names.
    package init(key: HashKey) { hasher = OperationHasher(key: key) }

    /// The key under which it prepares.
    package var key: HashKey { hasher.key }

    /// Prepares an operation.
    ///
    /// O(bytes of the operation); about a quarter of a microsecond for an order. Blocks on nothing.
    package mutating func prepare(_ asked: Operation) -> PreparedOperation {
        let operation = asked.normalized
        do throws(Rejection) {
            try OperationShape.check(operation.action)
            return PreparedOperation(
                operation: operation,
                fault: nil,
                hashes: OperationHashes(
                    name: hasher.name(operation.actor.organisation, operation.id),
                    content: try content(of: operation.action),
                    hasText: operation.action.freeText != nil
                ),
                reservation: reservation(of: operation.action),
                keyMark: key.mark
            )
        } catch {
            let none = Hash128(low: 0, high: 0)
            return PreparedOperation(
                operation: operation,
                fault: .rejection(error),
                hashes: OperationHashes(name: none, content: none),
                reservation: nil,
                keyMark: key.mark
            )
        }
    }

    /// Prepares operations, in their order.
    ///
    /// Several threads may do so with one preparer.
    package func prepared(_ operations: some Collection<Operation>) -> [PreparedOperation] {
        var preparer = self
        var prepared: [PreparedOperation] = []
        prepared.reserveCapacity(operations.count)
        for operation in operations { prepared.append(preparer.prepare(operation)) }
        return prepared
    }

    /// The hash of what is asked, without who asks, when and under which id.
    mutating func content(of action: Action) throws(Rejection) -> Hash128 {
        do {
            return try hasher.content(action)
        } catch {
            throw Rejection(
                .malformedField,
                field: "operation",
                found: "\(error)",
                expected: "an operation that fits an entry"
            )
        }
    }

    private func reservation(of action: Action) -> PreparedReservation? {
        guard case .reserve(let reservation) = action else { return nil }
        var prepared = PreparedReservation(
            consignee: hasher.name(reservation.consignee),
            endUse: hasher.name(reservation.endUse),
            device: Hash128(low: 0, high: 0),
            quantity: 0,
            deadline: reservation.deadline,
            destination: reservation.destination,
            line: .other,
            isUpTo: reservation.isUpTo
        )
        guard reservation.lines.count == 1 else { return prepared }
        switch reservation.lines[0] {
        case .devices(let device, let quantity):
            prepared.device = hasher.name(device)
            prepared.quantity = quantity
            prepared.line = .devices
        case .tpp(let amount):
            prepared.quantity = amount.rawValue
            prepared.line = .tpp
        case .h100e: break
        }
        return prepared
    }
}

extension HashKey {
    /// Tells keys apart; no secret, as nobody is shown it.
    var mark: UInt64 { first &* 0x9e37_79b9_7f4a_7c15 ^ second }
}
