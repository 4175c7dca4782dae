// SPDX-License-Identifier: Apache-2.0

/// How a setting's values are read, which are allowed, and how they are shown.
struct SettingType<Value: Sendable>: Sendable {
    /// Completes the sentence "expected ...".
    let expected: String
    /// Nil for what is not allowed.
    let read: @Sendable (RawSetting) -> Value?
    let show: @Sendable (Value) -> String

    /// The same values, or nothing at all.
    var optional: SettingType<Value?> {
        SettingType<Value?>(
            expected: self.expected,
            read: { raw in self.read(raw).map { .some($0) } },
            show: { value in value.map(self.show) ?? "" },
        )
    }
}

extension SettingType where Value == Bool {
    static let boolean = SettingType(
        expected: "true or false",
        read: { raw in
            switch raw {
            case .boolean(let value): value
            case .text(let text):
                switch text.lowercased() {
                // In the environment people write all of these; in the file TOML has one word for each.
                case "true", "yes", "on", "1": true
                case "false", "no", "off", "0": false
                default: nil
                }
            case .string, .integer, .number, .list, .unusable: nil
            }
        },
        show: { "\($0)" },
    )
}

extension SettingType where Value == String {
    /// One line without control characters: what fits a header, a path or a name.
    static func line(_ expected: String, where isAllowed: @escaping @Sendable (String) -> Bool = { _ in true }) -> Self
    {
        SettingType(
            expected: expected,
            read: { raw in
                guard let text = raw.characters, !text.isEmpty, text.utf8.count <= 4096,
                    // A line end in a header would begin another one.
                    text.unicodeScalars.allSatisfy({ $0.value >= 0x20 && $0.value != 0x7f }), isAllowed(text)
                else { return nil }
                return text
            },
            show: { $0 },
        )
    }

    /// A host name or address, as it stands in a URL.
    static let host = line("a host name or an address") { text in
        text.utf8.allSatisfy { $0.isHostCharacter || $0 == UInt8(ascii: ":") }
    }
}

extension SettingType where Value == [String] {
    /// A list in the file; in the environment and on the command line separated by commas.
    static func list(of element: SettingType<String>, _ expected: String) -> Self {
        SettingType(
            expected: expected,
            read: { raw in
                var elements: [RawSetting]
                switch raw {
                case .list(let list): elements = list
                case .text(let text):
                    elements = text.split(separator: ",").map { .text($0.trimmingSpaces()) }
                case .string, .integer, .number, .boolean, .unusable: return nil
                }
                // Bounded: some of these lists are gone through for each request.
                guard elements.count <= 64 else { return nil }
                let values = elements.compactMap(element.read)
                return values.count == elements.count ? values : nil
            },
            show: { $0.joined(separator: ", ") },
        )
    }
}

extension SettingType where Value == Secret {
    static func secret(_ expected: String) -> Self {
        // It becomes part of a header: visible ASCII only (RFC 6750, section 2.1).
        let text = SettingType<String>.line(expected) { $0.utf8.allSatisfy { $0 > 0x20 && $0 < 0x7f } }
        return SettingType(
            expected: expected,
            read: { text.read($0).map { Secret($0) } },
            show: { "\($0)" },
        )
    }
}

extension SettingType where Value: CaseIterable & RawRepresentable<String> {
    /// One of the names, in any case.
    static func choice() -> Self {
        SettingType(
            expected: Value.allCases.map { "\"\($0.rawValue)\"" }.joined(separator: " or "),
            read: { raw in raw.characters.flatMap { Value(rawValue: $0.lowercased()) } },
            show: { $0.rawValue },
        )
    }
}

extension StringProtocol {
    /// The text without spaces and tabs at both ends.
    package func trimmingSpaces() -> String {
        let isSpace: (Character) -> Bool = { $0.isWhitespace || $0.isNewline }
        guard let first = self.firstIndex(where: { !isSpace($0) }), let last = self.lastIndex(where: { !isSpace($0) })
        else { return "" }
        return String(self[first...last])
    }
}
