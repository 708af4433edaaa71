// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Glibc

/// How far something long has come, on standard error, if that is a terminal.
struct ProgressLine {
    private let noun: String
    private let isShown = isatty(STDERR_FILENO) == 1
    private var last: UInt64 = 0

    /// How often it is shown.
    private static let intervalNanoseconds: UInt64 = 200_000_000

    init(_ noun: String) { self.noun = noun }

    /// Shows a count, if it is time to.
    mutating func show(_ count: UInt64, of total: UInt64? = nil) {
        guard isShown else { return }
        let now = DispatchTime.now().uptimeNanoseconds
        guard now - last >= Self.intervalNanoseconds else { return }
        last = now
        let text = "\r\(count)\(total.map { " of \($0)" } ?? "") \(noun)"
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }

    /// Ends the line, if there is one.
    func end() {
        if last > 0 { Output.note("") }
    }
}
