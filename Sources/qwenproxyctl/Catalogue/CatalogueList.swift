// SPDX-License-Identifier: Apache-2.0

import Catalog
import Shared

/// The catalogue for people and for programs.
struct CatalogueList: Codable, Equatable {
    /// A file of the catalogue, the most important first.
    struct File: Codable, Equatable {
        var origin: ModelExplanation.Field.Origin
        /// Absent for what is inside the program.
        var path: String?
        var date: String
    }

    /// What is said about the models of some names.
    struct Model: Codable, Equatable {
        var match: [String]
        /// By the names of the files.
        var fields: [String: String]
        /// The first tier of `fields["prices"]`, without what caches cost; absent where no price is known.
        var price: String?
        var origin: ModelExplanation.Field.Origin
        var source: String
        var date: String
    }

    var files: [File]
    /// Of two that match a name, the one of the more important file counts first, and of one file the first one.
    var models: [Model]

    init(_ catalog: Catalog) {
        self.files = catalog.layers.map { File(origin: .init($0.origin), path: $0.path, date: $0.file.date) }
        self.models = catalog.layers.flatMap { layer in
            layer.file.models.map { entry in
                Model(
                    match: entry.match, fields: entry.said, price: entry.prices.first?.outline,
                    origin: .init(layer.origin), source: entry.source,
                    date: entry.date)
            }
        }
    }

    /// A row for each pattern.
    /// - Parameter width: of the terminal; nil when there is none.
    func lines(now: Timestamp, width: Int?) -> [StyledText] {
        var table = TextTable([
            .init(title: "MODEL", minimum: 12), .init(title: "WINDOW", isRight: true),
            .init(title: "OUTPUT", isRight: true), .init(title: "IMAGES"), .init(title: "THINKS"),
            .init(title: "PER MILLION TOKENS", isOptional: true), .init(title: "ORIGIN"),
            .init(title: "AGE", isRight: true),
        ])
        table.rows = self.models.flatMap { model in
            // A pattern is what a row is looked for by.
            model.match.map { pattern in
                [
                    StyledText(pattern), Self.tokens(model.fields["context_window"]),
                    Self.tokens(model.fields["max_output_tokens"]), Self.yesOrNo(model.fields["images"]),
                    StyledText(Self.thinks(model)),
                    StyledText(model.price ?? "-"),
                    StyledText(model.origin.rawValue, model.origin == .shipped ? nil : .green),
                    StyledText(Self.age(model.date, now) ?? "-"),
                ]
            }
        }
        let files = self.files.map { file in
            StyledText("\(file.origin.rawValue): of \(file.date), \(file.path ?? "inside the program")").hanging(by: 2)
        }
        return table.lines(width: width) + [StyledText("")] + files
    }

    /// What there is to say in a table; "models show" has the rest.
    private static func thinks(_ model: Model) -> String {
        if model.fields["always_thinks"] == "true" { return "always" }
        return model.fields["thinking"].map { $0 == "none" ? "no" : "yes" } ?? "-"
    }

    /// What upstreams told about their models.
    static func learned(_ upstreams: [UpstreamStatus], now: Timestamp) -> [StyledText] {
        upstreams.compactMap(WindowAdvice.init).compactMap { advice in
            advice.provenance(now: now) == nil
                ? nil
                : StyledText("\(advice.model) at \(advice.upstream): \(advice.line(now: now))").hanging(by: 2)
        }
    }

    /// The values come last, where a narrow terminal can break them; then each source with what it says.
    static func lines(_ explanation: ModelExplanation) -> [StyledText] {
        let place = explanation.upstream.map { " at \($0)" } ?? ", as the catalogue says: no daemon runs"
        guard !explanation.fields.isEmpty else {
            return [StyledText("The catalogue says nothing about \(explanation.model).")]
        }
        var table = TextTable([
            .init(title: "FIELD"), .init(title: "ORIGIN"), .init(title: "SINCE"), .init(title: "VALUE"),
        ])
        table.rows = explanation.fields.map { field in
            [
                StyledText(field.name), StyledText(field.origin.rawValue),
                StyledText(field.date.map { String($0.prefix(10)) } ?? "-"), StyledText(field.value, .bold),
            ]
        }
        return [StyledText("\(explanation.model)\(place)")]
            // Not cut to the terminal: the values are broken at words instead.
            + table.lines(width: nil).map { $0.hanging(by: table.startOfLastColumn) } + Self.sources(explanation)
    }

    private static func sources(_ explanation: ModelExplanation) -> [StyledText] {
        var sources: [String] = []
        for source in explanation.fields.compactMap(\.source) where !sources.contains(source) { sources.append(source) }
        let lines = sources.map { source in
            let names = explanation.fields.filter { $0.source == source }.map(\.name)
            return StyledText("\(source): \(names.joined(separator: ", "))").hanging(by: 2)
        }
        return lines.isEmpty ? [] : [StyledText(""), StyledText("SOURCES", .bold)] + lines
    }

    /// In days; nil for what is no day.
    static func age(_ date: String, _ now: Timestamp) -> String? {
        Timestamp("\(date)T00:00:00Z").map { "\(max(0, now.secondsSinceEpoch - $0.secondsSinceEpoch) / 86_400)d" }
    }

    private static func tokens(_ text: String?) -> StyledText {
        StyledText(text.map { text in Int(text).map(Quantity.grouped) ?? text } ?? "-")
    }

    private static func yesOrNo(_ text: String?) -> StyledText {
        StyledText(text.map { $0 == "true" ? "yes" : "no" } ?? "-")
    }
}
