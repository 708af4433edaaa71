// SPDX-License-Identifier: Apache-2.0

import LedgerModel

extension StatusKind {
    /// `uveu`, or `nveu` with its country.
    var words: String {
        switch self {
        case .universal: "uveu"
        case .national(let country): "nveu \(country)"
        }
    }
}
