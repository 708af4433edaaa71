// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import LedgerModel
import LedgerReports

/// The file of rejected rows: CSV with their lines, what is wrong with them, and the rows themselves.
///
/// It is opened in spreadsheets, and what is wrong may be meant to harm them: no cell is a formula.
struct RejectsFile: Sendable {
    private let path: String
    private let handle: FileHandle
    private var waiting = Array("line,code,field,found,expected,row\n".utf8)

    /// How much of a row is written.
    private static let maximumRowByteCount = 1 << 16

    init(_ path: String) throws(CommandFailure) {
        self.path = path
        // What is there is written to, not replaced: it may be a pipe or a device.
        let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0o640)
        guard descriptor >= 0 else {
            throw CommandFailure(
                .failed,
                "--rejects: the file \(path) can not be written: "
                    + "\(unsafe String(cString: strerror(errno))). Choose another place"
            )
        }
        handle = FileHandle(fileDescriptor: descriptor, closeOnDealloc: true)
    }

    /// Refuses to write the rejects over the orders they come from.
    static func check(_ path: String, isNot input: String) throws(Rejection) {
        var one = stat()
        var other = stat()
        guard input != "-", unsafe stat(path, &one) == 0, unsafe stat(input, &other) == 0,
            one.st_dev == other.st_dev, one.st_ino == other.st_ino
        else { return }
        throw OptionValues.malformed(
            "rejects",
            path,
            "another file than the orders, which would be overwritten"
        )
    }

    /// Writes a rejected row; bytes that are no UTF-8 are shown as U+FFFD.
    mutating func append(
        _ rejection: Rejection,
        _ line: Int,
        row: ArraySlice<UInt8>
    ) throws(CommandFailure) {
        let cells = [
            "\(line)", "\(rejection.code)", rejection.field, rejection.found, rejection.expected,
            String(decoding: row.prefix(Self.maximumRowByteCount), as: UTF8.self),
        ].map(CSVText.withoutFormulaReversibly)
        waiting += Array(CSVText.line(cells).utf8)
        if waiting.count >= 1 << 16 { try flush() }
    }

    mutating func close() throws(CommandFailure) {
        try flush()
        try? handle.close()
    }

    private mutating func flush() throws(CommandFailure) {
        do {
            try handle.write(contentsOf: Data(waiting))
            waiting.removeAll(keepingCapacity: true)
        } catch {
            throw CommandFailure(.failed, "--rejects: \(path): \(Output.systemMessage(error))")
        }
    }
}
