// SPDX-License-Identifier: Apache-2.0

/// Tells thinking from text where a server leaves the model's `<think>…</think>` in the content.
///
/// An opening tag counts only as the first thing the model says; anywhere else it is text about tags. One closing tag
/// without an opening one is dropped, because servers that take thinking out sometimes forget it; not after a quotation mark
/// or a backtick, and not after the text has mentioned an opening one.
struct ThinkTagSplitter: Sendable {
    private enum State: Equatable {
        /// Only white space so far. Goes to `thinking` or `text`.
        case start
        /// Goes to `text`.
        case thinking
        /// Final.
        case text(dropsClosingTag: Bool)
    }

    private static let tags: [StaticString] = ["<think>", "</think>"]

    private var state = State.start
    /// The end of the text so far, which may become a tag.
    private var held: [UInt8] = []
    private var lastByte: UInt8 = 0

    /// Whether this text passes unchanged if there is no `<` in it. It is as it stands inside a JSON string.
    func passes(_ text: ArraySlice<UInt8>) -> Bool {
        guard self.held.isEmpty else { return false }
        return switch self.state {
        case .text: true
        case .thinking: false
        // White space may still be followed by an opening tag; it may be escaped.
        case .start: text.first.map { $0 > 0x20 && $0 != UInt8(ascii: "\\") } ?? false
        }
    }

    /// Text without a `<` went past.
    mutating func textPassed(lastByte: UInt8) {
        if self.state == .start { self.state = .text(dropsClosingTag: true) }
        self.lastByte = lastByte
    }

    mutating func receive(_ bytes: [UInt8], into segments: inout [ContentSegment]) {
        let text = self.held.isEmpty ? bytes : self.held + bytes
        self.held = []
        var start = 0
        var searched = 0
        while let index = text.span.first(UInt8(ascii: "<"), from: searched) {
            switch TagMatch.at(index, in: text, of: Self.tags) {
            case .none:
                searched = index + 1
            case .partial:
                self.append(text[start..<index], to: &segments)
                // Half a tag must not reach the client: sent text cannot be taken back.
                self.held = Array(text[index...])
                return
            case .whole(let tag, let end):
                self.append(text[start..<index], to: &segments)
                self.receiveTag(text[index..<end], isClosing: tag == 1, into: &segments)
                start = end
                searched = end
            }
        }
        self.append(text[start...], to: &segments)
    }

    /// Nothing more comes: what was held is no tag.
    mutating func finish(into segments: inout [ContentSegment]) {
        let held = self.held
        self.held = []
        self.append(held[...], to: &segments)
    }

    private mutating func receiveTag(_ tag: ArraySlice<UInt8>, isClosing: Bool, into segments: inout [ContentSegment]) {
        switch (self.state, isClosing) {
        case (.start, false):
            self.state = .thinking
        // A closing tag first: the template opened the thinking in the prompt, and the model thought nothing.
        case (.thinking, true), (.start, true):
            self.state = .text(dropsClosingTag: self.state == .start ? false : true)
            segments.append(.endOfThinking)
        case (.thinking, false):
            self.append(tag, to: &segments)
        case (.text(true), true) where !Self.isQuote(self.lastByte):
            self.state = .text(dropsClosingTag: false)
            segments.append(.endOfThinking)
        case (.text, _):
            // The text is about the tags from here on.
            self.append(tag, to: &segments)
            self.state = .text(dropsClosingTag: false)
        }
    }

    private mutating func append(_ bytes: ArraySlice<UInt8>, to segments: inout [ContentSegment]) {
        guard let last = bytes.last else { return }
        self.lastByte = last
        switch self.state {
        case .thinking:
            segments.append(.thinking(Array(bytes)))
        case .start where bytes.contains(where: { !$0.isJSONWhitespace }):
            self.state = .text(dropsClosingTag: true)
            segments.append(.text(Array(bytes)))
        case .start, .text:
            segments.append(.text(Array(bytes)))
        }
    }

    private static func isQuote(_ byte: UInt8) -> Bool {
        byte == UInt8(ascii: "`") || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'")
    }
}

/// A part of the model's content once the markup in it is understood. Plain UTF-8, not escaped.
enum ContentSegment: Equatable {
    case text([UInt8])
    case thinking([UInt8])
    /// The markup around thinking ended.
    case endOfThinking
    /// A call the model wrote as text; the arguments are a JSON object.
    case call(name: String, arguments: [UInt8])
}
