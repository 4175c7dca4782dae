// SPDX-License-Identifier: Apache-2.0

import Configuration
import Server

/// What Claude Code says in its headers about a request: what it is for, and which session and agent it belongs to. Most of
/// them are sent only with `CLAUDE_CODE_GATEWAY_HINT_HEADERS=1`.
struct ClientHints: Sendable, Equatable {
    /// Nil for another client, and for a class that is not known here.
    var requestClass: RequestClass?
    /// In the client's own word, where it said one.
    private var saidClass: String?
    /// What a request beside the conversation is for, in the client's words.
    var auxiliaryType: String?
    /// The kind of agent: `Explore`, `Plan`, `general-purpose`, `custom`, `teammate`, `fork`.
    var agentType: String?
    var sessionID: String?
    var agentID: String?
    var parentAgentID: String?
    /// Why the conversation is summed up: `auto`, `manual`, `reactive`.
    var compaction: String?
    /// The first request after a summary: an upstream's cache of the conversation so far is of no use any more.
    var isCompacted = false

    /// What the names of their headers begin with.
    static let prefix = "x-claude-code-"

    /// - Parameters:
    ///   - model: as the client asked for it. The small one tells a side request of a client that does not say its class.
    ///   - headers: those whose names begin with `prefix`, in lower case. Of two with one name the first counts.
    init(model: String, headers: [(name: String, value: String)]) {
        guard !headers.isEmpty else { return }
        func hint(_ name: String) -> String? {
            headers.first { $0.name.utf8.dropFirst(Self.prefix.utf8.count).elementsEqual(name.utf8) }
                .flatMap { Self.printable($0.value) }
        }
        self.auxiliaryType = hint("auxiliary-type")
        self.agentType = hint("agent-type")
        self.sessionID = hint("session-id")
        self.agentID = hint("agent-id")
        self.parentAgentID = hint("parent-agent-id")
        self.compaction = hint("compaction")
        self.isCompacted = hint("context-compacted") != nil
        if let said = hint("request-class") {
            self.saidClass = said
            self.requestClass = RequestClass(rawValue: said.lowercased())
        } else if self.sessionID != nil {
            // Only Claude Code sends a session ID; of other clients nothing can be concluded.
            let isSmall = RouteQuery(model: model).has(.background)
            self.requestClass = self.agentID != nil ? .subagent : isSmall ? .auxiliary : .main
        }
    }

    /// What a request says.
    init(model: String, _ request: borrowing InboundRequest) {
        self.init(model: model, headers: request.headers(withPrefixes: [Self.prefix]))
    }

    /// For the journal, by the keys of its metadata.
    var journal: [(key: String, value: String)] {
        [
            ("request.class", self.requestClass?.rawValue ?? self.saidClass),
            ("request.auxiliary", self.auxiliaryType), ("agent.type", self.agentType),
            ("session.id", self.sessionID), ("agent.id", self.agentID), ("agent.parent", self.parentAgentID),
            ("request.compaction", self.compaction), ("request.compacted", self.isCompacted ? "true" : nil),
        ].compactMap { key, value in value.map { (key, $0) } }
    }

    /// The value, if it is one that may stand in the journal.
    private static func printable(_ value: String) -> String? {
        // Any program may be the client. What it says goes into the journal, so it is short and has no odd
        // characters.
        let isPlain = value.utf8.count <= 64 && value.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7F }
        return isPlain && !value.isEmpty ? value : nil
    }
}
