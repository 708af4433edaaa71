// SPDX-License-Identifier: Apache-2.0

#if Service
    import ArgumentParser
    import EntryLog
    import LedgerModel
    import LedgerProofs
    import LedgerText

    /// `headroom verify-proof`.
    struct VerifyProofCommand: Verb {
        static let configuration = CommandConfiguration(
            commandName: "verify-proof",
            abstract: "Check what 'headroom prove' wrote; needs no ledger and no network.",
            discussion: """
                Exit status 4 if it does not prove what it says.

                Examples:
                  headroom verify-proof growth.txt --old head-2025-07.txt --key "$(cat ledger.pub)"
                  headroom verify-proof entry-51.tlog-proof --key "$KEY" --json
                """
        )

        @Argument(help: ArgumentHelp("A proof; - is standard input.", valueName: "file"))
        var proof: String

        @Option(
            help: ArgumentHelp(
                "Of growth: a file with the earlier checkpoint, which you kept.",
                valueName: "file"
            ),
            completion: .file()
        )
        var old: String?

        @OptionGroup var trust: TrustedKeyOptions
        @OptionGroup var output: OutputOptions

        private static let maximumByteCount = 2_000_000

        func perform() throws -> ExitStatus {
            let keys = try trust.keys()
            let bytes = try InputFile.contents(
                of: proof,
                atMost: Self.maximumByteCount,
                called: "file"
            )
            do {
                if bytes.starts(with: "old ".utf8) {
                    let growth = try GrowthProof(bytes)
                    try growth.checkpoint.requireSignature(ofOneOf: keys)
                    try showGrowth(growth, keys)
                } else {
                    let inclusion = try TlogProof(bytes)
                    try inclusion.checkpoint.requireSignature(ofOneOf: keys)
                    try showInclusion(inclusion)
                }
            } catch let error as ProofError {
                throw CommandFailure(error, "file")
            }
            return .done
        }

        private func showGrowth(_ growth: GrowthProof, _ keys: [NoteVerifierKey]) throws {
            guard let old else {
                throw OptionValues.malformed(
                    "--old",
                    "",
                    "a file with the earlier checkpoint, whose root the proof is about"
                )
            }
            let earlier = try CheckpointFile.read(old, "--old")
            let now = growth.checkpoint.checkpoint
            do throws(ProofError) {
                try earlier.requireSignature(ofOneOf: keys)
            } catch {
                throw CommandFailure(error, "--old")
            }
            guard earlier.checkpoint.origin == now.origin,
                earlier.checkpoint.size == growth.proof.oldSize,
                growth.proof.verifies(oldRoot: earlier.checkpoint.root, newRoot: now.root)
            else { throw CommandFailure(ProofError.doesNotVerify(.consistencyProof), "file") }
            if output.json {
                try Output.document(asIfEnforced: nil) { writer in
                    writer.member("verified", true)
                    writer.member("origin", now.origin)
                    writer.key("entries_before")
                    writer.integer(growth.proof.oldSize)
                    writer.key("entries")
                    writer.integer(now.size)
                    writer.member("root", now.root.description)
                }
                return
            }
            try Output.writeLine("verified: the log has only grown")
            try Output.writeLine("log      \(now.origin)")
            try Output.writeLine("then     \(growth.proof.oldSize) entries")
            try Output.writeLine("now      \(now.size) entries, root \(now.root)")
        }

        private func showInclusion(_ inclusion: TlogProof) throws {
            guard let extra = inclusion.extra, let input = LeafInput(extra.span.rawBytes),
                let header = try? EntryHeader(
                    alone: extra.span.rawBytes.extracting(first: EntryHeader.byteCount)
                )
            else {
                throw OptionValues.malformed(
                    "file",
                    proof,
                    "a proof with what the leaf is made of, as 'headroom prove inclusion' writes it"
                )
            }
            let now = inclusion.checkpoint.checkpoint
            guard header.number.rawValue == inclusion.proof.index,
                inclusion.proof.verifies(leaf: input.leaf, root: now.root)
            else { throw CommandFailure(ProofError.doesNotVerify(.inclusionProof), "file") }
            if output.json {
                try Output.document(asIfEnforced: nil) { writer in
                    writer.member("verified", true)
                    writer.member("origin", now.origin)
                    writer.key("entry")
                    writer.integer(inclusion.proof.index)
                    writer.member("time", header.time)
                    writer.member("leaf", input.leaf.description)
                    writer.key("entries")
                    writer.integer(now.size)
                    writer.member("root", now.root.description)
                }
                return
            }
            try Output.writeLine("verified: the entry is in the log whose head was signed")
            try Output.writeLine("log      \(now.origin)")
            try Output.writeLine("entry    \(inclusion.proof.index), of \(header.time)")
            try Output.writeLine("leaf     \(input.leaf)")
            try Output.writeLine("head     \(now.size) entries, root \(now.root)")
        }
    }
#endif
