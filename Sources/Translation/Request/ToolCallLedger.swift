// SPDX-License-Identifier: Apache-2.0

/// Brings the calls of one assistant turn together with their results. Upstreams demand what clients do not always
/// deliver: identifiers that are unique in the whole conversation, and one result for each call, in the calls' order,
/// directly behind them.
struct ToolCallLedger {
    struct Call {
        /// The `tool_use` block.
        let node: JSONNode
        /// Set when the client's own identifier is not unique in the conversation, or empty.
        let renamedID: String?
        /// The `tool_result` block, once it is found.
        var result: JSONNode?
        /// The next call of the same turn that came under the same identifier.
        fileprivate var nextWithSameID: Int?
    }

    /// The calls of the current turn.
    private(set) var calls: [Call] = []
    /// For each identifier the first call that has no result yet, and the last one that was made.
    private var unanswered: [String: (first: Int?, last: Int)] = [:]
    /// The results that answer a call of the current turn, to the call's position.
    private var answers: [JSONNode: Int] = [:]
    /// All identifiers told upstream so far, with the last number that was appended to each.
    private var derived: [String: Int] = [:]

    mutating func beginTurn() {
        guard !self.calls.isEmpty else { return }
        self.calls.removeAll(keepingCapacity: true)
        self.unanswered.removeAll(keepingCapacity: true)
        self.answers.removeAll(keepingCapacity: true)
    }

    /// Takes a call in.
    mutating func called(_ node: JSONNode, id: String) {
        let position = self.calls.count
        self.calls.append(Call(node: node, renamedID: self.rename(id)))
        if let known = self.unanswered[id] {
            self.calls[known.last].nextWithSameID = position
            self.unanswered[id] = (known.first ?? position, position)
        } else {
            self.unanswered[id] = (position, position)
        }
    }

    /// Takes a result in. One that answers no call of the current turn is no answer.
    mutating func answered(_ result: JSONNode, id: String) {
        guard let known = self.unanswered[id], let position = known.first else { return }
        self.calls[position].result = result
        self.answers[result] = position
        self.unanswered[id]?.first = self.calls[position].nextWithSameID
    }

    /// The call a result answers; nil for an orphan.
    func call(answeredBy result: JSONNode) -> Call? {
        self.answers[result].map { self.calls[$0] }
    }

    private mutating func rename(_ id: String) -> String? {
        guard id.isEmpty || self.derived[id] != nil else {
            self.derived[id] = 1
            return nil
        }
        return self.unusedID(like: id)
    }

    private mutating func unusedID(like id: String) -> String {
        let base = id.isEmpty ? "call" : id
        var number = self.derived[base] ?? 0
        var candidate: String
        repeat {
            number += 1
            candidate = "\(base)_\(number)"
        } while self.derived[candidate] != nil
        self.derived[base] = number
        self.derived[candidate] = 1
        return candidate
    }
}
