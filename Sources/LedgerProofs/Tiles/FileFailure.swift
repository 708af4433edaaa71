// SPDX-License-Identifier: Apache-2.0
import Glibc

/// A call of the system on a file that failed.
public struct FileFailure: Error, Hashable, Sendable, CustomStringConvertible {
    /// The file or folder.
    public let path: String
    /// What could not be done, as `be read`.
    public let what: String
    /// The system's number of the error.
    public let code: Int32

    init(_ path: String, _ what: String, code: Int32 = errno) {
        self.path = path
        self.what = what
        self.code = code
    }

    /// Whether there is nothing at the path.
    public var isMissing: Bool { code == ENOENT || code == ENOTDIR }

    /// What failed, and the system's words for it.
    public var description: String {
        // Safe: the text is copied at once.
        let reason = unsafe strerror(code).map { unsafe String(cString: $0) } ?? "error \(code)"
        return "\(path) can not \(what): \(reason)"
    }
}
