// SPDX-License-Identifier: Apache-2.0

/// How the body of a request is compressed (RFC 9110, section 8.4.1).
enum ContentCoding: Sendable, Equatable {
    case gzip
    /// The zlib format (RFC 1950), or what some take for it: raw deflate data (RFC 1951).
    case deflate

    /// What a header says that lists the codings in the order in which they were applied.
    enum Request: Sendable, Equatable {
        case plain
        case coded(ContentCoding)
        case unsupported(String)
    }

    /// For `Accept-Encoding` and for people.
    static let supported = "gzip, deflate"

    /// - Parameter value: of the `Content-Encoding` header, or of several, with commas between them.
    static func request(_ value: String?) -> Request {
        let names = (value ?? "").split(separator: ",").map { name in
            String(name.drop { $0 == " " || $0 == "\t" }.reversed().drop { $0 == " " || $0 == "\t" }.reversed())
        }.filter { !$0.isEmpty && !$0.isCaselessly("identity") }
        guard let name = names.first else { return .plain }
        // Each layer makes a thousand bytes of one, and no client has a reason for two.
        guard names.count == 1 else { return .unsupported(names.joined(separator: ", ")) }
        if name.isCaselessly("gzip") || name.isCaselessly("x-gzip") { return .coded(.gzip) }
        return name.isCaselessly("deflate") ? .coded(.deflate) : .unsupported(name)
    }
}
