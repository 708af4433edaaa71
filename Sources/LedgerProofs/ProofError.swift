// SPDX-License-Identifier: Apache-2.0

/// What can be wrong with a note, a checkpoint, a key or a proof.
public enum ProofError: Error, Hashable, Sendable {
    /// The text does not have the form that it must have.
    case malformed(Form, found: String, expected: String)
    /// A key that is known signed something else than this text.
    case invalidSignature(name: String)
    /// No key that is known signed the text.
    case notSigned(expected: String)
    /// A proof does not lead to the root that was signed.
    case doesNotVerify(Form)

    /// What a text should have been.
    public enum Form: String, Hashable, Sendable, CustomStringConvertible {
        /// A text with signatures under it.
        case note
        /// The text of a checkpoint.
        case checkpoint
        /// A key that verifies, as text.
        case verifierKey = "verifier key"
        /// A key that signs, as text.
        case signingKey = "signing key"
        /// The name of a key.
        case keyName = "key name"
        /// What says that a log signs with another key.
        case rotationStatement = "key rotation"
        /// A proof that an entry is in a tree.
        case inclusionProof = "inclusion proof"
        /// A proof that a tree is the beginning of another.
        case consistencyProof = "consistency proof"

        /// The form in words.
        public var description: String { rawValue }
    }
}

extension ProofError: CustomStringConvertible {
    /// What is wrong, what was found and what was expected.
    public var description: String {
        switch self {
        case .malformed(let form, let found, let expected):
            "\(form): found \(found), expected \(expected)"
        case .invalidSignature(let name):
            "the signature of \(name) is not one of this text: the text was changed, or was never "
                + "signed"
        case .notSigned(let expected):
            "no signature of \(expected) is under it: it is somebody else's, or the key has been "
                + "changed since"
        case .doesNotVerify(let form):
            "the \(form) does not lead to the root that is told: something in it was changed, or it "
                + "is of another ledger"
        }
    }
}
