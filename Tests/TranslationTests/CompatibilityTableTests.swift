// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Translation

/// The rows of `Tests/Compatibility/table.json`, from which `docs/compatibility.md` is made, held against the code: what a
/// row names is put into a request, and taken out of it again.
@Suite struct CompatibilityTableTests {
    enum Verdict: String, CaseIterable {
        case translated, emulated, mentioned, dropped, refused, relayed
    }

    struct Row {
        let name: String
        let verdict: Verdict
        let values: [String: Any]

        var path: [String] { self.name.split(separator: ".").map(String.init) }
        var isRefusedEverywhere: Bool { self.values["everywhere"] as? Bool == true }
    }

    private static func rows() throws -> [Row] {
        let file = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .appendingPathComponent("Compatibility/table.json")
        let table = try JSONSerialization.jsonObject(with: Data(contentsOf: file)) as? [String: Any]
        let areas = try #require(table?["areas"] as? [[String: Any]])
        let rows = areas.flatMap { $0["rows"] as? [[String: Any]] ?? [] }
        return try rows.flatMap { row in
            let verdict = try #require(Verdict(rawValue: row["verdict"] as? String ?? ""), "\(row)")
            return (row["names"] as? [String] ?? []).map { Row(name: $0, verdict: verdict, values: row) }
        }
    }

    private static func names(_ prefix: String, where isWanted: (Verdict) -> Bool) throws -> Set<String> {
        Set(
            try Self.rows().filter { $0.path[0] == prefix && $0.path.count == 2 && isWanted($0.verdict) }
                .map { $0.path[1] })
    }

    private static func isSent(_ verdict: Verdict) -> Bool { verdict == .translated || verdict == .emulated }

    @Test func `every verdict about a request is what the translator does`() throws {
        let probed = try Self.rows().filter { $0.values["probe"] != nil && $0.path[0] != "count_tokens" }
        #expect(probed.count > 150)
        for row in probed {
            let probe = Probe(row)
            switch row.verdict {
            case .translated, .emulated, .mentioned:
                // Without a part that it must have, a request is refused.
                #expect(try Meaning(probe.with) != (try? Meaning(probe.without)), "\(row.name) changes nothing")
            case .dropped:
                #expect(try Meaning(probe.with) == Meaning(probe.without), "\(row.name) changes something")
            case .refused where row.isRefusedEverywhere:
                #expect(throws: InvalidRequest.self, "\(row.name)") { try Meaning(probe.with) }
            case .refused:
                let (with, without) = try (Meaning(probe.with), Meaning(probe.without))
                #expect(with.body == without.body && !with.serverTools.isEmpty, "\(row.name)")
            case .relayed:
                Issue.record("\(row.name): a request is not only relayed")
            }
        }
    }

    @Test func `an upstream of the same API gets all that is in a row`() throws {
        for row in try Self.rows() where row.values["probe"] != nil && !row.isRefusedEverywhere {
            var fields = Probe(row).with
            let request = try MessagesRequest(parsing: Array(JSONSerialization.data(withJSONObject: fields)))
            fields["model"] = "theirs"
            let relayed = try JSONSerialization.jsonObject(with: Data(request.body(naming: "theirs")))
            #expect(
                try JSONSerialization.data(withJSONObject: relayed, options: .sortedKeys)
                    == JSONSerialization.data(withJSONObject: fields, options: .sortedKeys), "\(row.name)")
        }
    }

    @Test func `every verdict about counting is what the estimate does`() throws {
        let rows = try Self.rows().filter { $0.path[0] == "count_tokens" && $0.values["probe"] != nil }
        #expect(rows.count > 10)
        for row in rows {
            func tokens(_ fields: [String: Any]) throws -> Int {
                try CountTokensRequest(parsing: Array(JSONSerialization.data(withJSONObject: fields))).inputTokens
            }
            let probe = Probe(row)
            #expect(
                try (tokens(probe.with) != tokens(probe.without)) == Self.isSent(row.verdict), "\(row.name)")
        }
    }

    @Test func `the events, blocks and deltas that are written are those of the table`() throws {
        var writer = EventStreamWriter()
        let starts: [ContentBlockStart] = [.text, .thinking, .toolUse(id: "toolu_1", name: "A")]
        let deltas: [BlockDelta] = [.text([]), .thinking([]), .signature([]), .inputJSON([])]
        for start in starts { writer.receive(.blockStart(index: 0, start)) }
        for delta in deltas { writer.receive(.blockDelta(index: 0, delta)) }
        writer.receive(.blockStop(index: 0))
        let usage = Usage(cacheCreationInputTokens: 1, cacheCreationOneHourTokens: 1, thinkingTokens: 1)
        writer.receive(.messageDelta(.endTurn, stopSequence: nil, usage))
        writer.receive(.messageStop)
        let bytes =
            MessageStart.event(id: "msg_1", model: "m", usageEstimate: 1) + writer.bytes + EventStreamWriter.ping
            + EventStreamWriter.errorEvent(type: "api_error", message: "m", requestID: nil)
        let events = try String(decoding: bytes, as: UTF8.self).split(separator: "\n").filter { $0.hasPrefix("data: ") }
            .map { try JSONSerialization.jsonObject(with: Data($0.dropFirst(6).utf8)) as? [String: Any] ?? [:] }
        func types(_ key: String) -> Set<String> {
            Set(events.compactMap { ($0[key] as? [String: Any])?["type"] as? String })
        }
        #expect(Set(events.compactMap { $0["type"] as? String }) == (try Self.names("event", where: Self.isSent)))
        #expect(types("delta") == (try Self.names("delta", where: Self.isSent)))
        #expect(types("content_block") == (try Self.names("answer_block", where: Self.isSent)))
        let counts = events.compactMap { $0["usage"] as? [String: Any] }.first ?? [:]
        #expect(Set(counts.keys) == (try Self.names("usage", where: Self.isSent)))
    }

    @Test func `the stop reasons that are given are those of the table`() throws {
        let reasons = try Self.names("stop_reason") { _ in true }
        #expect(reasons.count > 7)
        #expect(
            reasons.filter { StopReason(rawValue: $0) != nil } == (try Self.names("stop_reason", where: Self.isSent)))
    }
}

/// What a request means to an upstream and to the translation of its answer.
private struct Meaning: Equatable {
    let body: [UInt8]
    let serverTools: [String]
    private let isStreaming: Bool
    // Of the answer's context; the estimate is left out, for it looks at whole tools and documents.
    private let requestedModel: String
    private let tools: [DeclaredTool]
    private let stopSequences: [String]
    private let renamedTools: [String: String]
    private let allowsParallelCalls: Bool
    private let maximumTokens: Int?

    init(_ fields: [String: Any]) throws {
        let data = try JSONSerialization.data(withJSONObject: fields, options: .sortedKeys)
        let request = try MessagesRequest(parsing: Array(data))
        // A model that can do everything.
        var profile = ModelCatalog.sample.profile(for: "qwen3.7-plus")
        profile.maximumOutputTokens = 100_000
        profile.acceptsImages = true
        profile.reasoningReplay = .everyTurn
        profile.cacheForm = .marksWithTTL
        // What is shorter gets no marks.
        profile.promptTokens = 10_000
        self.body = request.chatCompletionsBody(for: profile, stream: true).bytes
        self.serverTools = request.facts.features.serverTools
        self.isStreaming = request.facts.isStreaming
        let context = request.facts.responseContext
        self.requestedModel = context.requestedModel
        self.tools = context.tools
        self.stopSequences = context.stopSequences
        self.renamedTools = context.renamedTools
        self.allowsParallelCalls = context.allowsParallelCalls
        self.maximumTokens = context.maximumTokens
    }
}

/// A request with what a row names, and the same without it.
private struct Probe {
    let with: [String: Any]
    let without: [String: Any]

    private static var baseTool: [String: Any] {
        ["name": "Base", "description": "Does it.", "input_schema": ["type": "object"]]
    }
    private static var baseMessages: [[String: Any]] {
        let call: [String: Any] = ["type": "tool_use", "id": "toolu_0", "name": "Base", "input": [String: Any]()]
        return [["role": "user", "content": "Hi"], ["role": "assistant", "content": [call]]]
    }

    init(_ row: CompatibilityTableTests.Row) {
        let path = row.path
        let probe = row.values["probe"] ?? NSNull()
        var base: [String: Any] = [
            "model": "claude-sonnet-5-5", "messages": Self.baseMessages, "tools": [Self.baseTool],
        ]
        base.merge(row.values["context"] as? [String: Any] ?? [:]) { _, new in new }
        let wrap = Self.wrapping(path, row.values)
        self.with = base.merging(wrap([probe])) { _, new in new }
        let field = path.count == 3 ? path[2] : path[0] == "message" ? path[1] : nil
        if let field, var object = probe as? [String: Any] {
            for key in object.keys where field == "*" ? key != "type" : key == field { object[key] = nil }
            self.without = base.merging(wrap([object])) { _, new in new }
        } else {
            self.without = base.merging(wrap([])) { _, new in new }
        }
    }

    /// The fields of a request with one probe or none in its place.
    private static func wrapping(_ path: [String], _ row: [String: Any]) -> ([Any]) -> [String: Any] {
        func field(_ name: String) -> ([Any]) -> [String: Any] {
            { probe in probe.first.map { [name: $0] } ?? [:] }
        }
        func message(_ role: String, _ content: [Any]) -> [String: Any] {
            ["messages": Self.baseMessages + [["role": role, "content": content]]]
        }
        func block(_ blocks: [Any]) -> [String: Any] {
            let before = row["before"] as? [Any] ?? []
            return message(row["role"] as? String ?? "user", [["type": "text", "text": "Go."]] + before + blocks)
        }
        switch path[0] {
        case "request", "count_tokens": return field(path[1])
        case "metadata", "output_config", "tool_choice", "thinking", "thread", "cache_control": return field(path[0])
        case "output_format": return { ["output_config": field("format")($0)] }
        case "context_edit": return { ["context_management": ["edits": $0]] }
        case "tool": return { ["tools": [Self.baseTool] + $0] }
        case "message", "role": return { ["messages": Self.baseMessages + ($0 as? [[String: Any]] ?? [])] }
        case "block": return block
        case "result_block":
            return { probe in
                let content = [["type": "text", "text": "Result."]] + probe
                return message("user", [["type": "tool_result", "tool_use_id": "toolu_0", "content": content]])
            }
        case "image_source":
            return { block($0.map { ["type": "image", "source": $0] }) }
        case "document_source":
            return { block($0.map { ["type": "document", "source": $0] }) }
        default:
            Issue.record("\(path[0]) has no place in a request")
            return { _ in [:] }
        }
    }
}
