// SPDX-License-Identifier: Apache-2.0

/// Reads one tool call in a syntax the model was trained on, out of text that is still growing. `<tool_call>` or
/// `<function_calls>` may stand around each form:
///
///     <function=NAME> <parameter=KEY> VALUE </parameter> … </function>
///     <invoke name="NAME"> <parameter name="KEY"> VALUE </parameter> … </invoke>
///     {"name": NAME, "arguments": {…}}
struct LeakedCallGrammar {
    enum Result: Equatable {
        case call(name: String, arguments: [UInt8], end: Int)
        /// It is not clear yet what it is.
        case incomplete
        /// A call, as far as it goes. Inside a value only a closing tag can change anything.
        case incompleteCall(isInsideValue: Bool)
        case text
    }

    /// The tags around calls, of whichever form.
    static let wrappers: [StaticString] = ["<tool_call>", "<function_calls>"]
    static let wrapperEnds: [StaticString] = ["</tool_call>", "</function_calls>"]

    /// How a call with its parameters in tags is spelled. An opening tag goes on with a name and `>`.
    struct TagForm: Sendable {
        let opening: StaticString
        let closing: StaticString
        let parameter: StaticString

        static let all = [
            TagForm(opening: "<function=", closing: "</function>", parameter: "<parameter="),
            TagForm(opening: "<invoke name=", closing: "</invoke>", parameter: "<parameter name="),
        ]
    }

    private let text: [UInt8]
    private let context: ResponseContext
    /// Nothing more comes, so that closing tags behind the last value may be missing.
    private let isAtEnd: Bool
    private var position = 0

    static func read(_ text: [UInt8], context: ResponseContext, isAtEnd: Bool) -> Result {
        var grammar = LeakedCallGrammar(text: text, context: context, isAtEnd: isAtEnd)
        return grammar.readCall()
    }

    private init(text: [UInt8], context: ResponseContext, isAtEnd: Bool) {
        self.text = text
        self.context = context
        self.isAtEnd = isAtEnd
    }

    private mutating func readCall() -> Result {
        if Self.wrappers.contains(where: { self.take($0) }) { self.skipWhitespace() }
        guard self.position < self.text.count else { return .incomplete }
        if self.text[self.position] == UInt8(ascii: "{") { return self.readObject() }
        for form in TagForm.all {
            if self.take(form.opening) { return self.readTags(form) }
        }
        return TagForm.all.contains { self.mayStillBecome($0.opening) } ? .incomplete : .text
    }

    // MARK: - <function=NAME>, <invoke name="NAME">

    private mutating func readTags(_ form: TagForm) -> Result {
        guard let nameEnd = self.text[self.position...].firstIndex(of: UInt8(ascii: ">")) else {
            return self.text.count - self.position > 256 ? .text : .incomplete
        }
        let name = String(decoding: self.withoutQuotes(self.position..<nameEnd), as: UTF8.self)
        guard let tool = self.context.tool(called: name) else { return .text }
        self.position = nameEnd + 1
        var writer = JSONWriter()
        writer.raw("{")
        while true {
            self.skipWhitespace()
            if self.take(form.closing) { break }
            guard self.take(form.parameter) else {
                if self.isAtEnd, self.position == self.text.count || self.isAtWrapperEnd { break }
                let goesOn = self.mayStillBecome(form.parameter) || self.mayStillBecome(form.closing)
                return goesOn ? .incompleteCall(isInsideValue: false) : .text
            }
            guard let parameter = self.readParameter(form) else { return .incompleteCall(isInsideValue: true) }
            if writer.count > 1 { writer.raw(",") }
            writer.raw("\"")
            writer.escaped(parameter.key.span)
            writer.raw("\":")
            let types = tool.parameters[String(decoding: parameter.key, as: UTF8.self)] ?? []
            ParameterCoercion.write(parameter.value, as: types, to: &writer)
        }
        writer.raw("}")
        return .call(name: name, arguments: writer.take(), end: self.position)
    }

    /// Nil when the value is not whole. A value may itself hold `</parameter>`, so its end is only where the call goes
    /// on behind it.
    private mutating func readParameter(_ form: TagForm) -> (key: ArraySlice<UInt8>, value: ArraySlice<UInt8>)? {
        guard let keyEnd = self.text[self.position...].firstIndex(of: UInt8(ascii: ">")) else { return nil }
        let key = self.withoutQuotes(self.position..<keyEnd)
        var searched = keyEnd + 1
        while case .found(let tag, _) = TagMatch.first(of: ["</parameter>"], in: self.text, from: searched) {
            self.position = tag.upperBound
            self.skipWhitespace()
            let isAtEnd = self.isAtEnd && self.position == self.text.count
            if isAtEnd || self.isAt(form.parameter) || self.isAt(form.closing) || self.isAtWrapperEnd {
                return (key, self.withoutLineEnds(keyEnd + 1..<tag.lowerBound))
            }
            searched = tag.upperBound
        }
        return nil
    }

    /// `"NAME"`, perhaps with more attributes behind it, or the bare `NAME`.
    private func withoutQuotes(_ range: Range<Int>) -> ArraySlice<UInt8> {
        let name = self.text[range]
        guard name.first == UInt8(ascii: "\"") else { return name }
        return name.dropFirst().prefix { $0 != UInt8(ascii: "\"") }
    }

    /// The format puts each value on lines of its own.
    private func withoutLineEnds(_ range: Range<Int>) -> ArraySlice<UInt8> {
        var value = self.text[range]
        if value.first == 0x0A { value.removeFirst() }
        if value.last == 0x0A { value.removeLast() }
        return value
    }

    // MARK: - {"name": …}

    private mutating func readObject() -> Result {
        // A string inside the object may hold the tag as well: the object must be whole in front of it.
        var searched = self.position
        while case .found(let tag, _) = TagMatch.first(of: Self.wrapperEnds, in: self.text, from: searched) {
            if let call = self.call(in: self.position..<tag.lowerBound, end: tag.upperBound) { return call }
            searched = tag.upperBound
        }
        if self.isAtEnd { return self.call(in: self.position..<self.text.count, end: self.text.count) ?? .text }
        return .incompleteCall(isInsideValue: true)
    }

    private func call(in range: Range<Int>, end: Int) -> Result? {
        guard let document = try? JSONDocument(parsing: Array(self.text[range])) else { return nil }
        guard let name = document.string("name", of: document.root), self.context.tool(called: name) != nil else {
            return .text
        }
        let arguments =
            document.member("arguments", of: document.root) ?? document.member("parameters", of: document.root)
        guard let arguments else { return .call(name: name, arguments: Array("{}".utf8), end: end) }
        let text = Array(document.bytes[document.range(of: arguments)])
        guard let object = ToolArgumentRepair.object(from: text) else { return .text }
        return .call(name: name, arguments: object, end: end)
    }

    // MARK: - Tokens

    private mutating func skipWhitespace() {
        while self.position < self.text.count, self.text[self.position].isJSONWhitespace { self.position += 1 }
    }

    private func isAt(_ tag: StaticString) -> Bool { TagMatch.begins(self.text[self.position...], with: tag) }

    private var isAtWrapperEnd: Bool { Self.wrapperEnds.contains { self.isAt($0) } }

    private mutating func take(_ tag: StaticString) -> Bool {
        guard self.isAt(tag) else { return false }
        self.position += tag.utf8CodeUnitCount
        return true
    }

    /// Whether the rest of the text is the beginning of `tag`.
    private func mayStillBecome(_ tag: StaticString) -> Bool {
        if self.isAtEnd { return false }
        if self.position == self.text.count { return true }
        return TagMatch.first(of: [tag], in: self.text, from: self.position) == .possible(self.position)
    }
}
