// SPDX-License-Identifier: Apache-2.0

/// The file of one upstream in `config.d`: a table that this program writes, so that the user need not.
struct UpstreamFile: Equatable {
    /// A setting of the table, its value as TOML.
    private struct Line: Equatable {
        var key: String
        var value: String
    }

    let name: String
    private var lines: [Line] = []

    static func fileName(of upstream: String) -> String { "upstream-\(upstream).toml" }

    init(name: String) {
        self.name = name
    }

    /// What was written before, so that a part of it can be changed.
    init(name: String, reading text: String) {
        self.name = name
        // No whole TOML: this program writes these files itself, one setting on each line.
        for line in text.split(separator: "\n") where !line.hasPrefix("#") && !line.hasPrefix("[") {
            let parts = line.split(separator: "=", maxSplits: 1)
            guard parts.count == 2 else { continue }
            self.lines.append(Line(key: Self.trimmed(parts[0]), value: Self.trimmed(parts[1])))
        }
    }

    /// - Parameter value: nil leaves what was there.
    mutating func set(_ key: String, _ value: String?) {
        guard let value else { return }
        self.remove(key)
        self.lines.append(Line(key: key, value: Self.quoted(value)))
    }

    mutating func set(_ key: String, _ value: Int?) {
        guard let value else { return }
        self.remove(key)
        self.lines.append(Line(key: key, value: String(value)))
    }

    mutating func remove(_ key: String) {
        self.lines.removeAll { $0.key == key }
    }

    var text: String {
        let table = self.lines.map { "\($0.key) = \($0.value)\n" }.joined()
        return
            "# Written by qwenproxyctl upstream; see qwenproxyctl upstream --help.\n[upstreams.\(self.name)]\n\(table)"
    }

    /// A basic string of TOML.
    static func quoted(_ text: String) -> String {
        var quoted = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": quoted += "\\\(scalar)"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                let digits = String(scalar.value, radix: 16)
                quoted += "\\u" + String(repeating: "0", count: 4 - digits.count) + digits
            default: quoted.unicodeScalars.append(scalar)
            }
        }
        return quoted + "\""
    }

    private static func trimmed(_ text: Substring) -> String {
        String(text.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed())
    }
}
