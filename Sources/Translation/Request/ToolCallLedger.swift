// SPDX-License-Identifier: Apache-2.0

/// Brings the calls of one assistant turn together with their results. Upstreams demand what clients do not always
/// deliver: identifiers that are unique in the whole conversation, and one result for each call, in the calls' order,
/// directly after them.
struct ToolCallLedger {
    /// Nothing in it is counted, so that it costs nothing to be copied.
    struct Call {
        let use: ToolUse
        /// Set once it is found.
        fileprivate(set) var result: ToolResult?
        /// The next call of the same turn that came under the same identifier, once the calls are indexed.
        fileprivate var nextWithSameID: Int?
    }

    /// Up to here looking through the calls is faster than hashing. Nearly every turn has one or two.
    private static let few = 8

    /// The calls of the current turn.
    private(set) var calls: [Call] = []
    /// The client's own identifiers of the calls.
    private var ids: [ToolCallID] = []
    private var renamedIDs: [String?] = []
    /// For many calls: for each identifier the first one that has no result yet, and the result's way back to its call.
    private var unanswered: [ToolCallID: Int] = [:]
    private var answers: [JSONNode: Int] = [:]
    private var isIndexed = false
    /// All identifiers told upstream so far, with the last number that was appended to each.
    private var derived: [ToolCallID: Int] = [:]

    /// - Parameter expectedCalls: in the whole conversation.
    init(expectedCalls: Int = 0) {
        if expectedCalls > 0 { self.derived.reserveCapacity(expectedCalls) }
    }

    mutating func beginTurn() {
        self.calls.removeAll(keepingCapacity: true)
        self.ids.removeAll(keepingCapacity: true)
        self.renamedIDs.removeAll(keepingCapacity: true)
        guard self.isIndexed else { return }
        self.isIndexed = false
        self.unanswered = [:]
        self.answers = [:]
    }

    /// Takes a call in. All calls of a turn come before its results.
    mutating func called(_ use: ToolUse, id: ToolCallID) {
        self.calls.append(Call(use: use))
        self.ids.append(id)
        self.renamedIDs.append(self.rename(id))
    }

    /// Takes a result in. One that answers no call of the current turn is no answer.
    mutating func answered(_ result: ToolResult, id: ToolCallID) {
        guard self.calls.count > Self.few else {
            for position in self.calls.indices where self.calls[position].result == nil && self.ids[position] == id {
                self.calls[position].result = result
                return
            }
            return
        }
        if !self.isIndexed { self.indexCalls() }
        guard let position = self.unanswered[id] else { return }
        self.calls[position].result = result
        self.answers[result.node] = position
        self.unanswered[id] = self.calls[position].nextWithSameID
    }

    /// The position of the call a result answers; nil for an orphan.
    func call(answeredBy result: ToolResult) -> Int? {
        guard self.isIndexed else { return self.calls.firstIndex { $0.result?.node == result.node } }
        return self.answers[result.node]
    }

    /// Another identifier for a call, when the client's own is not unique in the conversation, or empty.
    func renamedID(of call: Int) -> String? { self.renamedIDs[call] }

    private mutating func indexCalls() {
        // From the last to the first, so that the first call of an identifier is found first.
        for position in self.calls.indices.reversed() {
            self.calls[position].nextWithSameID = self.unanswered.updateValue(
                position, forKey: self.ids[position])
        }
        self.isIndexed = true
    }

    private mutating func rename(_ id: ToolCallID) -> String? {
        guard !id.isEmpty else { return self.unusedID(like: id) }
        // Nearly every identifier is new, so it is hashed once, and an earlier number put back where it was not.
        guard let number = self.derived.updateValue(1, forKey: id) else { return nil }
        self.derived[id] = number
        return self.unusedID(like: id)
    }

    private mutating func unusedID(like id: ToolCallID) -> String {
        let base = id.isEmpty ? ToolCallID("call") : id
        let text = base.text
        var number = self.derived[base] ?? 0
        var candidate: String
        repeat {
            number += 1
            candidate = "\(text)_\(number)"
        } while self.derived[ToolCallID(candidate)] != nil
        self.derived[base] = number
        // A later call of the client may have just this identifier.
        self.derived[ToolCallID(candidate)] = 1
        return candidate
    }
}

/// The identifier of a tool call, compared byte by byte. It shares the bytes of the document that it stands in: a
/// conversation has hundreds of them, each twice.
struct ToolCallID: Hashable {
    private let bytes: ArraySlice<UInt8>

    init(_ text: String) { self.bytes = Array(text.utf8)[...] }

    /// Empty when there is no identifier, or no string in its place.
    init(_ node: JSONNode?, in document: borrowing JSONDocument) {
        guard let node, document.kind(of: node) == .string else {
            self.bytes = []
            return
        }
        let contents = document.bytes[document.contents(of: node)]
        self.bytes = document.token(of: node).hasEscapes ? Array(JSONEscapes.decode(contents).utf8)[...] : contents
    }

    var isEmpty: Bool { self.bytes.isEmpty }

    var text: String { String(decoding: self.bytes, as: UTF8.self) }

    static func == (one: Self, other: Self) -> Bool { one.bytes.span.isEqual(to: other.bytes.span) }

    func hash(into hasher: inout Hasher) {
        unsafe self.bytes.withUnsafeBytes { unsafe hasher.combine(bytes: $0) }
    }
}
