// SPDX-License-Identifier: Apache-2.0

import Synchronization

/// A model whose answers are scripts. Which one, the prompt says; how far it has come, the conversation says; only what
/// must happen exactly once is remembered here.
public final class ScenarioModel: Sendable {
    private let quirks: Set<StreamQuirk>
    private let validator: ChatCompletionsValidator
    private let occasions = Mutex<[String: Int]>([:])

    /// What the requests had wrong. Such a request was answered with 400.
    public let problems = Journal<String>()

    public init(quirks: Set<StreamQuirk> = [], validator: ChatCompletionsValidator = ChatCompletionsValidator()) {
        self.quirks = quirks
        self.validator = validator
    }

    public func reply(to request: CapturedRequest) -> ScriptedReply {
        if request.method == "GET", request.target.hasSuffix("/models") { return Self.models }
        guard request.target.hasSuffix("/chat/completions") else {
            self.problems.append("\(request.method) \(request.target)")
            return .error(404, "no such path")
        }
        let problems = self.validator.problems(in: request)
        guard problems.isEmpty else {
            for problem in problems { self.problems.append("request \(request.number): \(problem)") }
            return .error(400, problems.joined(separator: "; "), code: "invalid_parameter_error")
        }
        let json = request.json
        switch self.move(Situation(json)) {
        case .reply(let reply): return reply
        case .turn(let turn): return self.encode(turn, json, request)
        }
    }

    private func encode(_ turn: ModelTurn, _ json: JSONValue, _ request: CapturedRequest) -> ScriptedReply {
        var encoder = CompletionEncoder(
            quirks: self.quirks,
            requestNumber: request.number,
            model: json["model"]?.string ?? "",
        )
        encoder.wantsUsage = json["stream_options"]?["include_usage"]?.bool == true
        guard json["stream"]?.bool == true else {
            if case .cut = turn.ending { return .reset }
            return .json(200, encoder.completion(turn))
        }
        return encoder.reply(turn)
    }

    /// True the first time that it is asked about `event` in this directory.
    func isFirst(_ situation: Situation) -> Bool {
        let key = situation.scenario + situation.directory
        return self.occasions.withLock { occasions in
            occasions[key, default: 0] += 1
            return occasions[key] == 1
        }
    }

    private static let models = ScriptedReply.json(
        200,
        [
            "object": "list",
            "data": [["id": "qwen3-coder-plus", "object": "model"], ["id": "qwen3-coder-flash", "object": "model"]],
        ]
    )
}
