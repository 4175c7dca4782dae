// SPDX-License-Identifier: Apache-2.0

extension Setting {
    /// The tables whose keys are names or patterns of models.
    static let models: [Setting] = [
        Setting(
            named: "routes.*", expected: "the name of a model",
            "The upstream's model for requested models that match: `\"claude-haiku-*\" = \"qwen3-coder-flash\"`.",
            apply: { configuration, name, raw in
                let type = SettingType<String>.line("the name of a model")
                guard let model = type.read(raw) else { return Self.refusal(of: raw, type.expected, isSecret: false) }
                configuration.routes.add(name, model: model)
                return nil
            },
            show: { configuration, name in configuration.routes.model(of: name) ?? "" },
        ),
        .model("context_window", \.contextWindow, .integer(1024...100_000_000), "Tokens that fit the model's context."),
        .model(
            "max_output_tokens", \.maxOutputTokens, .integer(1...10_000_000),
            "The most tokens the model can answer with."),
        .model("vision", \.vision, .boolean, "Whether the model takes images."),
        .model("thinking", \.thinking, .choice(), "How the model is told to think."),
        .model("system", \.system, .choice(), "The form of the system message."),
        .model(
            "parallel_tool_calls", \.parallelToolCalls, .boolean,
            "Whether the model may call several tools in one answer."),
        .model("structured_output", \.structuredOutput, .choice(), "What the model can be asked to conform to."),
        .model("tool_choice", \.toolChoice, .choice(), "The strongest `tool_choice` that the upstream accepts."),
    ]

    private static func model<Value: Sendable>(
        _ key: String,
        _ path: any WritableKeyPath<ModelOverride, Value?> & Sendable,
        _ type: SettingType<Value>,
        _ summary: String,
    ) -> Setting {
        Setting(
            named: "models.*.\(key)", expected: type.expected, default: "built-in knowledge", summary,
            apply: { configuration, name, raw in
                guard let value = type.read(raw) else { return Self.refusal(of: raw, type.expected, isSecret: false) }
                configuration.models[name][keyPath: path] = value
                return nil
            },
            show: { configuration, name in configuration.models[name][keyPath: path].map(type.show) ?? "" },
        )
    }
}
