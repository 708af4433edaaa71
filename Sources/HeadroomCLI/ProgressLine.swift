// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Foundation
import Glibc
import LedgerReports

/// How far something long has come, on standard error, if that is a terminal.
struct ProgressLine {
    private let noun: String
    private let isShown = isatty(STDERR_FILENO) == 1
    private let begin = DispatchTime.now().uptimeNanoseconds
    private var last: UInt64 = 0
    /// How many columns the line on the terminal takes.
    private var shownWidth = 0

    /// How often it is shown.
    private static let intervalNanoseconds: UInt64 = 200_000_000

    init(_ noun: String) { self.noun = noun }

    /// Shows a count, if it is time to.
    mutating func show(_ count: UInt64, of total: UInt64?) {
        show(count, share: total.map { $0 == 0 ? 1 : Double(count) / Double($0) })
    }

    /// Shows a count and which part of all it is, if that is known and if it is time to.
    mutating func show(_ count: UInt64, share: Double?) {
        guard isShown else { return }
        let now = DispatchTime.now().uptimeNanoseconds
        guard now - last >= Self.intervalNanoseconds else { return }
        last = now
        // In the last column some terminals would begin a new line.
        let width = (ResultText.columns(of: STDERR_FILENO) ?? 80) - 1
        let text = ProgressText(noun: noun, width: width)
            .line(count: count, share: share, milliseconds: (now - begin) / 1_000_000)
        let blanks = String(repeating: " ", count: max(0, shownWidth - text.count))
        shownWidth = text.count
        write("\r" + text + blanks)
    }

    /// Makes room for another line; the next count is shown below it.
    mutating func makeRoom() {
        guard shownWidth > 0 else { return }
        write("\r" + String(repeating: " ", count: shownWidth) + "\r")
        shownWidth = 0
    }

    /// Ends the line, if there is one.
    func end() {
        if shownWidth > 0 { Output.note("") }
    }

    private func write(_ text: String) {
        // Nowhere to say that standard error is gone.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
