// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Translation

/// A request and what became of it, for tests that ask about one detail.
struct TranslatedRequest {
    let request: MessagesRequest
    let body: [UInt8]
    let object: [String: Any]

    /// `fields` are members of the body, beside a model and, unless they bring their own, one user message.
    init(
        _ fields: String = "", messages: String = #"[{"role":"user","content":"Hi"}]"#,
        profile: ModelProfile = ModelProfile(name: "qwen3-coder-plus"), stream: Bool = true,
        sourceLocation: SourceLocation = #_sourceLocation
    ) throws {
        let text = #"{"model":"claude-x","messages":"# + messages + (fields.isEmpty ? "" : ",") + fields + "}"
        self.request = try MessagesRequest(parsing: Array(text.utf8))
        self.body = self.request.chatCompletionsBody(for: profile, stream: stream).bytes
        self.object = try #require(
            try JSONSerialization.jsonObject(with: Data(self.body)) as? [String: Any], sourceLocation: sourceLocation)
        let violations = UpstreamRules(checking: self.body).violations
        #expect(violations.isEmpty, "\(text)\n\(self.text)", sourceLocation: sourceLocation)
    }

    var text: String { String(decoding: self.body, as: UTF8.self) }
    var messages: [[String: Any]] { self.object["messages"] as? [[String: Any]] ?? [] }
    var roles: [String] { self.messages.map { $0["role"] as? String ?? "" } }
    var tools: [[String: Any]] {
        (self.object["tools"] as? [[String: Any]] ?? []).compactMap { $0["function"] as? [String: Any] }
    }

    func content(_ index: Int) -> String? {
        index < self.messages.count ? self.messages[index]["content"] as? String : nil
    }

    func parts(_ index: Int) -> [String] {
        guard index < self.messages.count, let parts = self.messages[index]["content"] as? [[String: Any]] else {
            return []
        }
        return parts.map {
            $0["text"] as? String ?? ($0["image_url"] as? [String: Any])?["url"] as? String ?? "?"
        }
    }

    func calls(_ index: Int) -> [(id: String, name: String, arguments: String)] {
        let calls = index < self.messages.count ? self.messages[index]["tool_calls"] as? [[String: Any]] : nil
        return (calls ?? []).map {
            let function = $0["function"] as? [String: Any]
            return (
                $0["id"] as? String ?? "", function?["name"] as? String ?? "", function?["arguments"] as? String ?? ""
            )
        }
    }
}
