// SPDX-License-Identifier: Apache-2.0

import Synchronization

#if Service
    import ArgumentParser
#endif

/// When results are colored.
enum ColorChoice: String, CaseIterable, Sendable {
    /// On a terminal that can show colors, unless `NO_COLOR` is set.
    case auto
    /// Wherever they go.
    case always
    /// Nowhere.
    case never

    /// What the user chose; set once, while the arguments are read.
    static var current: ColorChoice {
        get { chosen.withLock { $0 } }
        set { chosen.withLock { $0 = newValue } }
    }

    private static let chosen = Mutex(ColorChoice.auto)
}

#if Service
    extension ColorChoice: ExpressibleByArgument {}
#endif
