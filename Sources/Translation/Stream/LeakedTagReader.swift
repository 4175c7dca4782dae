// SPDX-License-Identifier: Apache-2.0

/// Reads a call with its parameters in tags, from its name on. Goes forward only, like `LeakedCallReader`, which owns it.
///
/// A value may itself hold the markup of calls, as a file about this format does. So it ends
///
/// - at a `</parameter>` that is followed by another parameter or by the end of the call, or
/// - without one, before a parameter at the start of a line (or anywhere in a call written on one line) that the tool
///   declares and that was not given yet, or
/// - without one, before the end of the call, when the next call or the end of the text follows,
///
/// and nowhere inside a call that begins within the value.
struct LeakedTagReader: Sendable {
    private enum State: Sendable {
        /// Behind `<function=`.
        case name
        case betweenParameters
        /// Behind `<parameter=`, where one is sure to begin.
        case parameterName
        case value
        /// Behind a `</parameter>`, which ends the value if the call goes on.
        case behindParameter
        /// Behind `<parameter=` after that.
        case nextParameterName
        /// Behind a `<parameter=` inside the value, which ends it if the name fits.
        case possibleParameterName
        /// Behind a `<function=` inside the value.
        case nestedName
        case nestedOpening
        /// Behind a `</function>` without `</parameter>`, which ends the call if nothing of it follows.
        case behindBareClosing
        case behindBareWrapperEnd
        /// Behind the closing tag.
        case closed
    }

    // The text of the answer waits while a name may still come; an angle bracket in prose must not hold it for long.
    private static let maximumNameLength = 256

    private let tools: [DeclaredTool]
    private var isWrapped = false
    private var form = LeakedCallSyntax.forms[0]
    private var state = State.name
    private(set) var position = 0

    /// Where the name that is being read begins.
    private var mark = 0
    /// Its place among the tools.
    private var number: Int?
    private var key: [UInt8] = []
    private var given: Set<[UInt8]> = []
    private var value = 0..<0
    /// Calls that are open inside the value.
    private var nesting = 0
    private var arguments = JSONWriter()
    private var call: LeakedCall?
    private var callEnd = 0

    init(tools: [DeclaredTool]) { self.tools = tools }

    private var tool: DeclaredTool? { self.number.map { self.tools[$0] } }

    /// `position` is the offset after the opening tag.
    mutating func begin(_ form: LeakedCallSyntax.TagForm, isWrapped: Bool, at position: Int) {
        self.form = form
        self.isWrapped = isWrapped
        self.begin(.name, at: position)
        self.number = nil
        self.nesting = 0
        self.call = nil
        // What the last call left behind, if it was one.
        if !self.key.isEmpty { self.key = [] }
        if !self.given.isEmpty { self.given = [] }
        if self.arguments.count > 0 { self.arguments = JSONWriter() }
    }

    /// The buffer lost this many bytes at its beginning.
    mutating func shift(by count: Int) {
        self.position -= count
        self.mark -= count
        self.value = self.value.lowerBound - count..<self.value.upperBound - count
        self.callEnd -= count
    }

    mutating func read(_ text: [UInt8]) -> LeakedCallReader.Progress {
        while true {
            if let progress = self.step(text) { return progress }
        }
    }

    mutating func finish(_ text: [UInt8], isAtEnd: Bool) -> LeakedCallReader.End {
        switch self.state {
        case .name: return .text
        // A name without any parameter and without an end may as well be a mention of the tag.
        case .betweenParameters where self.given.isEmpty: return isAtEnd ? .text : .cut
        case .betweenParameters: return isAtEnd ? self.end(self.closedCall()) : .cut
        case .behindParameter, .behindBareClosing, .behindBareWrapperEnd:
            guard isAtEnd else { return .cut }
            self.endValue(text)
            return self.end(self.closedCall())
        case .parameterName, .value, .nextParameterName, .possibleParameterName, .nestedName, .nestedOpening:
            return .cut
        case .closed: return self.end(self.call)
        }
    }

    private func end(_ call: LeakedCall?) -> LeakedCallReader.End { call.map { .call($0) } ?? .text }

    /// One step; nil when there may be another.
    private mutating func step(_ text: [UInt8]) -> LeakedCallReader.Progress? {
        switch self.state {
        case .name: self.readName(text)
        case .betweenParameters: self.readBetweenParameters(text)
        case .parameterName, .nextParameterName, .possibleParameterName: self.readParameterName(text)
        case .value: self.readValue(text)
        case .behindParameter: self.readBehindParameter(text)
        case .nestedName: self.readNestedName(text)
        case .nestedOpening: self.readNestedOpening(text)
        case .behindBareClosing: self.readBehindBareClosing(text)
        case .behindBareWrapperEnd: self.readBehindBareWrapperEnd(text)
        case .closed: self.readWrapperEnd(text)
        }
    }
}

// MARK: - The beginning

extension LeakedTagReader {
    private mutating func readName(_ text: [UInt8]) -> LeakedCallReader.Progress? {
        guard let end = self.nameEnd(text) else { return self.isNameTooLong(text) ? self.failedName : .needsMore }
        let name = LeakedCallSyntax.withoutQuotes(text[self.mark..<end])
        guard text[end] == UInt8(ascii: ">"), let number = self.tools.index(called: name) else {
            return self.failedName
        }
        self.number = number
        self.position = end + 1
        self.state = .betweenParameters
        return nil
    }

    private mutating func readBetweenParameters(_ text: [UInt8]) -> LeakedCallReader.Progress? {
        guard let byte = self.skipWhitespace(text) else { return .needsMore }
        guard byte == UInt8(ascii: "<") else { return .text(end: self.position) }
        switch TagMatch.at(self.position, in: text, of: self.form.betweenParameters) {
        case .whole(0, let end): self.begin(.parameterName, at: end)
        case .whole(1, let end): self.close(at: end)
        case .whole: return self.closedCall().map { self.whole($0, text) }
        case .partial: return .needsMore
        case .none: return .text(end: self.position)
        }
        return nil
    }

    private mutating func begin(_ state: State, at position: Int) {
        self.state = state
        self.position = position
        self.mark = position
    }

    /// The offset of the `>` after a name, or of a byte that is in no name. The position is there afterwards.
    private mutating func nameEnd(_ text: [UInt8]) -> Int? {
        while self.position < text.count, self.position - self.mark <= Self.maximumNameLength {
            switch text[self.position] {
            case UInt8(ascii: ">"), UInt8(ascii: "<"), UInt8(ascii: "\n"): return self.position
            default: self.position += 1
            }
        }
        return nil
    }

    private func isNameTooLong(_ text: [UInt8]) -> Bool { self.position - self.mark > Self.maximumNameLength }

    private var failedName: LeakedCallReader.Progress { .text(end: self.position) }

    /// The next byte that is no white space; the position is there afterwards.
    private mutating func skipWhitespace(_ text: [UInt8]) -> UInt8? {
        while self.position < text.count {
            let byte = text[self.position]
            guard byte.isJSONWhitespace else { return byte }
            self.position += 1
        }
        return nil
    }
}

// MARK: - Parameters

extension LeakedTagReader {
    private mutating func readParameterName(_ text: [UInt8]) -> LeakedCallReader.Progress? {
        let end = self.nameEnd(text)
        if end == nil, !self.isNameTooLong(text) { return .needsMore }
        guard let end, text[end] == UInt8(ascii: ">") else {
            // What cannot be a name inside a value belongs to the value: a file about this markup holds such tags.
            guard case .parameterName = self.state else {
                self.state = .value
                return nil
            }
            return .text(end: self.position)
        }
        let key = Array(LeakedCallSyntax.withoutQuotes(text[self.mark..<end]))
        switch self.state {
        case .possibleParameterName where !self.isMissing(key):
            self.state = .value
            return nil
        case .nextParameterName where key == self.key:
            // Which of the two values is meant cannot be known.
            return .text(end: self.position)
        // A parameter is given once, so this is text of the value that looks like markup.
        case .nextParameterName where self.given.contains(key):
            self.state = .value
            return nil
        case .nextParameterName, .possibleParameterName:
            self.endValue(text)
        default:
            break
        }
        self.key = key
        self.position = end + 1
        self.value = self.position..<self.position
        self.nesting = 0
        self.state = .value
        return nil
    }

    /// The tool has such a parameter, and the call has not given it yet.
    private func isMissing(_ key: [UInt8]) -> Bool {
        key != self.key && !self.given.contains(key)
            && self.tool?.parameters[String(decoding: key, as: UTF8.self)] != nil
    }

    private mutating func readValue(_ text: [UInt8]) -> LeakedCallReader.Progress? {
        guard let start = text.span.first(UInt8(ascii: "<"), from: self.position) else {
            self.position = text.count
            return .needsMore
        }
        self.position = start
        switch TagMatch.at(start, in: text, of: self.form.insideValue) {
        case .none:
            self.position += 1
        case .partial:
            return .needsMore
        // The numbers are places in `insideValue`: 0 `</parameter>`, 1 a parameter, 2 an opening, 3 a closing tag.
        case .whole(2, let end):
            self.begin(.nestedName, at: end)
        // This closes a call that the value itself shows.
        case .whole(3, let end) where self.nesting > 0:
            self.nesting -= 1
            self.position = end
        case .whole(let tag, let end):
            self.position = end
            guard self.nesting == 0, tag != 1 || self.mayEndValue(at: start, text) else { return nil }
            self.value = self.value.lowerBound..<start
            self.mark = end
            self.state = tag == 0 ? .behindParameter : tag == 1 ? .possibleParameterName : .behindBareClosing
        }
        return nil
    }

    /// At the start of a line, or in a call that is written on one line and has no space there.
    private func mayEndValue(at start: Int, _ text: [UInt8]) -> Bool {
        var index = start
        while index > self.value.lowerBound, text[index - 1] == 0x20 || text[index - 1] == 0x09 { index -= 1 }
        guard index > self.value.lowerBound else { return true }
        if text[index - 1] == 0x0A { return true }
        // A value that begins on a line of its own has its end on one, too; only compact calls go on in the same
        // line.
        let isOnOneLine = text[self.value.lowerBound] != 0x0A && text[self.value.lowerBound] != 0x0D
        return isOnOneLine && index == start && !Self.isQuote(text[index - 1])
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "`") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }

    private mutating func readBehindParameter(_ text: [UInt8]) -> LeakedCallReader.Progress? {
        guard let byte = self.skipWhitespace(text) else { return .needsMore }
        self.state = .value
        guard byte == UInt8(ascii: "<") else { return nil }
        switch TagMatch.at(self.position, in: text, of: self.form.betweenParameters) {
        case .whole(0, let end): self.begin(.nextParameterName, at: end)
        case .whole(1, let end):
            self.endValue(text)
            self.close(at: end)
        case .whole:
            self.endValue(text)
            return self.closedCall().map { self.whole($0, text) }
        case .partial:
            self.state = .behindParameter
            return .needsMore
        case .none: break
        }
        return nil
    }

    private mutating func readNestedName(_ text: [UInt8]) -> LeakedCallReader.Progress? {
        let end = self.nameEnd(text)
        if end == nil, !self.isNameTooLong(text) { return .needsMore }
        self.state = .value
        guard let end, text[end] == UInt8(ascii: ">") else { return nil }
        self.position = end + 1
        self.state = .nestedOpening
        return nil
    }

    /// A call inside the value, and not only its first tag.
    private mutating func readNestedOpening(_ text: [UInt8]) -> LeakedCallReader.Progress? {
        guard let byte = self.skipWhitespace(text) else { return .needsMore }
        if byte == UInt8(ascii: "<") {
            switch TagMatch.at(self.position, in: text, of: self.form.behindNestedName) {
            case .whole(_, _): self.nesting += 1
            case .partial: return .needsMore
            case .none: break
            }
        }
        self.state = .value
        return nil
    }

    private mutating func readBehindBareClosing(_ text: [UInt8]) -> LeakedCallReader.Progress? {
        guard let byte = self.skipWhitespace(text) else { return .needsMore }
        // A bare closing tag also occurs in text about the format. It ends the call only where something ends or
        // begins after it.
        let tags = self.isWrapped ? LeakedCallSyntax.wrapperEnds : LeakedCallSyntax.openings
        guard byte == UInt8(ascii: "<") else {
            self.state = .value
            return nil
        }
        switch TagMatch.at(self.position, in: text, of: tags) {
        case .whole(_, let end) where self.isWrapped:
            self.position = end
            self.state = .behindBareWrapperEnd
        case .whole:
            self.endValue(text)
            return self.closedCall().map { .call($0, end: self.position) }
        case .partial: return .needsMore
        case .none: self.state = .value
        }
        return nil
    }

    private mutating func readBehindBareWrapperEnd(_ text: [UInt8]) -> LeakedCallReader.Progress? {
        guard let byte = self.skipWhitespace(text) else { return .needsMore }
        self.state = .value
        guard byte == UInt8(ascii: "<") else { return nil }
        switch TagMatch.at(self.position, in: text, of: LeakedCallSyntax.openings) {
        case .whole:
            self.endValue(text)
            return self.closedCall().map { .call($0, end: self.position) }
        case .partial:
            self.state = .behindBareWrapperEnd
            return .needsMore
        case .none: return nil
        }
    }

    private mutating func endValue(_ text: [UInt8]) {
        let key = self.key
        self.arguments.raw(self.given.isEmpty ? "{\"" : ",\"")
        self.arguments.escaped(key.span)
        self.arguments.raw("\":")
        let types = self.tool?.parameters[String(decoding: key, as: UTF8.self)] ?? []
        // In tags every value is text; the schema says which are meant as numbers, objects or booleans.
        ParameterCoercion.write(Self.withoutLineEnds(text[self.value]), as: types, to: &self.arguments)
        self.given.insert(key)
    }

    /// The format puts each value on lines of its own.
    private static func withoutLineEnds(_ value: ArraySlice<UInt8>) -> ArraySlice<UInt8> {
        var value = value
        if value.first == 0x0D, value.dropFirst().first == 0x0A { value.removeFirst() }
        if value.first == 0x0A { value.removeFirst() }
        if value.last == 0x0A { value.removeLast() }
        if value.last == 0x0D { value.removeLast() }
        return value
    }
}

// MARK: - The end

extension LeakedTagReader {
    private mutating func closedCall() -> LeakedCall? {
        self.arguments.raw(self.given.isEmpty ? "{}" : "}")
        return self.tool.map { LeakedCall(name: $0.upstreamName, arguments: self.arguments.take()) }
    }

    private mutating func close(at end: Int) {
        self.call = self.closedCall()
        self.callEnd = end
        self.position = end
        self.state = .closed
    }

    /// Behind the closing tag the end of the wrapper belongs to the call.
    private mutating func readWrapperEnd(_ text: [UInt8]) -> LeakedCallReader.Progress? {
        guard let call = self.call else { return .text(end: self.position) }
        guard self.isWrapped else { return .call(call, end: self.callEnd) }
        guard let byte = self.skipWhitespace(text) else { return .needsMore }
        guard byte == UInt8(ascii: "<") else { return .call(call, end: self.callEnd) }
        switch TagMatch.at(self.position, in: text, of: LeakedCallSyntax.wrapperEnds) {
        case .whole(_, let end): return .call(call, end: end)
        case .partial: return .needsMore
        case .none: return .call(call, end: self.callEnd)
        }
    }

    /// The position is at the end of the wrapper.
    private func whole(_ call: LeakedCall, _ text: [UInt8]) -> LeakedCallReader.Progress {
        guard case .whole(_, let end) = TagMatch.at(self.position, in: text, of: LeakedCallSyntax.wrapperEnds) else {
            return .call(call, end: self.position)
        }
        return .call(call, end: end)
    }
}
