// SPDX-License-Identifier: Apache-2.0

#if PlantedBugs
    import Synchronization

    /// A bug that is in the code on purpose, for the simulator to find.
    ///
    /// All of this exists only under the trait `PlantedBugs`, and then only one bug is on at a time.
    package enum PlantedBug: Int, CaseIterable, Sendable {
        /// The disk says that a batch is synced, and does not sync it.
        case skippedSync = 1
        /// An append of a writer that was succeeded goes through.
        case staleEpoch
        /// A writer that is told that it was succeeded goes on.
        case ignoredFence
        /// Answers are given when they are decided.
        case answerBeforeDurable
        /// Of a batch in several appends everything is answered after the first.
        case answerAfterFirstAppend
        /// A recovery forgets that some operations were answered.
        case lostIdempotencyRecord
        /// What a hold by a country's allocation frees stays taken there.
        case forgottenUndo
        /// A charge counts for a day longer than its window.
        case windowOffByOne
        /// A redaction takes no notice of legal holds.
        case ignoredLegalHold
        /// Of an operation whose text was taken out only the whole content is compared.
        case forgottenText
        /// An approved redaction takes nothing out of the log.
        case keptPerson

        private static let number = Atomic<Int>(0)

        /// The bug that is on.
        package static var active: PlantedBug? {
            // Relaxed: it is set before any ledger is made.
            get { PlantedBug(rawValue: number.load(ordering: .relaxed)) }
            set { number.store(newValue?.rawValue ?? 0, ordering: .relaxed) }
        }
    }
#endif
