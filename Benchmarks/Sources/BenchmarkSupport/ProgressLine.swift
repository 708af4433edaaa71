// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A line on standard error that says what is being done; nothing where that is no terminal.
public struct ProgressLine: Sendable {
    /// Whether there is somebody to see it.
    public let isShown: Bool

    /// A line that is never shown.
    public static let silent = ProgressLine(isShown: false)

    /// A line that is shown if standard error is a terminal.
    public static let terminal = ProgressLine(isShown: isatty(STDERR_FILENO) == 1)

    /// Makes a line.
    public init(isShown: Bool) { self.isShown = isShown }

    /// Shows a text in place of the one before.
    public func show(_ text: String) { write("\r\u{1B}[K\(text)") }

    /// Removes the line.
    public func clear() { write("\r\u{1B}[K") }

    private func write(_ text: String) {
        guard isShown else { return }
        FileHandle.standardError.write(Data(text.utf8))
    }
}
