// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LMDBEntryLog
import LedgerExport
import LedgerModel

/// Writes and checks exports for one vendor.
struct RedactedExport {
    /// What messages call the file.
    let fileName: String

    /// Writes all pieces of an export.
    func write(
        _ log: OpenLog,
        for reader: OrganisationIdentifier,
        _ take: ([UInt8]) throws(CommandFailure) -> Void
    ) throws(CommandFailure) -> RedactedExportHeader {
        var progress = ProgressLine("entries")
        defer { progress.end() }
        var writer = try begin(log, reader)
        while let piece = try next(of: &writer) {
            try take(piece)
            progress.show(writer.writtenCount, of: writer.header.entryCount)
        }
        return writer.header
    }

    private func begin(
        _ log: OpenLog,
        _ reader: OrganisationIdentifier
    ) throws(CommandFailure) -> RedactedExportWriter {
        do throws(EntryLogError) {
            return try RedactedExportWriter(of: log.log, secret: log.log.secret, for: reader)
        } catch {
            throw CommandFailure(error)
        }
    }

    private func next(of writer: inout RedactedExportWriter) throws(CommandFailure) -> [UInt8]? {
        do throws(EntryLogError) {
            return try writer.next()
        } catch {
            throw CommandFailure(error)
        }
    }

    /// Checks an export to its end; `beginning` is what was read of it already.
    func check(
        _ input: borrowing InputFile,
        _ beginning: [UInt8]
    ) throws(CommandFailure) -> RedactedExportHeader {
        var progress = ProgressLine("entries")
        defer { progress.end() }
        var reader = RedactedExportReader()
        do throws(ExportError) {
            try reader.append(beginning)
        } catch {
            throw CommandFailure(error, inFile: fileName)
        }
        while true {
            let block = try input.read()
            do throws(ExportError) {
                if block.isEmpty { return try reader.finish() }
                try reader.append(block)
            } catch {
                throw CommandFailure(error, inFile: fileName)
            }
            progress.show(reader.entryCount, of: reader.expectedCount)
        }
    }
}
