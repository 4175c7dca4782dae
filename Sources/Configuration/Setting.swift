// SPDX-License-Identifier: Apache-2.0

internal import Shared

/// One thing that can be set. The table of these is the only place that knows the names: the loader, `--check-config` and
/// the documentation are made from it.
struct Setting: Sendable {
    /// When a changed value comes into force.
    enum Effect: String, Sendable {
        case reload
        case restart
    }

    /// The place in the file, dotted. A `*` stands for a name of the user's choice, `models.*.vision`, and `[]` for one of
    /// several tables, `routes.[].to`. With more than one name, they are handed around with a space between them.
    let key: String
    let environment: String?
    /// Secrets have none: everybody can read the command line of a process.
    let flag: String?
    /// Completes the sentence "expected ...".
    let expected: String
    let summary: String
    let effect: Effect
    /// The default in words, where it is not a constant.
    let defaultText: String?
    /// Takes the value over, or returns what is wrong with it. The name is what the `*` of the key stood for.
    let apply: @Sendable (inout Configuration, _ name: String, RawSetting) -> String?
    private let value: Value
    /// Copies the value from another configuration, of a setting that has no name of the user's choice.
    private let copy: @Sendable (inout Configuration, Configuration) -> Void

    /// How the value is looked up.
    private enum Value: Sendable {
        case open(@Sendable (Configuration, _ name: String) -> String)
        /// Only what it is compared with may know it.
        case secret(@Sendable (Configuration, _ name: String) -> Secret?)
    }

    init<Content>(
        _ key: String,
        _ environment: String? = nil,
        flag: String? = nil,
        _ path: any WritableKeyPath<Configuration, Content> & Sendable,
        _ type: SettingType<Content>,
        effect: Effect = .reload,
        default defaultText: String? = nil,
        _ summary: String,
    ) {
        self.init(
            key, environment, flag: flag, expected: type.expected, effect: effect, default: defaultText, summary,
            apply: { configuration, _, raw in
                guard let value = type.read(raw) else { return Self.refusal(of: raw, type.expected, isSecret: false) }
                configuration[keyPath: path] = value
                return nil
            },
            value: .open { configuration, _ in type.show(configuration[keyPath: path]) },
            copy: { $0[keyPath: path] = $1[keyPath: path] })
    }

    init(
        _ key: String, _ environment: String,
        secret path: any WritableKeyPath<Configuration, Secret?> & Sendable,
        _ type: SettingType<Secret>,
        _ summary: String,
    ) {
        self.init(
            key, environment, expected: type.expected, summary,
            apply: { configuration, _, raw in
                guard let value = type.read(raw) else { return Self.refusal(of: raw, type.expected, isSecret: true) }
                configuration[keyPath: path] = value
                return nil
            },
            value: .secret { configuration, _ in configuration[keyPath: path] })
    }

    init(
        named key: String,
        expected: String,
        default defaultText: String? = nil,
        _ summary: String,
        apply: @escaping @Sendable (inout Configuration, _ name: String, RawSetting) -> String?,
        show: @escaping @Sendable (Configuration, _ name: String) -> String,
    ) {
        self.init(key, expected: expected, default: defaultText, summary, apply: apply, value: .open(show))
    }

    init(
        named key: String,
        expected: String,
        _ summary: String,
        apply: @escaping @Sendable (inout Configuration, _ name: String, RawSetting) -> String?,
        secret: @escaping @Sendable (Configuration, _ name: String) -> Secret?,
    ) {
        self.init(key, expected: expected, summary, apply: apply, value: .secret(secret))
    }

    private init(
        _ key: String,
        _ environment: String? = nil,
        flag: String? = nil,
        expected: String,
        effect: Effect = .reload,
        default defaultText: String? = nil,
        _ summary: String,
        apply: @escaping @Sendable (inout Configuration, _ name: String, RawSetting) -> String?,
        value: Value,
        copy: @escaping @Sendable (inout Configuration, Configuration) -> Void = { _, _ in },
    ) {
        self.key = key
        self.environment = environment
        self.flag = flag
        self.expected = expected
        self.summary = summary
        self.effect = effect
        self.defaultText = defaultText
        self.apply = apply
        self.value = value
        self.copy = copy
    }

    static let all: [Setting] = server + upstream + upstreams + oauth + times + autoMode + models + rules

    /// Whether the key has a `*` or `[]`.
    var isNamed: Bool { self.key.contains("*") || self.key.contains("[]") }

    /// Whether `part` of a path can stand where the key has `segment`, as a name of the user's choice.
    private static func isName(_ part: String, for segment: String) -> Bool {
        segment == "*" || (segment == "[]" && part.hasPrefix("["))
    }

    var segments: [String] { self.key.split(separator: ".").map(String.init) }

    var isSecret: Bool {
        switch self.value {
        case .open: false
        case .secret: true
        }
    }

    /// Masked when it is a secret; empty when nothing is set.
    func shown(in configuration: Configuration, name: String?) -> String {
        switch self.value {
        case .open(let show): show(configuration, name ?? "")
        case .secret(let find): find(configuration, name ?? "").map { "\($0)" } ?? ""
        }
    }

    /// Also of secrets, which look alike.
    func isSame(in one: Configuration, and other: Configuration, name: String?) -> Bool {
        switch self.value {
        case .open(let show): show(one, name ?? "") == show(other, name ?? "")
        case .secret(let find): find(one, name ?? "") == find(other, name ?? "")
        }
    }

    /// Takes the value, and where it was set, from another configuration.
    func copy(to configuration: inout Configuration, from other: Configuration) {
        self.copy(&configuration, other)
        // Value and source go together: a value that stays must not be shown with the place of the one that was not
        // taken.
        configuration.provenance.removeAll { $0.key == self.key }
        configuration.provenance += other.provenance.filter { $0.key == self.key }
    }

    /// What the `*` stands for in `path` (empty when there is none), or nil when the path is not this setting's.
    func name(in path: [String]) -> String? {
        let segments = self.segments
        guard segments.count == path.count else { return nil }
        var names: [String] = []
        for (segment, part) in zip(segments, path) {
            if Self.isName(part, for: segment) { names.append(part) } else if segment != part { return nil }
        }
        return names.joined(separator: " ")
    }

    /// What each of `stars` in the key stood for. Only the last of them may have spaces of its own.
    static func names(_ name: String, stars: Int) -> [String] {
        let names = name.split(separator: " ", maxSplits: max(0, stars - 1), omittingEmptySubsequences: false)
        return names.map(String.init) + Array(repeating: "", count: max(0, stars - names.count))
    }

    /// Whether a table at `path` can contain this setting.
    func isInside(_ path: [String]) -> Bool {
        let segments = self.segments
        return path.count < segments.count && zip(segments, path).allSatisfy { $0 == $1 || Self.isName($1, for: $0) }
    }

    func displayKey(name: String?) -> String {
        let segments = self.segments
        let stars = segments.count { $0 == "*" || $0 == "[]" }
        var names = name.map { Self.names($0, stars: stars)[...] } ?? []
        let path = segments.map { segment in
            segment == "*" || segment == "[]" ? names.popFirst() ?? segment : segment
        }
        return Self.display(path)
    }

    /// A place in the file as people write it.
    static func display(_ path: [String]) -> String {
        path.map { $0.hasPrefix("[") && $0.hasSuffix("]") ? $0 : "." + Self.quoted($0) }.joined().dropFirst()
            .description
    }

    static func refusal(of raw: RawSetting, _ expected: String, isSecret: Bool) -> String {
        // A value that is refused may be half of a key; it must not stand in a message that is logged.
        isSecret
            ? "this value is not allowed, expected \(expected)" : "\(raw) is not allowed, expected \(expected)"
    }

    /// A key as it must be written in TOML.
    static func quoted(_ segment: String) -> String {
        let isBare = segment.utf8.allSatisfy(\.isNameCharacter)
        // An empty key is allowed in TOML, but only in quotes.
        return isBare && !segment.isEmpty ? segment : "\"\(segment)\""
    }
}
