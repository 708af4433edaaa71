// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// The checks of what an operation shows by itself, before anything is looked up.
///
/// Readers of text check most of this too; the core does not rely on them.
enum OperationShape {
    static func check(_ action: Action) throws(Rejection) {
        switch action {
        case .party(let record): try checkText(record.name, field: "name")
        case .block(let block): try checkText(block.reason, field: "reason")
        case .changeStatus(let change): try checkText(change.reason, field: "reason")
        case .attestInstalled(let attestation): try check(attestation)
        case .adoptRulebook(let adoption): try checkFile(adoption.bytes, field: "rulebook")
        case .adoptDevices(let adoption): try checkFile(adoption.bytes, field: "devices")
        case .reserve(let reservation): try check(reservation)
        case .ship(let shipment): try check(shipment.part)
        case .giveBack(let goods): try check(goods.part)
        case .retire(let retirement): try check(retirement.part)
        case .revoke(let revocation): try checkText(revocation.reason, field: "reason")
        case .correct(let correction): try checkText(correction.text, field: "text")
        case .transferWeights(let transfer): try checkText(transfer.model, field: "model")
        case .propose(let proposal):
            guard ActionKind.canBeProposed.contains(proposal.action.kind) else {
                throw Rejection(
                    .malformedField,
                    field: "action",
                    found: proposal.action.kind.description,
                    expected: "one of "
                        + ActionKind.canBeProposed.map(\.description).sorted()
                        .joined(separator: ", ")
                )
            }
            try check(proposal.action)
        case .rotateKey(let rotation): try check(rotation)
        case .redact(let redaction): try check(redaction)
        case .legalHold(let hold): try checkText(hold.reason, field: "reason")
        case .createLedger, .grantStatus, .attestSecurity, .signAgreement, .endAgreement,
            .release, .extend, .tick, .decideProposal:
            break
        }
    }

    private static func check(_ rotation: KeyRotation) throws(Rejection) {
        try checkText(rotation.previousKey, field: "previous_key")
        try checkText(rotation.newKey, field: "new_key")
        guard rotation.previousKey != rotation.newKey else {
            throw Rejection(
                .malformedField,
                field: "new_key",
                found: rotation.newKey,
                expected: "another key than the previous one"
            )
        }
        guard rotation.isWellFormed else {
            throw Rejection(
                .malformedField,
                field: "statement",
                found: "\(rotation.statement.utf8.count) bytes",
                expected: "lines of text, 1 to \(KeyRotation.maximumStatementByteCount) bytes"
            )
        }
    }

    private static func check(_ redaction: Redaction) throws(Rejection) {
        let limit = Redaction.maximumEntryCount
        let isAscending = zip(redaction.entries, redaction.entries.dropFirst())
            .allSatisfy { $0 < $1 }
        guard (1...limit).contains(redaction.entries.count), isAscending else {
            throw Rejection(
                .malformedField,
                field: "entries",
                found: isAscending ? "\(redaction.entries.count) entries" : "another order",
                expected: "1 to \(limit) numbers of entries, ascending, each once"
            )
        }
        try checkText(redaction.reason, field: "reason")
    }

    private static func check(_ part: HoldPart) throws(Rejection) {
        if case .amount(let amount) = part, amount.rawValue < 1 {
            throw positive("tpp", found: amount.rawValue)
        }
    }

    private static func check(_ reservation: Reservation) throws(Rejection) {
        guard (1...Reservation.maximumLineCount).contains(reservation.lines.count) else {
            throw Rejection(
                .malformedField,
                field: "lines",
                found: "\(reservation.lines.count) lines",
                expected: "1 to \(Reservation.maximumLineCount) lines"
            )
        }
        guard !reservation.isUpTo || reservation.lines.count == 1 else {
            throw Rejection(
                .malformedField,
                field: "lines",
                found: "\(reservation.lines.count) lines",
                expected: "one line in an order for \"up to\""
            )
        }
        for line in reservation.lines {
            switch line {
            case .devices(_, let quantity) where quantity < 1:
                throw positive("quantity", found: quantity)
            case .tpp(let amount) where amount.rawValue < 1:
                throw positive("tpp", found: amount.rawValue)
            case .h100e(let amount) where amount.thousandths < 1:
                throw Rejection(
                    .malformedField,
                    field: "h100e",
                    found: amount.description,
                    expected: "a number above 0 with at most three decimals"
                )
            default: break
            }
        }
        if let reference = reservation.reference { try checkText(reference, field: "reference") }
    }

    private static func check(_ attestation: InstalledAttestation) throws(Rejection) {
        var before: CountryCode?
        for amount in attestation.amounts {
            guard amount.amount.rawValue >= 0 else {
                throw Rejection(
                    .malformedField,
                    field: "installed",
                    found: "\(amount.amount.rawValue)",
                    expected: "0 or more TPP in \(amount.country)"
                )
            }
            if let before, before >= amount.country {
                throw Rejection(
                    .malformedField,
                    field: "installed",
                    found: "\(amount.country) twice",
                    expected: "each country once"
                )
            }
            before = amount.country
        }
    }

    private static func positive(_ field: String, found: Int64) -> Rejection {
        Rejection(
            .malformedField,
            field: field,
            found: "\(found)",
            expected: "a whole number above 0"
        )
    }

    private static func checkText(_ text: String, field: String) throws(Rejection) {
        let limit = Reservation.maximumTextByteCount
        let isPrintable = text.unicodeScalars.allSatisfy {
            $0.value >= 0x20 && $0.value != 0x7f && !(0x80...0x9f).contains($0.value)
        }
        guard (1...limit).contains(text.utf8.count), isPrintable else {
            throw Rejection(
                .malformedField,
                field: field,
                found: isPrintable ? text : "a control character",
                expected: "1 to \(limit) bytes of text without control characters"
            )
        }
    }

    private static func checkFile(_ bytes: [UInt8], field: String) throws(Rejection) {
        let limit = RulebookAdoption.maximumByteCount
        guard (1...limit).contains(bytes.count) else {
            throw Rejection(
                .malformedField,
                field: field,
                found: "\(bytes.count) bytes",
                expected: "a file of 1 to \(limit) bytes"
            )
        }
    }
}
