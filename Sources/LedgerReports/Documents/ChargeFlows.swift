// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// What was granted, and the ways in which it went.
struct ChargeFlows {
    /// How often something happened, and how much that was.
    ///
    /// Wider than an amount: the ledger bounds what is open, and not what was ever granted together.
    struct Flow {
        var count: Int64 = 0
        var amount: Int128 = 0

        mutating func add(_ amount: Int64) {
            count += 1
            self.amount += Int128(amount)
        }

        static func += (left: inout Flow, right: Flow) {
            left.count += right.count
            left.amount += right.amount
        }
    }

    var granted = Flow()
    var expired = Flow()
    var released = Flow()
    var revoked = Flow()
    /// Freed by a final shipment.
    var freed = Flow()
    var shipped = Flow()
    var returned = Flow()
    var retired = Flow()

    /// What left holds without being shipped.
    var unshipped: Int128 {
        expired.amount + released.amount + revoked.amount + freed.amount
    }

    /// What is neither shipped nor freed.
    var open: Int128 { granted.amount - unshipped - shipped.amount }

    /// Which flow is meant.
    enum Kind {
        case granted
        case expired
        case released
        case revoked
        case freed
        case shipped
        case returned
        case retired
    }

    /// Adds to one flow.
    ///
    /// It is done for every entry of a log: a key path in place of the kind takes most of a fold's
    /// time.
    mutating func add(_ amount: Int64, as kind: Kind) {
        switch kind {
        case .granted: granted.add(amount)
        case .expired: expired.add(amount)
        case .released: released.add(amount)
        case .revoked: revoked.add(amount)
        case .freed: freed.add(amount)
        case .shipped: shipped.add(amount)
        case .returned: returned.add(amount)
        case .retired: retired.add(amount)
        }
    }

    static func += (left: inout ChargeFlows, right: ChargeFlows) {
        left.granted += right.granted
        left.expired += right.expired
        left.released += right.released
        left.revoked += right.revoked
        left.freed += right.freed
        left.shipped += right.shipped
        left.returned += right.returned
        left.retired += right.retired
    }
}

/// Flows by what they count in.
struct FlowTable<Key: Hashable> {
    private(set) var rows: [(key: Key, flows: ChargeFlows)] = []
    private var positions: [Key: Int] = [:]

    /// Where a key's flows stand, which are begun if there are none yet.
    mutating func position(of key: Key) -> Int {
        if let known = positions[key] { return known }
        positions[key] = rows.count
        rows.append((key, ChargeFlows()))
        return rows.count - 1
    }

    mutating func add(
        _ amount: Int64,
        as kind: ChargeFlows.Kind,
        at position: Int
    ) {
        rows[position].flows.add(amount, as: kind)
    }
}
