// SPDX-License-Identifier: Apache-2.0

public import LedgerModel

/// What came of operations.
extension JSONWriter {
    /// Writes what came of an operation.
    public mutating func value(_ outcome: Outcome, _ rendering: JSONRendering = JSONRendering()) {
        beginObject()
        switch outcome {
        case .accepted: member("result", "accepted")
        case .refused(let refusal):
            member("result", "refused")
            member("refusal", refusal.description)
        case .decided(let decision): decisionMembers(decision, rendering)
        case .moved(let move): members(move, rendering)
        case .attested(let gaps):
            member("result", "accepted")
            // What the ledger knew tells of other vendors' shipments.
            if !rendering.hidesTotals { member("gaps", gaps, rendering) }
        case .determined(let determination): members(determination)
        }
        endObject()
    }

    /// Writes the decision of a reservation.
    public mutating func value(_ decision: Decision, _ rendering: JSONRendering = JSONRendering()) {
        beginObject()
        decisionMembers(decision, rendering)
        endObject()
    }

    private mutating func decisionMembers(_ decision: Decision, _ rendering: JSONRendering) {
        member("result", decision.isGranted ? "granted" : "refused")
        member("refusal", decision.refusal?.description)
        member("mechanism", decision.mechanism.description)
        amount("asked", decision.asked, rounding: .up, rendering)
        amount("granted", decision.granted, rounding: .up, rendering)
        key("tests")
        beginArray()
        for test in decision.tests { value(test, rendering) }
        endArray()
        member("binding_test", decision.bindingTest.map(Int64.init))
        if !rendering.hidesTotals {
            amount("room_by_installing", decision.roomByInstalling, rounding: .up, rendering)
        }
        member("attestation_lapsed", decision.attestationLapsed)
    }

    private mutating func value(_ test: LimitTest, _ rendering: JSONRendering) {
        beginObject()
        member("mechanism", test.mechanism.description)
        key("name")
        value(test.name)
        if !rendering.hidesTotals {
            amount("used", test.used, rounding: .up, rendering)
            amount("limit", test.limit, rounding: .down, rendering)
            amount("left", test.left, rounding: .down, rendering)
        }
        endObject()
    }

    private mutating func members(_ move: HoldMove, _ rendering: JSONRendering) {
        member("result", move.refusal == nil ? "accepted" : "refused")
        member("refusal", move.refusal?.description)
        key("hold")
        integer(move.hold.rawValue)
        key("before")
        beginObject()
        amount("open", move.before.open, rounding: .down, rendering)
        amount("out", move.before.out, rounding: .up, rendering)
        amount("returned", move.before.returned, rounding: .down, rendering)
        amount("retired", move.before.retired, rounding: .down, rendering)
        endObject()
        amount("amount", move.amount, rounding: .up, rendering)
        amount("freed", move.freed, rounding: .down, rendering)
    }

    private mutating func member(
        _ name: String,
        _ gaps: [InstalledGap],
        _ rendering: JSONRendering
    ) {
        key(name)
        beginArray()
        for gap in gaps {
            beginObject()
            member("country", gap.country.description)
            amount("known", gap.known, rounding: .down, rendering)
            amount("attested", gap.attested, rounding: .down, rendering)
            endObject()
        }
        endArray()
    }

    private mutating func members(_ determination: WeightsDetermination) {
        switch determination {
        case .notControlled(let exemption):
            member("result", "not-controlled")
            member("refusal", String?.none)
            member("exemption", exemption.description)
        case .permitted:
            member("result", "permitted")
            member("refusal", String?.none)
            member("exemption", String?.none)
        case .refused(let refusal):
            member("result", "refused")
            member("refusal", refusal.description)
            member("exemption", String?.none)
        }
    }
}
