// SPDX-License-Identifier: Apache-2.0

import Shared

/// What the limits of a model mean for Claude Code. A pure value.
struct WindowAdvice {
    enum Verdict: Equatable {
        case cannotStart
        /// It forgets what it read before it has used it.
        case alwaysCompacts
        case fits
    }

    /// The first prompt of Claude Code 2.1.332 without a project of its own, as servers counted it.
    static let firstPrompt = 11_400
    /// The first prompt, one larger file and an answer, with room for a summary.
    static let comfortable = 32_000

    let upstream: String
    let model: String
    let limits: ModelLimits

    var verdict: Verdict {
        switch self.limits.contextWindow {
        case ..<Self.firstPrompt: .cannotStart
        case ..<Self.comfortable: .alwaysCompacts
        default: .fits
        }
    }

    /// Nil when all is well.
    var warning: String? {
        let window = Quantity.grouped(self.limits.contextWindow)
        return switch self.verdict {
        case .cannotStart:
            "Claude Code cannot start with \(self.model): its first prompt alone has about "
                + "\(Quantity.grouped(Self.firstPrompt)) tokens, and the window has \(window)."
        case .alwaysCompacts:
            "Claude Code will compact all the time with \(self.model): the window has \(window) tokens, of which its first "
                + "prompt takes \(Quantity.grouped(Self.firstPrompt))."
        case .fits: nil
        }
    }

    /// How to get a larger window.
    var remedy: String {
        guard self.limits.contextWindowOrigin != .configuration else {
            return "models.\"\(self.model)\".context_window says so."
        }
        return switch self.limits.server {
        case "llama.cpp":
            "Start llama-server with a larger -c (--ctx-size); the slots of -np (--parallel) share it."
        case "vLLM": "Start vLLM with a larger --max-model-len."
        case "SGLang": "Start SGLang with a larger --context-length."
        case "Ollama":
            "Set OLLAMA_CONTEXT_LENGTH for \"ollama serve\", or num_ctx in the model's Modelfile. Ollama cuts longer "
                + "prompts without a word."
        case "LM Studio": "Load the model with a larger context length (lms load --context-length)."
        default:
            "Give the server a larger window. If it has one, set models.\"\(self.model)\".context_window "
                + "(qwenproxyctl config edit)."
        }
    }

    /// The limits in one line, each with how it is known.
    func line(now: Timestamp) -> String {
        let (window, output) = self.origins(now)
        let figures = [self.limits.contextWindow, self.limits.maxOutputTokens].map(Quantity.grouped)
        let text =
            window == output
            ? "window \(figures[0]) tokens, output up to \(figures[1]) (\(window))"
            : "window \(figures[0]) tokens (\(window)), output up to \(figures[1]) (\(output))"
        return self.server + text + self.refused + self.tested(now)
    }

    /// How the limits are known, without the figures. Nil where all is as it came with the program.
    func provenance(now: Timestamp) -> String? {
        let (window, output) = self.origins(now)
        let isShipped = window == ModelLimits.Origin.shipped.words && output == window
        guard !isShipped || !self.refused.isEmpty || self.limits.examinedAt != nil else { return nil }
        return self.server + (window == output ? "limits \(window)" : "window \(window); output limit \(output)")
            + self.refused + self.tested(now)
    }

    /// Without a test, what the model can do is assumed.
    private func tested(_ now: Timestamp) -> String {
        guard let time = self.limits.examinedAt else { return "" }
        let age = max(0, now.secondsSinceEpoch - time.secondsSinceEpoch)
        return "; abilities tested \(Quantity.duration(seconds: age)) ago"
    }

    private var server: String { self.limits.server.map { "\($0): " } ?? "" }

    private var refused: String {
        self.limits.refuses.isEmpty ? "" : "; refuses \(self.limits.refuses.joined(separator: ", "))"
    }

    private func origins(_ now: Timestamp) -> (window: String, output: String) {
        (
            Self.known(self.limits.contextWindowOrigin, self.limits.contextWindowLearnedAt, now),
            Self.known(self.limits.maxOutputTokensOrigin, self.limits.maxOutputTokensLearnedAt, now)
        )
    }

    private static func known(_ origin: ModelLimits.Origin, _ learnedAt: Timestamp?, _ now: Timestamp) -> String {
        let age = learnedAt.map { time in
            ", \(Quantity.duration(seconds: max(0, now.secondsSinceEpoch - time.secondsSinceEpoch))) ago"
        }
        return origin.words + (age ?? "")
    }
}

extension WindowAdvice {
    /// Nil when nothing is known about the upstream's model.
    init?(_ upstream: UpstreamStatus) {
        guard let limits = upstream.limits else { return nil }
        self.init(upstream: upstream.name, model: upstream.model, limits: limits)
    }
}

extension ModelLimits.Origin {
    fileprivate var words: String {
        switch self {
        case .assumed: "assumed"
        case .shipped: "from the catalogue"
        case .updated: "from the updated catalogue"
        case .administrator: "from the administrator's catalogue"
        case .user: "from your catalogue"
        case .configuration: "configured"
        case .modelList: "from the model list"
        case .properties: "from /props"
        case .runningModels: "from /api/ps"
        case .modelCard: "from /api/show"
        case .loadedModels: "from /api/v0/models"
        case .modelInfo: "from /v1/model/info"
        case .errorMessage: "from an error message"
        case .examination: "from a test"
        }
    }
}
