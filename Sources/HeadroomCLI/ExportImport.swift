// SPDX-License-Identifier: Apache-2.0

import EntryLog
import LMDBEntryLog
import LedgerExport
import LedgerModel

/// Takes in an export: checks everything about it and, if that is asked, makes a ledger of it.
struct ExportImport {
    private let fileName: String

    init(fromFile fileName: String) { self.fileName = fileName }

    /// Checks an export to its end.
    ///
    /// - Parameters:
    ///   - input: The file.
    ///   - beginning: What was read of it already.
    /// - Returns: Its first line.
    /// - Throws: What is wrong with it and where, or why it can not be read.
    func check(
        _ input: borrowing InputFile,
        beginning: [UInt8] = []
    ) throws(CommandFailure) -> ExportHeader {
        var reader = ExportReader()
        return try read(input, beginning, &reader)
    }

    /// Makes a ledger of an export, in a new folder; all of it or nothing.
    func makeLedger(
        in folder: LedgerFolder,
        of input: borrowing InputFile,
        beginning: [UInt8]
    ) throws(CommandFailure) -> ExportHeader {
        var new = try NewFolder(at: folder.path, "--ledger", mode: 0o750)
        let header = try fill(new.logPath, input, beginning)
        try new.settle("--ledger")
        return header
    }

    /// Closes the log before it is moved.
    private func fill(
        _ path: String,
        _ input: borrowing InputFile,
        _ beginning: [UInt8]
    ) throws(CommandFailure) -> ExportHeader {
        var reader = ExportReader { secret throws(EntryLogError) in
            try LMDBEntryLog.create(at: path, secret: secret)
        }
        return try read(input, beginning, &reader)
    }

    private func read(
        _ input: borrowing InputFile,
        _ beginning: [UInt8],
        _ reader: inout ExportReader
    ) throws(CommandFailure) -> ExportHeader {
        var progress = ProgressLine("entries")
        defer { progress.end() }
        try take(beginning, &reader)
        while true {
            let block = try input.read()
            guard !block.isEmpty else { break }
            try take(block, &reader)
            progress.show(reader.entryCount, of: reader.header?.entryCount)
        }
        do throws(ExportError) {
            return try reader.finish()
        } catch {
            throw CommandFailure(error, inFile: fileName)
        }
    }

    private func take(
        _ block: [UInt8],
        _ reader: inout ExportReader
    ) throws(CommandFailure) {
        do throws(ExportError) {
            try reader.append(block)
        } catch {
            throw CommandFailure(error, inFile: fileName)
        }
    }
}

extension CommandFailure {
    /// What is wrong with an export.
    init(_ error: ExportError, inFile name: String) {
        let status: ExitStatus
        switch error {
        case .log(let error):
            self.init(error)
            return
        case .notAnExport, .withoutSecret: status = .rejected
        case .newerFormat: status = .failed
        case .changed, .cutShort: status = .verificationFailed
        }
        self.init(status, "\(name): \(error)")
    }
}
