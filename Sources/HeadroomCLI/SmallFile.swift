// SPDX-License-Identifier: Apache-2.0

/// Small files that an option names.
enum SmallFile {
    private static let maximumByteCount = 1_000_000

    /// All bytes of a file.
    static func bytes(_ path: String, _ option: String) throws(CommandFailure) -> [UInt8] {
        try InputFile.contents(of: path, atMost: maximumByteCount, called: option)
    }

    /// The text of a file of one line, without its line feed.
    static func line(_ path: String, _ option: String) throws(CommandFailure) -> String {
        let text = String(decoding: try bytes(path, option), as: UTF8.self)
        return text.hasSuffix("\n") ? String(text.dropLast()) : text
    }
}
