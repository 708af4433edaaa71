// SPDX-License-Identifier: Apache-2.0
import CLibCrypto

/// SHA-256 (FIPS 180-4) of one span of bytes after another.
///
/// The only place where the log hashes with it, so that the backend can be changed here. Needs no
/// memory of its own; any thread may call it.
package func sha256(_ first: RawSpan, _ second: RawSpan) -> LedgerHash {
    var context = SHA256_CTX()
    // Safe: the spans outlive the calls, which keep nothing. None of the functions can fail.
    _ = unsafe SHA256_Init(&context)
    unsafe first.withUnsafeBytes { _ = unsafe SHA256_Update(&context, $0.baseAddress, $0.count) }
    if !second.isEmpty {
        unsafe second.withUnsafeBytes {
            _ = unsafe SHA256_Update(&context, $0.baseAddress, $0.count)
        }
    }
    var digest: InlineArray<4, UInt64> = [0, 0, 0, 0]
    var span = digest.mutableSpan
    unsafe span.withUnsafeMutableBytes { bytes in
        // Safe: a digest has the 32 bytes that the array has.
        _ = unsafe SHA256_Final(
            bytes.baseAddress?.assumingMemoryBound(to: UInt8.self),
            &context
        )
    }
    return LedgerHash(digest.span.rawBytes, at: 0)
}

/// SHA-256 (FIPS 180-4) of a span of bytes.
package func sha256(_ bytes: RawSpan) -> LedgerHash { sha256(bytes, RawSpan()) }
