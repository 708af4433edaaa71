// SPDX-License-Identifier: Apache-2.0
import LedgerModel

/// How what a correction is about is told.
enum CorrectionTag: UInt8 {
    case entry = 1
    case operation = 2
}

/// What operations after a grant ask, and transfers of model weights, as bytes.
extension ByteBuffer {
    mutating func append(_ part: HoldPart) throws(EntryLogError) {
        switch part {
        case .rest: append(EntryHeader.absent)
        case .amount(let amount): try append(quantity: amount.rawValue, from: 1, "part")
        }
    }

    mutating func append(
        _ correction: Correction,
        _ place: TextPlace
    ) throws(EntryLogError) {
        switch correction.target {
        case .entry(let number):
            append(CorrectionTag.entry.rawValue)
            append(number.rawValue)
        case .operation(let reference):
            append(CorrectionTag.operation.rawValue)
            try append(reference)
        }
        try append(freeText: correction.text, "correction", place)
    }

    mutating func append(
        _ transfer: WeightsTransfer,
        _ place: TextPlace
    ) throws(EntryLogError) {
        try append(freeText: transfer.model, "model", place)
        append(flag: transfer.isPublished)
        append(transfer.trainingOperations)
        try append(transfer.recipient, "recipient")
        append(transfer.destination)
    }
}

/// The same, read back.
extension ByteReader {
    @_lifetime(self: copy self)
    mutating func holdPart() throws(EntryLogError) -> HoldPart {
        let number: UInt64 = try number("part")
        guard number != EntryHeader.absent else { return .rest }
        guard let amount = Int64(exactly: number), amount >= 1 else {
            throw malformed("the part is out of range")
        }
        return .amount(TPP(rawValue: amount))
    }

    @_lifetime(self: copy self)
    mutating func shipment() throws(EntryLogError) -> Shipment {
        Shipment(
            hold: try reference(),
            part: try holdPart(),
            isFinal: try flag("mark of the last shipment")
        )
    }

    @_lifetime(self: copy self)
    mutating func retirement() throws(EntryLogError) -> Retirement {
        Retirement(hold: try reference(), part: try holdPart(), cause: try member("cause"))
    }

    @_lifetime(self: copy self)
    mutating func correction() throws(EntryLogError) -> Correction {
        let tag: CorrectionTag = try member("kind of target")
        let target: CorrectionTarget =
            switch tag {
            case .entry: .entry(EntryNumber(rawValue: try number("entry corrected")))
            case .operation: .operation(try reference())
            }
        return Correction(target: target, text: try freeText("correction"))
    }

    @_lifetime(self: copy self)
    mutating func weightsTransfer() throws(EntryLogError) -> WeightsTransfer {
        WeightsTransfer(
            model: try freeText("model"),
            isPublished: try flag("mark of publication"),
            trainingOperations: try number("number of training operations"),
            recipient: try identifier("recipient"),
            destination: try country("destination")
        )
    }
}
