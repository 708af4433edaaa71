// SPDX-License-Identifier: Apache-2.0

import Foundation

do {
    let options = try Options(CommandLine.arguments.dropFirst())
    exit(SimulationRun(options).status())
} catch {
    FileHandle.standardError.write(Data("headroom-simulate: \(error)\n".utf8))
    exit(2)
}
