// SPDX-License-Identifier: Apache-2.0

// Usage: index-bench COUNT FOLDER [SECONDS]
//
// Measures the index of operations against plain tables of LMDB, with COUNT ids; FOLDER is emptied.
// A table that takes longer than SECONDS (120) to fill is left where it is then.
// It is a target of the package and not of the benchmarks because it measures what only this
// package may see.

import Foundation

let arguments = CommandLine.arguments
guard arguments.count >= 3, let count = Int(arguments[1]), count > 0 else {
    FileHandle.standardError.write(Data("usage: index-bench COUNT FOLDER [SECONDS]\n".utf8))
    exit(2)
}
let seconds = arguments.count > 3 ? Double(arguments[3]) ?? 120 : 120
let folder = URL(fileURLWithPath: arguments[2])
try? FileManager.default.removeItem(at: folder)
try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
print("\(count) ids, \(ProcessInfo.processInfo.activeProcessorCount) cores")
print("| what | ids | put: CPU | put: wall | new id | known id | memory | disk |")
print("|---|---:|---:|---:|---:|---:|---:|---:|")
let note = try measureRuns(count, in: folder.appending(path: "runs"))
for isSorted in [false, true] {
    try measureTable(
        count,
        in: folder.appending(path: isSorted ? "sorted" : "arrival"),
        isSorted: isSorted,
        atMost: seconds
    )
}
print(note)
try FileManager.default.removeItem(at: folder)
