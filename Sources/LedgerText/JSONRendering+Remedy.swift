// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What would let a refused order through.
extension JSONWriter {
    /// Writes remedies as a list.
    public mutating func value(
        _ remedies: [Remedy],
        _ rendering: JSONRendering = JSONRendering()
    ) {
        beginArray()
        for remedy in remedies { value(remedy, rendering) }
        endArray()
    }

    private mutating func value(_ remedy: Remedy, _ rendering: JSONRendering) {
        beginObject()
        stepMembers(remedy.step, rendering)
        member("time", remedy.time)
        member("whole", remedy.isWhole)
        key("order")
        value(Action.reserve(remedy.reservation), rendering)
        key("decision")
        value(remedy.decision, rendering)
        endObject()
    }

    private mutating func stepMembers(_ step: Remedy.Step, _ rendering: JSONRendering) {
        switch step {
        case .askLess: member("remedy", "ask-less")
        case .wait(let limit, let causes):
            member("remedy", "wait")
            key("limit")
            if let limit { value(limit) } else { null() }
            key("causes")
            beginArray()
            for cause in causes { value(cause, rendering) }
            endArray()
        case .agreement(let country):
            member("remedy", "agreement")
            member("country", country.description)
        case .status(let repair):
            member("remedy", "status")
            key("grant")
            integer(repair.grant.rawValue)
            member("party", repair.party.text)
            switch repair.kind {
            case .universal:
                member("status", "uveu")
                member("country", String?.none)
            case .national(let country):
                member("status", "nveu")
                member("country", country.description)
            }
            member("renew", repair.needsRenewal)
            member("reinstate", repair.needsReinstatement)
            member("attest", repair.needsAttestation)
        case .install(let amount, let home):
            member("remedy", "install")
            member("country", home.description)
            self.amount("amount", amount, rounding: .up, rendering)
        }
    }

    private mutating func value(_ cause: WaitCause, _ rendering: JSONRendering) {
        beginObject()
        switch cause {
        case .rulebook: member("cause", "rulebook")
        case .mechanism: member("cause", "mechanism")
        case .weight(let before, let after):
            member("cause", "weight")
            amount("from", before, rounding: .up, rendering)
            amount("to", after, rounding: .up, rendering)
        case .limit(let before, let after):
            member("cause", "limit")
            amount("from", before, rounding: .down, rendering)
            amount("to", after, rounding: .down, rendering)
        case .window(let gone):
            member("cause", "window")
            amount("amount", gone, rounding: .down, rendering)
        case .expiries(let count, let freed):
            member("cause", "expiries")
            member("holds", count)
            amount("amount", freed, rounding: .down, rendering)
        }
        endObject()
    }
}
