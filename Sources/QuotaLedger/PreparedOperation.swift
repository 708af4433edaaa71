// SPDX-License-Identifier: Apache-2.0

import EntryLog
package import LedgerModel

/// An operation with everything that follows from it alone: its plain form, whether its shape is
/// right, and the hashes by which it and what it names are found.
///
/// Whatever state the ledger is in, it is the same, so any thread can make it: see
/// ``OperationPreparer``. The deciding thread then neither hashes nor reads text.
package struct PreparedOperation: Sendable {
    /// The operation as its entry has it.
    package let operation: Operation
    /// Why it is rejected, whatever the ledger's state.
    let fault: PreparationFault?
    /// Of its name and its content.
    let hashes: OperationHashes
    /// What a reservation asks; `nil` of other operations, and of those with a fault.
    let reservation: PreparedReservation?
    /// Tells under which key it was prepared.
    let keyMark: UInt64
}

/// What is wrong with an operation by itself.
indirect enum PreparationFault: Sendable {
    case rejection(Rejection)
}

/// What a reservation asks, without texts.
struct PreparedReservation: Sendable {
    /// The only line of most orders.
    enum Line: UInt8, Sendable {
        /// ``PreparedReservation/quantity`` devices of a model.
        case devices
        /// Plain TPP.
        case tpp
        /// Plain H100e, or several lines: the reservation itself has to be read.
        case other
    }

    var consignee: Hash128
    var endUse: Hash128
    /// The model of an order of one line of devices.
    var device: Hash128
    /// Of one line: how many devices, or TPP.
    var quantity: Int64
    var deadline: LedgerTime?
    var destination: CountryCode
    var line: Line
    var isUpTo: Bool
}
