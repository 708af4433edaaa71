// SPDX-License-Identifier: Apache-2.0
import EntryLog
import LedgerModel
import LedgerProofs

/// Checks one entry of a receipt against the signed root, and finds out which part was altered.
///
/// The hashes that are told beside an entry say nothing that does not follow from it. They are there
/// for this: where all of them but one agree, that one, or what it is of, was altered.
struct EvidenceCheck {
    private let evidence: ReceiptReader.Evidence
    private let name: String
    private let proof: InclusionProof
    private let root: LedgerHash

    init(_ evidence: ReceiptReader.Evidence, under proof: TlogProof) {
        self.evidence = evidence
        name = String(evidence.number)
        // The receipt's own entry has its way in the proof.
        self.proof = InclusionProof(
            index: evidence.path == nil ? proof.proof.index : evidence.number,
            size: proof.proof.size,
            hashes: evidence.path ?? proof.proof.hashes
        )
        root = proof.checkpoint.checkpoint.root
    }

    func run() throws(ReceiptFault) {
        let entry = evidence.entry
        let leaf = entry.leaf
        guard proof.verifies(leaf: leaf, root: root) else { throw alteration(leaf) }
        try require(hash(entry.headerBytes) == evidence.headerSum, .header(name))
        for section in evidence.sections {
            try require(section.bytesFitSum, .section(section.name, of: name))
            try require(
                section.section.commitment == section.hash,
                .sectionHash(section.name, of: name)
            )
        }
        try require(leaf == evidence.leaf, .leaf(name))
        guard entry.statedNumber == evidence.number, proof.index == evidence.number else {
            throw ReceiptFault(
                .layout,
                "entry \(name): it is entry \(entry.statedNumber), proven as \(proof.index)"
            )
        }
    }

    /// What is told of a part that is proven.
    private func require(_ isTold: Bool, _ part: ReceiptPart) throws(ReceiptFault) {
        guard isTold else { throw ReceiptFault(part, "another hash is told than it has") }
    }

    /// What stands between the entry and the root.
    private func alteration(_ leaf: LedgerHash) -> ReceiptFault {
        guard proof.verifies(leaf: evidence.leaf, root: root) else {
            return ReceiptFault(.path(name), "it does not lead to the root that was signed")
        }
        guard hash(evidence.entry.headerBytes) == evidence.headerSum else {
            return ReceiptFault(.header(name), "it is not the one in the tree")
        }
        for section in evidence.sections where !section.bytesFitSum {
            return ReceiptFault(
                .section(section.name, of: name),
                "it is not the one in the tree"
            )
        }
        for section in evidence.sections where section.section.commitment != section.hash {
            return ReceiptFault(
                .salt(section.name, of: name),
                "with it the section does not give its hash"
            )
        }
        // What is opened is in order: the hash of what is not was altered.
        let closed = evidence.sections.first { $0.section.bytes == nil }
        return ReceiptFault(
            closed.map { .sectionHash($0.name, of: name) } ?? .header(name),
            "it is not the one in the tree"
        )
    }
}

extension ReceiptReader.Evidence.Section {
    /// Whether the bytes have the hash that is told of them alone.
    fileprivate var bytesFitSum: Bool {
        guard let bytes = section.bytes else { return true }
        return LedgerDisclosure.hash(bytes) == sum
    }
}

/// SHA-256 of bytes.
func hash(_ bytes: [UInt8]) -> LedgerHash { sha256(bytes.span.rawBytes) }
