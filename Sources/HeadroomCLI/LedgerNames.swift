// SPDX-License-Identifier: Apache-2.0

import LedgerModel

/// An operation of the ledger; Foundation has another type of this name.
typealias Operation = LedgerModel.Operation
