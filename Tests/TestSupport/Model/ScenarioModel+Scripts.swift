// SPDX-License-Identifier: Apache-2.0

/// What the model does next.
enum ModelMove {
    case turn(ModelTurn)
    /// An answer that is not the model's: an error of the service.
    case reply(ScriptedReply)
}

extension ScenarioModel {
    func move(_ situation: Situation) -> ModelMove {
        if let answer = Self.answerToSideRequest(situation) { return .turn(answer) }
        guard let scenario = Scenario(rawValue: situation.scenario) else {
            return .turn(ModelTurn("No scenario \"\(situation.scenario)\"."))
        }
        switch scenario {
        case .rateLimitedOnce, .failingOnce, .unauthorized, .quotaExhausted, .contextOverflow, .slow:
            return self.troubledMove(scenario, situation)
        case .emptyOnce, .errorInStreamOnce, .errorFirstOnce, .cutInTextOnce, .cutInToolOnce, .outputLimit:
            return .turn(self.brokenTurn(scenario, situation))
        default:
            return .turn(Self.plainTurn(scenario, situation))
        }
    }

    /// Requests that Claude Code makes for itself.
    private static func answerToSideRequest(_ situation: Situation) -> ModelTurn? {
        if situation.request["max_tokens"]?.integer == 1 { return ModelTurn("Hi", ending: .finish("length")) }
        if situation.request["response_format"] != nil { return ModelTurn("{\"title\": \"Scripted title\"}") }
        if situation.lastText.contains("Respond with TEXT ONLY"), situation.lastText.contains("<summary>") {
            let next = Situation.prompt(.afterCompaction, in: situation.directory)
            return ModelTurn("<analysis>Nothing special.</analysis>\n<summary>The user asked: \(next)</summary>")
        }
        return nil
    }

    // MARK: - Work

    private static func plainTurn(_ scenario: Scenario, _ situation: Situation) -> ModelTurn {
        let directory = situation.directory
        switch scenario {
        case .text: return ModelTurn(Scenario.greeting)
        case .long: return ModelTurn("LONG-BEGIN " + (0..<600).map { "word\($0) " }.joined() + "LONG-END")
        case .tools: return Self.toolsTurn(situation)
        case .parallel, .tour: return Self.parallelTurn(situation, isTour: scenario == .tour)
        case .reasoning:
            guard situation.step == 0 else { return ModelTurn("REASONING DONE", reasoning: "One more thought.") }
            return ModelTurn(
                "Running.", calls: [Self.shell("echo reason > \(directory)/r.txt")],
                reasoning: "Let me think about this."
            )
        case .deferredTool: return Self.deferredToolTurn(situation)
        case .agent: return Self.agentTurn(situation)
        case .subagent: return ModelTurn("SUBAGENT SAYS 42")
        case .image:
            guard situation.step > 0 else {
                return ModelTurn(calls: [.init("Read", ["file_path": .string("\(directory)/pic.png")])])
            }
            return ModelTurn("IMAGE DONE with \(situation.imageCount)")
        case .pdf:
            guard situation.step > 0 else {
                return ModelTurn(calls: [.init("Read", ["file_path": .string("\(directory)/doc.pdf")])])
            }
            return ModelTurn("PDF DONE")
        case .afterCompaction: return ModelTurn("COMPACTION DONE")
        case .leakedCall:
            guard situation.step == 0 else { return ModelTurn("LEAKED DONE") }
            return ModelTurn(
                "I will run it.\n<tool_call>\n<function=Bash>\n<parameter=command>\necho leaked > \(directory)/leaked.txt\n"
                    + "</parameter>\n<parameter=timeout>\n5000\n</parameter>\n</function>\n</tool_call>"
            )
        case .leakedJSONCall:
            guard situation.step == 0 else { return ModelTurn("LEAKED DONE") }
            let call: JSONValue = [
                "name": "Bash", "arguments": ["command": .string("echo leaked > \(directory)/leaked.txt")],
            ]
            return ModelTurn("<tool_call>\n\(call.text)\n</tool_call>")
        case .emptyArguments:
            guard situation.step == 0 else { return ModelTurn("EMPTY ARGUMENTS DONE") }
            return ModelTurn(calls: [.init("ListAgents", [:])])
        case .contentFilter: return ModelTurn("I cannot", ending: .finish("content_filter"))
        default: return ModelTurn("Not a plain scenario.")
        }
    }

    private static func toolsTurn(_ situation: Situation) -> ModelTurn {
        let path = JSONValue.string(situation.directory + "/out.txt")
        switch situation.step {
        case 0: return ModelTurn("I will run a command.", calls: [Self.shell("echo hello")])
        case 1: return ModelTurn(calls: [.init("Write", ["file_path": path, "content": .string(Scenario.trickyText)])])
        case 2: return ModelTurn("Now I read it.", calls: [.init("Read", ["file_path": path])])
        case 3:
            let edit: JSONValue = [
                "file_path": path, "old_string": "last line", "new_string": "last line, edited ü \\n",
            ]
            return ModelTurn(calls: [.init("Edit", edit)])
        default: return ModelTurn("TOOLS DONE")
        }
    }

    private static func parallelTurn(_ situation: Situation, isTour: Bool) -> ModelTurn {
        guard situation.step == 0 else { return ModelTurn("PARALLEL DONE with \(situation.results.count) results") }
        let directory = situation.directory
        var turn = ModelTurn(
            "Three at once.",
            calls: [
                Self.shell("echo one > \(directory)/p1.txt"), Self.shell("echo \"two 你好\" > \(directory)/p2.txt"),
                Self.shell("echo three > \(directory)/p3.txt; exit 3"),
            ],
        )
        if isTour {
            turn.reasoning = "Three commands, then I am done."
            turn.isInterleaved = true
        }
        return turn
    }

    private static func deferredToolTurn(_ situation: Situation) -> ModelTurn {
        switch situation.step {
        case 0: return ModelTurn(calls: [.init("ToolSearch", ["query": "select:CronList", "max_results": 5])])
        case 1:
            guard situation.offeredTools.contains("CronList") else { return ModelTurn("CronList IS NOT OFFERED") }
            return ModelTurn(calls: [.init("CronList", [:])])
        default: return ModelTurn("DEFERRED TOOL DONE")
        }
    }

    private static func agentTurn(_ situation: Situation) -> ModelTurn {
        guard situation.step == 0 else {
            let isHeard = situation.results.contains { $0.contains("SUBAGENT SAYS 42") }
            return ModelTurn(isHeard ? "AGENT DONE" : "THE AGENT WAS NOT HEARD")
        }
        let prompt = JSONValue.string(Situation.prompt(.subagent, in: situation.directory))
        let arguments: JSONValue = [
            "description": "ask it", "prompt": prompt, "subagent_type": "general-purpose", "run_in_background": false,
        ]
        return ModelTurn(calls: [.init("Agent", arguments)])
    }

    // MARK: - Trouble

    private func troubledMove(_ scenario: Scenario, _ situation: Situation) -> ModelMove {
        switch scenario {
        case .rateLimitedOnce where self.isFirst(situation):
            return .reply(
                .error(
                    429, "Requests rate limit exceeded, please try again later.", code: "limit_requests",
                    headers: ["retry-after": "1"])
            )
        case .failingOnce where self.isFirst(situation):
            return .reply(.error(500, "An internal error has occured, please try again later.", code: "internal_error"))
        case .unauthorized:
            return .reply(.error(401, "Incorrect API key provided.", code: "invalid_api_key"))
        case .quotaExhausted:
            return .reply(.error(429, "Free allocated quota exceeded.", code: "insufficient_quota"))
        case .contextOverflow:
            guard situation.step > 0 else { return .turn(ModelTurn("Running.", calls: [Self.shell("echo context")])) }
            let message = "<400> InternalError.Algo.InvalidParameter: Range of input length should be [1, 983616]"
            return .reply(.error(400, message, code: "invalid_parameter_error"))
        case .slow:
            let encoder = CompletionEncoder()
            return .reply(ScriptedReply([.pause(.seconds(12))] + encoder.reply(ModelTurn("SLOW DONE")).steps))
        default:
            return .turn(ModelTurn("RECOVERED"))
        }
    }

    private func brokenTurn(_ scenario: Scenario, _ situation: Situation) -> ModelTurn {
        let throttled: JSONValue = [
            "request_id": "scripted", "code": "Throttling.RateQuota", "message": "Requests rate limit exceeded.",
        ]
        switch scenario {
        case .outputLimit:
            guard situation.step > 0 else { return ModelTurn("THE FIRST HALF", ending: .finish("length")) }
            return ModelTurn("THE SECOND HALF")
        case .cutInToolOnce:
            let isFirst = situation.results.isEmpty && self.isFirst(situation)
            guard situation.results.isEmpty else { return ModelTurn("CUT DONE") }
            let append = Self.shell("echo once >> \(situation.directory)/once.txt")
            return ModelTurn("Careful now.", calls: [append], ending: isFirst ? .cut(afterChunks: 9) : .natural)
        case _ where !self.isFirst(situation): return ModelTurn("RECOVERED")
        case .emptyOnce: return ModelTurn(ending: .empty)
        case .errorInStreamOnce: return ModelTurn("These words are lost.", ending: .error(throttled, afterChunks: 4))
        case .errorFirstOnce: return ModelTurn("Never said.", ending: .error(throttled, afterChunks: 0))
        case .cutInTextOnce: return ModelTurn("These words are lost, too.", ending: .cut(afterChunks: 4))
        default: return ModelTurn("Not a broken scenario.")
        }
    }

    private static func shell(_ command: String) -> ModelTurn.Call {
        .init("Bash", ["command": .string(command), "description": "Run it"])
    }
}
