// SPDX-License-Identifier: Apache-2.0

import Foundation
import LedgerText
import Synchronization

/// What the program says: results on standard output, everything else on standard error.
enum Output {
    /// Whether anything of a result was written since the command began.
    private static let hasBegun = Atomic<Bool>(false)

    /// Whether nothing of a result was written yet, so that a document in its place can be.
    static var isUntouched: Bool {
        // Relaxed: whoever asks is the thread that wrote, or has waited for it.
        !hasBegun.load(ordering: .relaxed)
    }

    /// Says that a command begins.
    static func begin() { hasBegun.store(false, ordering: .relaxed) }

    /// Writes a result.
    static func write(_ text: String) throws(CommandFailure) { try write(Array(text.utf8)) }

    /// Writes a line of a result.
    static func writeLine(_ text: String) throws(CommandFailure) { try write(text + "\n") }

    /// Writes bytes of a result.
    static func write(_ bytes: [UInt8]) throws(CommandFailure) {
        guard !bytes.isEmpty else { return }
        hasBegun.store(true, ordering: .relaxed)
        do {
            try FileHandle.standardOutput.write(contentsOf: Data(bytes))
        } catch {
            var failure = CommandFailure(
                .failed,
                "standard output: \(systemMessage(error)). The result could not be shown; what was "
                    + "recorded stays recorded"
            )
            failure.isUnread = BrokenPipe.isCause(of: error)
            throw failure
        }
    }

    /// Writes a line that is not part of the result.
    static func note(_ text: String) {
        // Nowhere to say that standard error is gone.
        try? FileHandle.standardError.write(contentsOf: Data((text + "\n").utf8))
    }

    /// Writes one JSON document.
    ///
    /// - Parameters:
    ///   - asIfEnforced: Whether the ledger is advisory; `nil` where no ledger is involved.
    ///   - layout: `compact` for a line of a stream.
    ///   - members: Writes the members of the document.
    /// - Throws: A failure if standard output can not be written.
    static func document(
        asIfEnforced: Bool?,
        layout: JSONWriter.Layout = .pretty,
        _ members: (inout JSONWriter) -> Void
    ) throws(CommandFailure) {
        try write(documentBytes(asIfEnforced: asIfEnforced, layout: layout, members))
    }

    /// The bytes of one JSON document.
    static func documentBytes(
        asIfEnforced: Bool?,
        layout: JSONWriter.Layout = .pretty,
        _ members: (inout JSONWriter) -> Void
    ) -> [UInt8] {
        var writer = JSONWriter(layout: layout)
        writer.beginObject()
        if let asIfEnforced { writer.member("as_if_enforced", asIfEnforced) }
        members(&writer)
        writer.endObject()
        return writer.takeBytes()
    }

    /// The system's words for a failed call of Foundation's.
    static func systemMessage(_ error: any Error) -> String {
        let error = error as NSError
        let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        guard cause.domain == NSPOSIXErrorDomain,
            let code = POSIXErrorCode(rawValue: Int32(cause.code))
        else { return oneLine(error.localizedDescription) }
        return POSIXError(code).localizedDescription
    }
}
