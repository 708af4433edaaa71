// SPDX-License-Identifier: Apache-2.0

import Foundation

/// The digests that the decisions of workloads have to have: a line each, the workload and 16
/// hexadecimal digits.
struct DigestFile {
    private let digests: [(workload: String, digest: String)]

    init(_ digests: [(workload: String, digest: String)]) { self.digests = digests }

    static func read(_ path: String) throws -> DigestFile {
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw UsageError("\(path) can not be read")
        }
        return DigestFile(
            text.split(separator: "\n").compactMap { line in
                let words = line.split(separator: " ")
                return words.count == 2 ? (String(words[0]), String(words[1])) : nil
            }
        )
    }

    func write(to path: String) throws {
        let text = digests.map { "\($0.workload) \($0.digest)\n" }.joined()
        try text.write(toFile: path, atomically: true, encoding: .utf8)
    }

    /// Fails unless each workload has the digest that is written down for it.
    func require(_ found: [(workload: String, digest: String)]) throws {
        for (workload, digest) in found {
            guard let expected = digests.first(where: { $0.workload == workload })?.digest else {
                throw BenchmarkFailure("no digest is written down for \(workload)")
            }
            guard digest == expected else {
                throw BenchmarkFailure(
                    "the decisions of \(workload) have the digest \(digest), not \(expected): "
                        + "a decision or the workload changed"
                )
            }
        }
    }
}
