// SPDX-License-Identifier: Apache-2.0

import Crypto
import EntryLog
import Foundation

/// Measures SHA-256 of short inputs: the log's function, and the ways of swift-crypto.
///
/// It is a target of the package and not of the benchmarks because it measures what only this
/// package may see.
@main
struct HashBenchmark {
    /// A salt's input is 55 bytes long, a node's 65, a leaf's 97, a section's with its salt about
    /// 100 to 200.
    static let byteCounts = [55, 65, 97, 100, 200]
    static let callCount: Int64 = 50_000

    static func main() {
        let input = (0..<256).map { UInt8(truncatingIfNeeded: $0 &* 167 &+ 13) }
        let key = SymmetricKey(data: input[..<32])
        var sixteenBytesIn = SHA256()
        sixteenBytesIn.update(data: input[..<16])
        let prefixed = sixteenBytesIn

        print("ns a hash of \(byteCounts.map { "\($0) B" }.joined(separator: ", "))")
        report("swift-crypto, update and finalize") { count in
            var function = SHA256()
            function.update(data: input[..<count])
            return isZero(function.finalize())
        }
        report("swift-crypto, a copy with 16 bytes in it") { count in
            var function = prefixed
            function.update(data: input[16..<count])
            return isZero(function.finalize())
        }
        report("swift-crypto, HMAC") { count in
            isZero(HMAC<SHA256>.authenticationCode(for: input[..<count], using: key))
        }
        report("the log's function") { count in
            sha256(input.span.rawBytes.extracting(first: count)) == .zero
        }
    }

    /// Whether a digest begins with eight zeros, as none here does.
    private static func isZero(_ digest: some ContiguousBytes) -> Bool {
        // Safe: a digest has 32 bytes.
        unsafe digest.withUnsafeBytes { unsafe $0.loadUnaligned(as: UInt64.self) == 0 }
    }

    /// Prints the fastest of some rounds for each length; `body` says whether the hash is none.
    private static func report(_ name: String, _ body: (Int) -> Bool) {
        let times = byteCounts.map { byteCount in
            let rounds = (0..<9).map { _ in
                let start = ContinuousClock.now
                for _ in 0..<callCount where body(byteCount) { preconditionFailure("a hash is 0") }
                let (seconds, attoseconds) = (ContinuousClock.now - start).components
                return (seconds * 1_000_000_000 + attoseconds / 1_000_000_000) / callCount
            }
            return String(rounds.min() ?? 0)
        }
        print("\(name): \(times.joined(separator: ", "))")
    }
}
