// SPDX-License-Identifier: Apache-2.0

/// What is to be made visible to everyone once a batch is durable, such as the room under limits.
///
/// Made by the decider right after it decided the batch, from the state as it then is. It goes with
/// the batch, and nobody on the way looks into it. It is applied once, when every entry of the batch
/// is durable and before the last of its answers goes out; those of several batches are applied in
/// the order in which the batches were decided, never two at once. After a failure those that are
/// left are dropped.
package struct BatchPublication: Sendable {
    private let publish: @Sendable () -> Void

    /// Makes a publication.
    ///
    /// - Parameter publish: Makes visible what there is; called at most once, on a thread that
    ///   answers callers, so it must be short and must not wait.
    package init(_ publish: @escaping @Sendable () -> Void) { self.publish = publish }

    /// Makes it visible.
    package func apply() { publish() }
}
