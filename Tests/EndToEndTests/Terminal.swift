// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Glibc
    import Testing

    /// A pseudo-terminal, as a terminal's program sees it.
    struct Terminal {
        private let master: Int32
        private let line: Int32

        /// `TIOCSPTLCK` and `TIOCGPTN` of Linux, whose macros Swift does not see.
        private static let setLock: UInt = 0x4004_5431
        private static let getNumber: UInt = 0x8004_5430

        /// Opens one of so many columns.
        init(columns: UInt16 = 80) throws {
            master = unsafe open("/dev/ptmx", O_RDWR | O_NOCTTY | O_CLOEXEC)
            try #require(master >= 0)
            var lock: Int32 = 0
            try #require(unsafe ioctl(master, Self.setLock, &lock) == 0)
            var number: Int32 = 0
            try #require(unsafe ioctl(master, Self.getNumber, &number) == 0)
            line = unsafe open("/dev/pts/\(number)", O_RDWR | O_NOCTTY | O_CLOEXEC)
            try #require(line >= 0)
            var size = winsize(ws_row: 24, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
            try #require(unsafe ioctl(master, UInt(TIOCSWINSZ), &size) == 0)
        }

        /// What a process writes to.
        var handle: FileHandle { FileHandle(fileDescriptor: line, closeOnDealloc: false) }

        /// What all processes that were started on it write until the last of them ends.
        func screen() -> String {
            close(line)
            var text: [UInt8] = []
            var piece = [UInt8](repeating: 0, count: 4_096)
            while true {
                let count = unsafe read(master, &piece, piece.count)
                // The end of the last process is an error of input.
                guard count > 0 else { break }
                text += piece[..<count]
            }
            close(master)
            return String(decoding: text, as: UTF8.self).replacing("\r\n", with: "\n")
        }
    }

    extension Headroom {
        /// Runs the program with standard output, and standard error if so wished, on a terminal.
        func show(
            _ arguments: [String],
            columns: UInt16 = 80,
            environment: [String: String] = [:],
            withErrors: Bool = false
        ) throws -> (status: Int32, screen: String) {
            let terminal = try Terminal(columns: columns)
            let process = Process()
            process.executableURL = binary
            process.arguments = arguments
            process.currentDirectoryURL = folder
            var variables = ProcessInfo.processInfo.environment
            for name in ["COLUMNS", "NO_COLOR", "HEADROOM_ORGANISATION"] { variables[name] = nil }
            variables["HEADROOM_LEDGER"] = ledger.path
            variables["TERM"] = "xterm"
            variables.merge(environment) { $1 }
            process.environment = variables
            process.standardInput = FileHandle.nullDevice
            process.standardOutput = terminal.handle
            process.standardError = withErrors ? terminal.handle : FileHandle.nullDevice
            try process.run()
            let screen = terminal.screen()
            process.waitUntilExit()
            return (process.terminationStatus, screen)
        }
    }
#endif
