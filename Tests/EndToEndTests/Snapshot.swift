// SPDX-License-Identifier: Apache-2.0

#if Service
    import Foundation
    import Testing

    /// What the program printed when somebody looked at it and found it right.
    ///
    /// Set `HEADROOM_WRITE_SNAPSHOTS=1` to write the files anew after a change that is meant.
    enum Snapshot {
        static let folder = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "Snapshots")

        /// Whether snapshots are written and not compared.
        static let isWriting =
            ProcessInfo.processInfo.environment["HEADROOM_WRITE_SNAPSHOTS"] == "1"

        /// Expects a text to be what a snapshot has.
        static func expect(
            _ text: String,
            is name: String,
            sourceLocation: SourceLocation = #_sourceLocation
        ) throws {
            let file = folder.appending(path: name)
            if isWriting {
                try FileManager.default.createDirectory(
                    at: file.deletingLastPathComponent(),
                    withIntermediateDirectories: true
                )
                try Data(text.utf8).write(to: file)
            }
            let snapshot = try? String(contentsOf: file, encoding: .utf8)
            #expect(
                snapshot == text,
                "\(name) is not what is printed; HEADROOM_WRITE_SNAPSHOTS=1 writes it anew",
                sourceLocation: sourceLocation
            )
        }

        /// The names of the snapshots in a folder.
        static func names(in name: String) throws -> Set<String> {
            Set(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/" + name))
        }
    }
#endif
