// SPDX-License-Identifier: Apache-2.0
import Crypto

/// SHA-256 (FIPS 180-4) of one span of bytes after another.
///
/// The only place where the log hashes with it, so that the backend can be changed here.
package func sha256(_ first: RawSpan, _ second: RawSpan) -> LedgerHash {
    var function = SHA256()
    // Safe: the spans outlive the calls, which keep nothing.
    unsafe first.withUnsafeBytes { unsafe function.update(bufferPointer: $0) }
    if !second.isEmpty {
        unsafe second.withUnsafeBytes { unsafe function.update(bufferPointer: $0) }
    }
    return unsafe function.finalize().withUnsafeBytes { digest in
        unsafe LedgerHash(digest.bytes, at: 0)
    }
}

/// SHA-256 (FIPS 180-4) of a span of bytes.
package func sha256(_ bytes: RawSpan) -> LedgerHash { sha256(bytes, RawSpan()) }
