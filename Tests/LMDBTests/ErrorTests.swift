// SPDX-License-Identifier: Apache-2.0
import Glibc
import LMDB
import Testing

/// What the errors say, and what they say to do.
@Suite struct ErrorTests {
    private func error(
        _ code: Int32,
        _ operation: LMDBError.Operation = .put
    ) -> LMDBError {
        LMDBError(.code(code), operation: operation, path: "/srv/ledger")
    }

    @Test(arguments: [
        (LMDBCode.mapFull, "larger map"), (ENOSPC, "Free space"), (EFBIG, "Free space"),
        (EDQUOT, "Free space"), (EACCES, "owner and the mode"), (EPERM, "owner and the mode"),
        (EROFS, "owner and the mode"), (ENOENT, "create it first"),
        (LMDBCode.invalid, "not an LMDB data file"),
        (LMDBCode.versionMismatch, "with that version"),
        (LMDBCode.corrupted, "restore a backup"), (LMDBCode.pageNotFound, "restore a backup"),
        (EIO, "system's log"), (LMDBCode.panic, "Close, reopen"),
        (LMDBCode.readersFull, "reader slots"),
        (LMDBCode.databasesFull, "room for more"), (LMDBCode.mapResized, "larger map"),
        (ENOMEM, "address space"), (LMDBCode.transactionFull, "Split it"),
    ])
    func aDescriptionSaysWhatToDo(code: Int32, advice: String) {
        let description = error(code).description
        #expect(description.hasPrefix("put /srv/ledger: "))
        #expect(description.contains(advice))
    }

    @Test func anUnknownCodeIsShown() {
        #expect(error(EXDEV).description.hasSuffix("(\(EXDEV))"))
        #expect(error(EXDEV).code == EXDEV)
    }

    @Test func onlyFailuresBeforeTheFirstByteLeaveTheOutcomeKnown() {
        for code in [EIO, ENOSPC, EFBIG, EDQUOT, LMDBCode.panic, ENOMEM, LMDBCode.corrupted] {
            #expect(error(code, .commit).isOutcomeUnknown)
            #expect(error(code, .flush).isOutcomeUnknown)
            #expect(!error(code, .put).isOutcomeUnknown)
        }
        for code in [LMDBCode.mapFull, LMDBCode.transactionFull, LMDBCode.badTransaction] {
            #expect(!error(code, .commit).isOutcomeUnknown)
        }
    }

    @Test func aDamagedFileIsToldFromOneThatIsBusyOrMissing() {
        for code in [
            LMDBCode.invalid, LMDBCode.versionMismatch, LMDBCode.corrupted, LMDBCode.pageNotFound,
        ] {
            #expect(error(code).isDamaged)
        }
        for code in [ENOENT, EACCES, EIO, LMDBCode.mapFull] { #expect(!error(code).isDamaged) }
        #expect(error(LMDBCode.notFound).isNotFound)
        #expect(!error(EACCES).isNotFound)
    }
}

/// The codes of `lmdb.h`, whose numbers never change.
private enum LMDBCode {
    static let mapFull: Int32 = -30792
    static let invalid: Int32 = -30793
    static let versionMismatch: Int32 = -30794
    static let corrupted: Int32 = -30796
    static let pageNotFound: Int32 = -30797
    static let panic: Int32 = -30795
    static let readersFull: Int32 = -30790
    static let databasesFull: Int32 = -30791
    static let mapResized: Int32 = -30785
    static let transactionFull: Int32 = -30788
    static let badTransaction: Int32 = -30782
    static let notFound: Int32 = -30798
}
