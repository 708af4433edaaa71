// SPDX-License-Identifier: Apache-2.0

/// A value of a rulebook with the place in the law, or the published source, that it comes from.
public struct Cited<Value: Hashable & Sendable>: Hashable, Sendable {
    /// The value.
    public let value: Value
    /// Where it comes from, in words for a lawyer.
    public let citation: String

    /// Makes a cited value.
    public init(value: Value, citation: String) {
        self.value = value
        self.citation = citation
    }
}
