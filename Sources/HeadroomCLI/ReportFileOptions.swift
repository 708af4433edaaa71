// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import LedgerReports

    /// Where a report goes.
    struct ReportFileOptions: ParsableArguments {
        @Option(
            help: ArgumentHelp(
                "A new file, which only you can read (default: standard output).",
                valueName: "file"
            ),
            completion: .file()
        )
        var to: String?

        private var newFile: String? { to == "-" ? nil : to }

        /// The columns that a text may take; `nil` for as many as it takes.
        var width: Int? { newFile == nil ? ResultText.width : nil }

        /// How a text is stressed.
        var style: TextStyle { newFile == nil ? ResultText.style : .plain }

        /// Writes a report.
        func write(_ text: String) throws(CommandFailure) { try write(Array(text.utf8)) }

        /// Writes the bytes of a report: all of them, or no file.
        func write(_ bytes: [UInt8]) throws(CommandFailure) {
            guard let newFile else { return try Output.write(bytes) }
            var file = try NewFile(at: newFile, "--to")
            try file.append(bytes)
            try file.settle()
        }
    }
#endif
