// SPDX-License-Identifier: Apache-2.0
public import EntryLog
import LedgerModel
public import LedgerProofs

/// The proof that one entry is in a ledger's log, with as much of it as its reader may see: needs
/// neither the ledger nor a network to be checked.
///
/// Beside the entry it holds what the entry's reading rests on: the entry that adopted its rulebook
/// and the one that created the ledger, whole, each with its own way to the signed root. Nothing
/// is checked of a value; ``ReceiptVerifier`` does that.
public struct Receipt: Hashable, Sendable {
    /// An entry that another one's reading rests on.
    public struct Ground: Hashable, Sendable {
        /// The entry.
        public let entry: DisclosedEntry
        /// The way from its leaf to the root of the receipt's checkpoint.
        public let path: InclusionProof
    }

    /// The entry.
    public let entry: DisclosedEntry
    /// Its way to the root, and the checkpoint that has this root.
    public let proof: TlogProof
    /// The rulebook's adoption, then the ledger's creation, as far as they are not the entry itself.
    public let grounds: [Ground]

    /// The version of the format that this code writes and reads.
    public static let formatVersion: Int64 = 1
    /// The most bytes that a receipt may have: those of the greatest entries in Base64, and all
    /// that stands around them.
    public static let maximumByteCount = 1 << 20

    init(entry: DisclosedEntry, proof: TlogProof, grounds: [Ground]) {
        self.entry = entry
        self.proof = proof
        self.grounds = grounds
    }
}
