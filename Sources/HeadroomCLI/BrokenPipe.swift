// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// The end of a reader: `headroom log | head -1` is no failure, and nothing is said about it.
enum BrokenPipe {
    /// Lets a write that nobody reads fail, instead of ending the process in the middle of its work.
    static func becomeAnError() { signal(SIGPIPE, SIG_IGN) }

    /// Ends the process as one that the signal has ended, which is what a shell expects.
    static func endProcess() -> Never {
        signal(SIGPIPE, SIG_DFL)
        raise(SIGPIPE)
        // The signal is blocked.
        exit(128 + SIGPIPE)
    }

    /// Whether an error of Foundation's says that nobody reads any more.
    static func isCause(of error: any Error) -> Bool {
        let error = error as NSError
        let cause = error.userInfo[NSUnderlyingErrorKey] as? NSError ?? error
        return cause.domain == NSPOSIXErrorDomain && cause.code == Int(EPIPE)
    }
}
