// SPDX-License-Identifier: Apache-2.0

import Dispatch
import Glibc

/// Says, when a signal ends an import, how to go on; the process then ends by that signal.
///
/// Nothing is waited for: what is answered is durable, and what is not is asked again by the next
/// run.
struct ImportInterruption {
    private let sources: [any DispatchSourceSignal]

    private static let signals = [SIGINT, SIGTERM]

    /// Watches for signals until it is told to ``end()``.
    ///
    /// - Parameter farewell: Says what there is to say, on another thread; called once.
    init(_ farewell: @escaping @Sendable () -> Void) {
        let queue = DispatchQueue(label: "headroom.import.signals")
        sources = Self.signals.map { number in
            let source = DispatchSource.makeSignalSource(signal: number, queue: queue)
            source.setEventHandler {
                // From here on a second signal ends the process at once.
                ImportInterruption.restore(number)
                farewell()
                raise(number)
            }
            source.activate()
            return source
        }
    }

    /// Lets signals end the process as they always do.
    func end() {
        for source in sources { source.cancel() }
        for number in Self.signals { ImportInterruption.restore(number) }
    }

    /// Gives a signal its usual meaning back, and lets it reach this thread.
    private static func restore(_ number: Int32) {
        signal(number, SIG_DFL)
        var mask = sigset_t()
        unsafe sigemptyset(&mask)
        unsafe sigaddset(&mask, number)
        unsafe pthread_sigmask(SIG_UNBLOCK, &mask, nil)
    }
}
