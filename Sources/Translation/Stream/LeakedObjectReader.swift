// SPDX-License-Identifier: Apache-2.0

/// Reads a call of Hermes' form, from its `{` on. Goes forward only, like `LeakedCallReader`, which owns it.
struct LeakedObjectReader: Sendable {
    private let tools: [DeclaredTool]
    private var start = 0
    private(set) var position = 0
    private var scanner = LeakedObjectScanner()
    /// Set when the object is whole; then only the end of the wrapper is missing.
    private var call: (call: LeakedCall, end: Int)?

    init(tools: [DeclaredTool]) { self.tools = tools }

    /// `position` is the offset of the `{`.
    mutating func begin(at position: Int) {
        self.start = position
        self.position = position
        self.scanner = LeakedObjectScanner()
        self.call = nil
    }

    /// The buffer lost this many bytes at its beginning.
    mutating func shift(by count: Int) {
        self.start -= count
        self.position -= count
        self.scanner.shift(by: count)
        if let call = self.call { self.call = (call.call, call.end - count) }
    }

    mutating func read(_ text: [UInt8]) -> LeakedCallReader.Progress {
        while true {
            let progress =
                if let call = self.call { self.readWrapperEnd(text, after: call.call, call.end) } else {
                    self.readObject(text)
                }
            if let progress { return progress }
        }
    }

    mutating func finish(_ text: [UInt8], isAtEnd: Bool) -> LeakedCallReader.End {
        if let call = self.call { return .call(call.call) }
        guard self.scanner.hasName else { return .text }
        return isAtEnd ? self.mendedCall(text).map { .call($0) } ?? .cut : .cut
    }

    private mutating func readObject(_ text: [UInt8]) -> LeakedCallReader.Progress? {
        switch self.scanner.scan(text, at: &self.position) {
        case .needsMore: return .needsMore
        case .broken: return .text(end: self.position)
        case .named(let name):
            // A name with escapes is compared when the object is whole and decoded.
            let isSpelledPlainly = !text[name].contains(UInt8(ascii: "\\"))
            // An unknown name is told apart here already, so that an object in prose is not held to its end.
            if isSpelledPlainly, self.tools.index(called: text[name]) == nil { return .text(end: self.position) }
            return nil
        case .complete:
            guard let call = self.call(in: text[self.start..<self.position]) else { return .text(end: self.position) }
            self.call = (call, self.position)
            return nil
        case .markup:
            switch TagMatch.at(self.position, in: text, of: LeakedCallSyntax.wrapperEnds) {
            case .partial: return .needsMore
            case .none: return .text(end: self.position)
            case .whole(_, let end):
                // The wrapper ended, so nothing of the object follows: only closing brackets can be missing.
                guard let call = self.mendedCall(text) else { return .text(end: self.position) }
                return .call(call, end: end)
            }
        }
    }

    /// The object is whole but for its last brackets.
    private func mendedCall(_ text: [UInt8]) -> LeakedCall? {
        guard self.scanner.isBehindWholeValue else { return nil }
        // Without arguments the missing part may be all of them: such a call is not completed.
        return self.call(in: text[self.start..<self.position] + self.scanner.missingBrackets, mustHaveArguments: true)
    }

    private func call(in object: ArraySlice<UInt8>, mustHaveArguments: Bool = false) -> LeakedCall? {
        var document = try? JSONDocument(parsing: Array(object))
        if document == nil, let mended = ToolArgumentRepair.object(from: Array(object)) {
            document = try? JSONDocument(parsing: mended)
        }
        guard let document else { return nil }
        // OpenAI's form has the members one level deeper.
        let root = document.member("function", of: document.root) ?? document.root
        guard let name = document.string("name", of: root), self.tools.tool(called: name) != nil else { return nil }
        guard
            let arguments = document.member("arguments", of: root) ?? document.member("parameters", of: root)
        else {
            return mustHaveArguments ? nil : LeakedCall(name: name, arguments: Array("{}".utf8))
        }
        let text = Array(document.bytes[document.range(of: arguments)])
        // Some models write the arguments as a string of JSON.
        return ToolArgumentRepair.object(from: text).map { LeakedCall(name: name, arguments: $0) }
    }

    /// The end of the wrapper, perhaps after a bracket too many.
    private mutating func readWrapperEnd(
        _ text: [UInt8], after call: LeakedCall, _ end: Int
    ) -> LeakedCallReader.Progress? {
        while self.position < text.count,
            text[self.position].isJSONWhitespace || text[self.position] == UInt8(ascii: "}")
        {
            self.position += 1
        }
        guard self.position < text.count else { return .needsMore }
        switch TagMatch.at(self.position, in: text, of: LeakedCallSyntax.wrapperEnds) {
        case .whole(_, let wrapperEnd): return .call(call, end: wrapperEnd)
        case .partial: return .needsMore
        case .none: return .call(call, end: end)
        }
    }
}
