// SPDX-License-Identifier: Apache-2.0

/// Finds records and fields in bytes that arrive in pieces; it holds positions, never bytes.
struct CSVScanner: Sendable {
    /// How far a scan came.
    enum Outcome {
        /// A record is complete.
        case record
        /// A record can not be read; the next scan goes on after its first line.
        case problem(Problem)
        /// The bytes end before the record does.
        case needsInput
    }

    /// Why a record can not be read.
    enum Problem {
        case strayQuote
        case textAfterQuote(UInt8)
        case loneReturn
        case tooLong
        case openQuoteTooLong
        case openQuoteAtEnd
    }

    /// What the next byte means.
    private enum State {
        /// A byte order mark may come.
        case startOfInput
        /// A field begins.
        case startOfField
        /// Inside a field without quotes.
        case bare
        /// Inside quotes.
        case quoted
        /// After a quote inside quotes: the first of two, or the closing one.
        case quoteSeen
        /// After a carriage return that must be half of a CRLF.
        case returnSeen
        /// The record is complete.
        case recordComplete
        /// In the first line of a record that was given up.
        case skippedLine
    }

    /// How many fields of the current record are complete.
    private(set) var fieldCount = 0
    /// The line on which the current record began, from 1.
    private(set) var recordLine = 1
    /// Whether a quoted field of the current record has doubled quotes.
    private(set) var hasDoubledQuotes = false
    /// Whether the current record has NUL or bytes that are not ASCII.
    private(set) var hasSuspectBytes = false

    /// The fields of the current record, and after them what is left of longer ones.
    private var fields: [CSVField] = []
    private var recordStart = 0
    private var position = 0
    private var line = 1
    private var state = State.startOfInput
    /// Where the current field starts and, once that is known, ends.
    private var fieldStart = 0
    private var fieldEnd = 0
    private var fieldHasDoubledQuotes = false
    /// Why the current record is given up, until its first line has come.
    private var problem: Problem?

    /// Whether the current record is an empty line.
    var isBlank: Bool { fieldCount == 1 && fields[0].start == 0 && fields[0].end == 0 }

    /// Where the bytes of a field of the current record stand.
    @inline(__always)
    func range(ofField index: Int) -> Range<Int> {
        let field = fields[index]
        return recordStart + Int(field.start)..<recordStart + Int(field.end)
    }

    /// Whether a field of the current record has doubled quotes.
    func hasDoubledQuotes(inField index: Int) -> Bool { fields[index].hasDoubledQuotes }

    /// Makes a field of the current record end sooner.
    mutating func shortenField(_ index: Int, to byteCount: Int) {
        fields[index].end = fields[index].start + Int32(byteCount)
    }

    /// Where the current record stands without its line end; or the first line of one that was given
    /// up, or as much of it as a record may have.
    func rangeOfRecord(in buffer: [UInt8]) -> Range<Int> {
        var end = position
        if state == .skippedLine {
            let limit = min(buffer.count, recordStart + CSVReader.maximumRecordByteCount)
            end = buffer[recordStart..<limit].firstIndex(of: UInt8(ascii: "\n")) ?? limit
        } else if end > recordStart, buffer[end - 1] == UInt8(ascii: "\n") {
            end -= 1
        }
        if end > recordStart, buffer[end - 1] == UInt8(ascii: "\r") { end -= 1 }
        return recordStart..<end
    }

    /// Makes the next scan go on after the first line of the record that is complete, if that has
    /// more lines than one.
    mutating func giveUpRecordOfSeveralLines() {
        guard line > recordLine + 1 else { return }
        state = .skippedLine
    }

    /// Says how many bytes at the front are done with, and counts positions from after them.
    mutating func forgetWhatIsRead() -> Int {
        if state == .recordComplete { startRecord() }
        let count = recordStart
        recordStart = 0
        position -= count
        fieldStart -= count
        fieldEnd -= count
        return count
    }

    /// Goes on to the end of the current record, or as far as the bytes go.
    mutating func scan(_ buffer: [UInt8], isFinished: Bool) -> Outcome {
        if problem != nil { return tellProblem(buffer, isFinished: isFinished) }
        let bytes = buffer.span
        switch state {
        case .recordComplete: startRecord()
        case .startOfInput:
            guard startInput(bytes, isFinished: isFinished) else { return .needsInput }
        case .skippedLine:
            guard finishSkippedLine(bytes) else { return .needsInput }
        default: break
        }
        let limit = recordStart + CSVReader.maximumRecordByteCount
        let end = min(bytes.count, limit)
        while position < end {
            if let found = step(bytes, to: end) {
                problem = found
                return tellProblem(buffer, isFinished: isFinished)
            }
            if state == .recordComplete { return .record }
        }
        if bytes.count > limit {
            problem = isInQuotesOverLines ? .openQuoteTooLong : .tooLong
            return tellProblem(buffer, isFinished: isFinished)
        }
        guard isFinished else { return .needsInput }
        if endInput() { return .record }
        return problem == nil ? .needsInput : tellProblem(buffer, isFinished: true)
    }
}

/// Where a field stands in its record.
struct CSVField: Sendable {
    /// Its first byte, after the opening quote if it has one.
    var start: Int32
    /// The byte after its last one.
    var end: Int32
    /// Whether quotes in it are doubled.
    var hasDoubledQuotes: Bool
}

extension CSVScanner {
    private mutating func startRecord() {
        recordStart = position
        recordLine = line
        state = .startOfField
        fieldCount = 0
        hasDoubledQuotes = false
        hasSuspectBytes = false
    }

    /// Gives the record up once its first line has come, or as much of it as a record may have: so
    /// it is told what the line is, wherever the pieces of the input end.
    private mutating func tellProblem(_ buffer: [UInt8], isFinished: Bool) -> Outcome {
        let limit = recordStart + CSVReader.maximumRecordByteCount
        let end = min(buffer.count, limit)
        guard let problem, isFinished || end == limit || buffer[recordStart..<end].contains(0x0a)
        else { return .needsInput }
        self.problem = nil
        state = .skippedLine
        return .problem(problem)
    }

    private var isInQuotesOverLines: Bool { state == .quoted && line > recordLine }

    /// Skips a byte order mark; false if more bytes are needed to tell.
    private mutating func startInput(_ bytes: Span<UInt8>, isFinished: Bool) -> Bool {
        let mark: [UInt8] = [0xef, 0xbb, 0xbf]
        let matching = (0..<min(3, bytes.count)).prefix { bytes[$0] == mark[$0] }.count
        if matching == bytes.count, matching < 3, !isFinished { return false }
        if matching == 3 { position = 3 }
        startRecord()
        return true
    }

    /// Skips the first line of the record that was given up; false if its end has not come yet.
    private mutating func finishSkippedLine(_ bytes: Span<UInt8>) -> Bool {
        position = recordStart
        while position < bytes.count {
            position += 1
            if bytes[position - 1] == UInt8(ascii: "\n") {
                line = recordLine + 1
                startRecord()
                return true
            }
        }
        recordStart = position
        return false
    }

    /// Takes one byte, or a run of bytes that mean the same.
    @inline(__always)
    private mutating func step(_ bytes: Span<UInt8>, to end: Int) -> Problem? {
        switch state {
        case .bare: return scanBare(bytes, to: end)
        case .quoted: scanQuoted(bytes, to: end)
        case .startOfField: startField(bytes[position])
        case .quoteSeen: return afterQuote(bytes[position])
        default:
            guard bytes[position] == UInt8(ascii: "\n") else { return .loneReturn }
            endRecord()
        }
        return nil
    }

    @inline(__always)
    private mutating func startField(_ byte: UInt8) {
        fieldHasDoubledQuotes = false
        fieldStart = position
        state = .bare
        if byte == UInt8(ascii: "\"") {
            position += 1
            fieldStart = position
            state = .quoted
        }
    }

    @inline(__always)
    private mutating func scanBare(_ bytes: Span<UInt8>, to end: Int) -> Problem? {
        var index = position
        defer { position = index }
        while index < end {
            let byte = bytes[index]
            // From "-" to DEL nothing means anything to CSV: one comparison for most bytes.
            if byte &- 0x2d < 0x53 {
                index += 1
                continue
            }
            switch byte {
            case UInt8(ascii: ","):
                endField(at: index)
                index += 1
                state = .startOfField
                return nil
            case UInt8(ascii: "\n"):
                fieldEnd = index
                position = index
                endRecord()
                index = position
                return nil
            case UInt8(ascii: "\r"):
                fieldEnd = index
                index += 1
                state = .returnSeen
                return nil
            case UInt8(ascii: "\""): return .strayQuote
            case 0, 0x80...0xff: hasSuspectBytes = true
            default: break
            }
            index += 1
        }
        return nil
    }

    private mutating func scanQuoted(_ bytes: Span<UInt8>, to end: Int) {
        var index = position
        defer { position = index }
        while index < end {
            let byte = bytes[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""):
                fieldEnd = index - 1
                state = .quoteSeen
                return
            case UInt8(ascii: "\n"): line += 1
            case 0, 0x80...0xff: hasSuspectBytes = true
            default: break
            }
        }
    }

    private mutating func afterQuote(_ byte: UInt8) -> Problem? {
        switch byte {
        case UInt8(ascii: "\""):
            fieldHasDoubledQuotes = true
            hasDoubledQuotes = true
            state = .quoted
        case UInt8(ascii: ","):
            endField(at: fieldEnd)
            state = .startOfField
        case UInt8(ascii: "\r"): state = .returnSeen
        case UInt8(ascii: "\n"):
            endRecord()
            return nil
        default: return .textAfterQuote(byte)
        }
        position += 1
        return nil
    }

    @inline(__always)
    private mutating func endField(at end: Int) {
        let field = CSVField(
            start: Int32(truncatingIfNeeded: fieldStart - recordStart),
            end: Int32(truncatingIfNeeded: end - recordStart),
            hasDoubledQuotes: fieldHasDoubledQuotes
        )
        if fieldCount < fields.count {
            fields[fieldCount] = field
        } else {
            fields.append(field)
        }
        fieldCount += 1
    }

    /// Ends the record at its line feed.
    @inline(__always)
    private mutating func endRecord() {
        endField(at: fieldEnd)
        position += 1
        line += 1
        state = .recordComplete
    }

    /// Ends the record that is being read at the end of the input; false if there is none, or there is
    /// a problem with it.
    private mutating func endInput() -> Bool {
        switch state {
        case .startOfField where position == recordStart: return false
        case .startOfField:
            fieldHasDoubledQuotes = false
            fieldStart = position
            endField(at: position)
        case .bare: endField(at: position)
        case .quoteSeen: endField(at: fieldEnd)
        case .quoted: problem = .openQuoteAtEnd
        case .returnSeen: problem = .loneReturn
        case .startOfInput, .recordComplete, .skippedLine: return false
        }
        guard problem == nil else { return false }
        line += 1
        state = .recordComplete
        return true
    }
}
