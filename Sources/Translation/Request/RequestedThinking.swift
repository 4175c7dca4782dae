// SPDX-License-Identifier: Apache-2.0

/// What the client asks about thinking, before it is known what the model can do.
struct RequestedThinking: Equatable {
    enum Effort: String {
        case low
        case medium
        case high
        case xhigh
        case max
    }

    /// Nil when the request does not say. The Messages API then does not think.
    let isWanted: Bool?
    let budget: Int?
    let effort: Effort?

    /// - Parameter override: goes before what the client says.
    init(_ fields: RequestFields, of document: borrowing JSONDocument, unless override: Bool? = nil) {
        let thinking = fields.thinking
        let type = thinking.flatMap { document.string("type", of: $0) }
        self.isWanted = override ?? type.map { $0 != "disabled" }
        self.budget = thinking.flatMap { document.member("budget_tokens", of: $0) }.flatMap { document.integer($0) }
        self.effort = fields.outputConfiguration
            .flatMap { document.string("effort", of: $0) }
            .flatMap { Effort(rawValue: $0) }
    }

    /// How long a Qwen model may think. The client's own number counts; else an effort below the highest stands for
    /// one; else the model decides.
    var thinkingBudget: Int? {
        if let budget = self.budget { return Swift.max(1, budget) }
        return switch self.effort {
        case .low: 4_096
        case .medium: 16_384
        case .high: 32_768
        case .xhigh, .max, nil: nil
        }
    }

    /// The word of the model's scale. Some of these models cannot be told not to think: the least is asked for instead.
    func reasoningEffort(on scale: ModelProfile.EffortScale, mayThink: Bool) -> StaticString {
        guard self.isWanted == true, mayThink else {
            return switch scale {
            case .lowToHigh: "low"
            case .noneToMax: "none"
            }
        }
        switch (self.effort, scale) {
        case (.low, _): return "low"
        case (.medium, _): return "medium"
        case (.xhigh, .noneToMax): return "xhigh"
        case (.max, .noneToMax): return "max"
        case (.high, _), (.xhigh, .lowToHigh), (.max, .lowToHigh): return "high"
        case (nil, _): break
        }
        guard let budget = self.budget else { return "medium" }
        return budget < 4_096 ? "low" : budget < 16_384 ? "medium" : "high"
    }
}
