// SPDX-License-Identifier: Apache-2.0

/// An error as the upstream worded it, prepared for `FailureRule`.
struct ErrorReport {
    /// The effective status: the `<NNN>` in front of the message, else the HTTP status, else the one in the body.
    let status: Int?
    let code: String?
    /// Without the prefix, not yet cleaned.
    let message: String
    /// Code, type, parameter and message in lower case, for finding words in.
    let searchable: [UInt8]
    /// Code and type in lower case.
    let names: [String]
    /// The parameter the error is about, in lower case, where it says so beside the message.
    let parameter: String?

    init(
        httpStatus: Int, code: String?, message: String, type: String? = nil, parameter: String? = nil,
        bodyStatus: Int? = nil,
    ) {
        let (prefix, rest) = Self.splitPrefix(message)
        // DashScope writes `<503>` into an HTTP 500: the prefix holds the status of the layer that failed.
        self.status = prefix ?? (httpStatus >= 400 ? httpStatus : bodyStatus)
        self.code = code
        self.message = rest
        self.names = [code, type].compactMap { $0?.lowercased() }
        self.parameter = parameter?.lowercased()
        // Bounded, because every row of the table is searched for in it.
        let parts = self.names + [self.parameter, rest.prefix(4096).lowercased()].compactMap(\.self)
        self.searchable = Array(parts.joined(separator: "\n").utf8)
    }

    /// `<400> InternalError.Algo.InvalidParameter: text` is a status, the name of an inner layer, and the text.
    private static func splitPrefix(_ message: String) -> (status: Int?, rest: String) {
        guard message.first == "<", let end = message.prefix(6).firstIndex(of: ">"),
            let status = Int(message[message.index(after: message.startIndex)..<end]), (400...599).contains(status)
        else { return (nil, message) }
        var rest = message[message.index(after: end)...].drop { $0 == " " }
        if rest.hasPrefix("InternalError."), let colon = rest.firstIndex(of: ":") {
            rest = rest[rest.index(after: colon)...].drop { $0 == " " }
        }
        return (status, String(rest))
    }

    // MARK: - For people

    private static let maximumLength = 600

    /// One line of limited length. Keys are left out: some upstreams repeat the one they refuse.
    var readableMessage: String {
        var words: [Substring] = []
        var length = 0
        for word in self.message.unicodeScalars.split(whereSeparator: {
            $0.value <= 0x20 || (0x7F...0x9F).contains($0.value)
        })
        where length < Self.maximumLength {
            // "eyJ" is how a JSON Web Token begins.
            let isKey =
                word.count > 8 && (word.starts(with: "sk-".unicodeScalars) || word.starts(with: "eyJ".unicodeScalars))
            let shown = isKey ? "[key]" : Substring(word).prefix(Self.maximumLength - length)
            words.append(shown)
            length += shown.count + 1
        }
        if words.isEmpty {
            return self.status.map { "The upstream answered \($0) and said nothing more." }
                ?? "The upstream reported an error and said nothing more."
        }
        return words.joined(separator: " ")
    }
}
