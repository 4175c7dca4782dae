// SPDX-License-Identifier: Apache-2.0

extension ModelProfile {
    /// Does without what the upstream refuses, and takes the next best where there is one.
    public mutating func leaveOut(_ parameters: Set<RequestParameter>) {
        // In one order, whatever came first.
        for parameter in RequestParameter.allCases where parameters.contains(parameter) { self.leaveOut(parameter) }
        if parameters.isSuperset(of: [.jsonObject, .jsonSchema]) { self.structuredOutput = .none }
    }

    private mutating func leaveOut(_ parameter: RequestParameter) {
        switch parameter {
        case .topK: self.acceptsTopK = false
        case .enableThinking: if self.thinking == .enableThinking { self.thinking = .none }
        case .thinkingWithoutStreaming: self.alwaysStreams = true
        case .chatTemplateKwargs: if self.thinking == .chatTemplateKwargs { self.thinking = .none }
        case .reasoningEffort: if self.thinking == .reasoningEffort { self.thinking = .none }
        case .parallelToolCalls: self.sendsParallelToolCalls = false
        case .toolChoiceRequired:
            if self.toolChoice == .required { self.toolChoice = .function }
            self.namesForcedTool = true
        case .toolChoiceFunction:
            if self.toolChoice == .required { self.namesForcedTool = false } else { self.toolChoice = .auto }
        case .toolChoiceForced: self.toolChoice = .auto
        case .jsonObject: if self.structuredOutput == .jsonObject { self.structuredOutput = .jsonSchema }
        case .jsonSchema: if self.structuredOutput == .jsonSchema { self.structuredOutput = .jsonObject }
        case .responseFormat: self.structuredOutput = .none
        case .thinkingBudget, .stop, .streamOptions, .temperature, .topP, .maximumTokens:
            self.refusedParameters.insert(parameter)
        }
    }
}
