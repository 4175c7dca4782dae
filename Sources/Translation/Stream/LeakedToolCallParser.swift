// SPDX-License-Identifier: Apache-2.0

/// Recovers tool calls that the model wrote into its text because the server in front of it did not recognise them.
/// Only calls of declared tools count; anything else is text and passes as soon as that is clear.
struct LeakedToolCallParser: Sendable {
    private enum State: Equatable {
        /// `held` is empty or may become an opening tag.
        case text
        /// `held` begins with an opening tag. Goes back to `text`.
        case call
    }

    private static let openings = LeakedCallGrammar.wrappers + LeakedCallGrammar.TagForm.all.map(\.opening)
    private static let openingsAndWrapperEnds = Self.openings + LeakedCallGrammar.wrapperEnds
    /// Each of them can end a call.
    private static let closings = LeakedCallGrammar.wrapperEnds + LeakedCallGrammar.TagForm.all.map(\.closing)
    private static let longestClosing = Self.closings.map(\.utf8CodeUnitCount).max() ?? 0
    /// A call longer than this is text.
    private static let maximumCallSize = 4 << 20

    private let context: ResponseContext
    private var state = State.text
    private var held: [UInt8] = []
    /// Inside a value: no closing tag that ends the call is whole before this offset of `held`. Otherwise zero.
    private var searched = 0
    /// A call was read and nothing but white space came since: a closing tag belongs to it.
    private var followsCall = false

    init(context: ResponseContext) { self.context = context }

    /// Text without a `<` passes unchanged.
    var isTransparent: Bool { self.held.isEmpty && !self.followsCall }
    /// A call that is not whole is being held.
    var isInsideCall: Bool {
        guard self.state == .call else { return false }
        switch LeakedCallGrammar.read(self.held, context: self.context, isAtEnd: false) {
        case .incompleteCall: return true
        case .call, .incomplete, .text: return false
        }
    }

    mutating func receive(_ text: [UInt8], into segments: inout [ContentSegment]) {
        guard !self.context.tools.isEmpty else { return segments.append(.text(text)) }
        self.held.append(contentsOf: text)
        while self.advance(into: &segments) {}
    }

    /// Nothing more comes. `isCutOff`: the token limit ended the answer, so what is missing is not only a closing tag,
    /// and the beginning of a call is no use to anybody.
    mutating func finish(isCutOff: Bool, into segments: inout [ContentSegment]) {
        if self.state == .call {
            if isCutOff, self.isInsideCall {
                self.held = []
            } else if case .call(let name, let arguments, let end) = LeakedCallGrammar.read(
                self.held, context: self.context, isAtEnd: !isCutOff)
            {
                segments.append(.call(name: name, arguments: arguments))
                self.held.removeFirst(end)
                self.removeClosingTag()
            }
        }
        if !self.held.isEmpty { segments.append(.text(self.held)) }
        self.held = []
        self.state = .text
    }

    /// One step; false when more text is needed.
    private mutating func advance(into segments: inout [ContentSegment]) -> Bool {
        guard !self.held.isEmpty else { return false }
        switch self.state {
        case .text: return self.advanceText(into: &segments)
        case .call: return self.advanceCall(into: &segments)
        }
    }

    private mutating func advanceText(into segments: inout [ContentSegment]) -> Bool {
        let match = TagMatch.first(of: self.followsCall ? Self.openingsAndWrapperEnds : Self.openings, in: self.held)
        let end: Int
        switch match {
        case .none: end = self.held.count
        case .possible(let start): end = start
        case .found(let range, _): end = range.lowerBound
        }
        if end > 0 {
            let text = Array(self.held[..<end])
            self.held.removeFirst(end)
            let isBlank = text.allSatisfy(\.isJSONWhitespace)
            // Between a call and the next one there are only line ends that mean nothing.
            if !(self.followsCall && isBlank) {
                segments.append(.text(text))
                self.followsCall = false
            }
        }
        guard case .found(let range, let tag) = match else { return false }
        if tag < Self.openings.count {
            self.state = .call
            self.searched = 0
            return true
        }
        // Text in front of it has made the end of a wrapper text as well.
        if !self.followsCall { segments.append(.text(Array(self.held[..<range.count]))) }
        self.held.removeFirst(range.count)
        return true
    }

    private mutating func advanceCall(into segments: inout [ContentSegment]) -> Bool {
        if self.held.count > Self.maximumCallSize { return self.releaseOpening(into: &segments) }
        guard self.searched == 0 || self.hasNewClosingTag else {
            self.searched = self.held.count
            return false
        }
        switch LeakedCallGrammar.read(self.held, context: self.context, isAtEnd: false) {
        case .call(let name, let arguments, let end):
            segments.append(.call(name: name, arguments: arguments))
            self.held.removeFirst(end)
            self.state = .text
            self.followsCall = true
            return true
        case .text:
            return self.releaseOpening(into: &segments)
        case .incompleteCall(let isInsideValue):
            self.searched = isInsideValue ? self.held.count : 0
            return false
        case .incomplete:
            return false
        }
    }

    private var hasNewClosingTag: Bool {
        let start = max(self.searched - Self.longestClosing, 0)
        if case .found = TagMatch.first(of: Self.closings, in: self.held, from: start) {
            return true
        }
        return false
    }

    /// What began like a call is text, at least its first character.
    private mutating func releaseOpening(into segments: inout [ContentSegment]) -> Bool {
        segments.append(.text([self.held.removeFirst()]))
        self.state = .text
        self.followsCall = false
        return true
    }

    private mutating func removeClosingTag() {
        let rest = self.held.drop { $0.isJSONWhitespace }
        for tag in LeakedCallGrammar.wrapperEnds where TagMatch.begins(rest, with: tag) {
            self.held = Array(rest.dropFirst(tag.utf8CodeUnitCount).drop { $0.isJSONWhitespace })
        }
    }
}
