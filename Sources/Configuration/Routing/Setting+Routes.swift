// SPDX-License-Identifier: Apache-2.0

import Translation

extension Setting {
    /// The `[[routes]]` tables. Of the brackets only the number is left: `[3]` is the third.
    static let rules: [Setting] = [
        .rule(
            "model", .list(of: .line("a pattern"), "a pattern of model names or a list of them").orOne,
            "The requested models that the route is for; `*` stands for any characters.",
            set: { $0.models = $1.map { Glob($0) } }, get: { $0.models.map(\.pattern) }),
        .rule(
            "features", .words(), "What a request must have.",
            set: { $0.features = $1 }, get: { $0.features }),
        .rule(
            "class", .words(), "What a request is for, as Claude Code says it.",
            set: { $0.classes = $1 }, get: { $0.classes }),
        .rule(
            "agent", .list(of: .line("a pattern"), "a pattern of kinds of agents or a list of them").orOne,
            "The kind of agent that sends the request, as Claude Code calls it.",
            set: { $0.agents = $1.map { Glob($0) } }, get: { $0.agents.map(\.pattern) }),
        .rule(
            "min_input_tokens", .integer(1...100_000_000),
            "The route is for requests of at least this size, as estimated.",
            set: { $0.minimumInputTokens = $1 }, get: { $0.minimumInputTokens }),
        .rule(
            "upstream", .line("the name of an upstream"), default: "`upstream.use`", "The upstream to ask.",
            set: { $0.upstream = $1 }, get: { $0.upstream }),
        .rule(
            "to", .line("the name of a model"), default: "the upstream's", "The model to ask for there.",
            set: { $0.model = $1 }, get: { $0.model }),
        .rule(
            "fallbacks", .list(of: .line("an upstream"), "a list of `UPSTREAM` or `UPSTREAM/MODEL`"),
            default: "`upstream.fallbacks`", "The upstreams that are asked instead, in this order.",
            set: { $0.fallbacks = $1.map { RouteTarget($0) } }, get: { $0.fallbacks?.map(\.description) }),
        .rule(
            "auto_mode", .boolean, default: "true", "Whether `auto_mode.classifier` judges the calls in answers.",
            set: { $0.judgesCalls = $1 }, get: { $0.judgesCalls }),
        .rule(
            "parameters.thinking", .boolean, "Switches thinking on or off, whatever the client asks.",
            set: { $0.parameters.thinking = $1 }, get: { $0.parameters.thinking }),
        .rule(
            "parameters.temperature", .number(0...1.99), "The temperature, whatever the client asks.",
            set: { $0.parameters.temperature = $1 }, get: { $0.parameters.temperature }),
        .rule(
            "parameters.top_p", .number(0.01...1), "The `top_p`, whatever the client asks.",
            set: { $0.parameters.topP = $1 }, get: { $0.parameters.topP }),
        .rule(
            "parameters.top_k", .integer(0...1000), "The `top_k`, whatever the client asks.",
            set: { $0.parameters.topK = $1 }, get: { $0.parameters.topK }),
        .rule(
            "parameters.max_tokens", .integer(1...10_000_000), "The most tokens of an answer.",
            set: { $0.parameters.maximumTokens = $1 }, get: { $0.parameters.maximumTokens }),
    ]

    private static func rule<Value: Sendable>(
        _ key: String,
        _ type: SettingType<Value>,
        default defaultText: String? = nil,
        _ summary: String,
        set: @escaping @Sendable (inout RoutingRule, Value) -> Void,
        get: @escaping @Sendable (RoutingRule) -> Value?,
    ) -> Setting {
        Setting(
            named: "routes.[].\(key)", expected: type.expected, default: defaultText, summary,
            apply: { configuration, name, raw in
                guard let value = type.read(raw) else { return Self.refusal(of: raw, type.expected, isSecret: false) }
                // Bounded, because the list grows up to the number that is written.
                guard let index = Self.index(name), index < 1000 else { return "there are more than 1000 routes" }
                while configuration.rules.count <= index { configuration.rules.append(RoutingRule()) }
                set(&configuration.rules[index], value)
                return nil
            },
            show: { configuration, name in
                guard let index = Self.index(name), index < configuration.rules.count else { return "" }
                return get(configuration.rules[index]).map(type.show) ?? ""
            },
        )
    }

    /// `[3]` is at 2.
    private static func index(_ name: String) -> Int? {
        Int(name.dropFirst().dropLast()).map { $0 - 1 }
    }
}

extension SettingType where Value == [String] {
    /// A single element may stand without its list.
    fileprivate var orOne: Self {
        SettingType(
            expected: self.expected,
            read: { raw in
                if case .string = raw { return self.read(.list([raw])) }
                return self.read(raw)
            },
            show: self.show,
        )
    }
}

extension SettingType {
    /// A list of the words of an enumeration; a single one may stand without its list.
    fileprivate static func words<Word: RawRepresentable<String> & CaseIterable & Sendable>() -> Self
    where Value == [Word] {
        let names = Word.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: ", ")
        let list = SettingType<[String]>.list(
            of: .line("a word") { Word(rawValue: $0) != nil }, "a list of \(names)"
        ).orOne
        return SettingType(
            expected: list.expected,
            read: { list.read($0)?.compactMap { Word(rawValue: $0) } },
            show: { list.show($0.map(\.rawValue)) },
        )
    }
}

extension SettingType where Value == Double {
    fileprivate static func number(_ range: ClosedRange<Double>) -> Self {
        SettingType(
            expected: "a number from \(range.lowerBound) to \(range.upperBound)",
            read: { raw in
                let value: Double? =
                    switch raw {
                    case .integer(let value): Double(value)
                    case .number(let value): value
                    case .text(let text): Double(text)
                    case .string, .boolean, .list, .unusable: nil
                    }
                return value.flatMap { range.contains($0) ? $0 : nil }
            },
            show: { "\($0)" },
        )
    }
}
