// SPDX-License-Identifier: Apache-2.0

/// What can go wrong with derived state.
///
/// None of it harms the ledger: the state is rebuilt from the log.
public enum StateStoreError: Error, Hashable, Sendable {
    /// The bytes are not what was saved.
    case damaged(what: String)
    /// A newer version wrote this.
    case newerFormat(found: UInt64, supported: UInt64)
    /// There is something else at this path, such as a log.
    case notAStateStore(path: String)
    /// Someone else has the store open.
    case locked(advice: String)
    /// The store failed; what it kept before is still there.
    case storage(advice: String)
}

extension StateStoreError: CustomStringConvertible {
    /// What happened and what to do about it.
    public var description: String {
        switch self {
        case .damaged(let what):
            "the derived state is damaged: \(clause(what)). It is rebuilt from the log; its folder may be "
                + "deleted"
        case .newerFormat(let found, let supported):
            "the derived state is written in format \(found), and this version reads up to "
                + "\(supported). It is rebuilt from the log"
        case .notAStateStore(let path):
            "\(path): this is not derived state, and is left alone. Check the path"
        case .locked(let advice): "the derived state is in use: \(advice)"
        case .storage(let advice): advice
        }
    }

    /// A cause without its full stop, to go on behind it.
    private func clause(_ cause: String) -> Substring {
        cause.hasSuffix(".") ? cause.dropLast() : cause[...]
    }
}
