// SPDX-License-Identifier: Apache-2.0

/// What happens next in a simulated world.
///
/// A history is a list of these. A number that names a process, a message or a request is taken
/// modulo how many there are, and a step for which there is nothing to do does nothing; so any
/// part of a history is a history too.
package enum Step: Hashable, Sendable {
    /// A caller sends operations of the stream, as one request.
    case ask(caller: Int, first: Int, count: Int, process: Int)
    /// A caller sends again what is not answered; with the time that it is by now, or as it was.
    case retry(request: Int, process: Int, isRestamped: Bool)
    /// A message arrives.
    case deliver(message: Int)
    /// A message is lost.
    case drop(message: Int)
    /// A message is there twice from now on.
    case duplicate(message: Int)
    /// A process's clock is so far off from now on.
    case setClock(process: Int, offMilliseconds: Int64)

    /// The core decides what waits.
    case decide(process: Int)
    /// The core's state is copied.
    case copyState(process: Int)
    /// A batch is written to the disk.
    case beginAppend(process: Int)
    /// It is synced, or is not.
    case finishAppend(process: Int, fate: AppendFate)
    /// Entries are read for replays; after so many batches reading fails, if it does.
    case recall(process: Int, failsAfter: Int?)
    /// A process answers those whose turn it is.
    case tell(process: Int)
    /// A process is asked for a snapshot.
    case requestSnapshot(process: Int)
    /// A snapshot is saved, or can not be.
    case saveSnapshot(process: Int, fails: Bool)

    /// A new process takes the log over; older ones do not know.
    case takeOver
    /// It rebuilds the state from log and snapshot; after so many batches reading fails, if it does.
    case recover(process: Int, failsAfter: Int?)
    /// The state of a process that has nothing to do is compared with the one that the log gives.
    case audit(process: Int)
    /// A process ends, whatever it is doing.
    case kill(process: Int)
    /// The power fails. Of a batch that was being synced so many thousandths have reached the disk,
    /// with a hole in the middle or without.
    case crash(keptThousandths: Int, hasHole: Bool)
    /// The snapshot store goes back to an older snapshot.
    case restoreSnapshot(Int)
    /// It has a flipped bit.
    case damageSnapshot(Int)
    /// It is gone.
    case loseSnapshot
}
