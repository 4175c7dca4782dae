// SPDX-License-Identifier: Apache-2.0

/// The head of an upstream's answer.
///
/// The header lines stay bytes: of most answers one or two are asked for, and none is kept.
package struct UpstreamResponseHead: Sendable {
    /// Of the last response: interim ones and those of proxies are left out.
    package let status: Int
    /// The lines in the order they came: the name in lower case, a colon, the value without blanks around it, a line feed.
    let lines: [UInt8]
    /// There may be lines that name codings of the body.
    let mayNameCodings: Bool

    /// Whether the status is one of 200 to 299.
    package var isSuccess: Bool { (200..<300).contains(self.status) }

    /// The first value of the header `name`, which must be in lower case.
    package func header(_ name: String) -> String? {
        var value: String?
        self.forEachValue(of: name) { text in
            value = String(decoding: text, as: UTF8.self)
            return false
        }
        return value
    }

    /// The elements of all headers `name` whose value is a list of words, in lower case (RFC 9110, section 5.6.1).
    func list(_ name: String) -> [String] {
        var elements: [String] = []
        self.forEachValue(of: name) { text in
            for element in text.split(separator: UInt8(ascii: ",")) {
                let word = String(decoding: element, as: UTF8.self).lowercased().filter { $0 != " " && $0 != "\t" }
                if !word.isEmpty { elements.append(word) }
            }
            return true
        }
        return elements
    }

    /// Gives `body` the value of each header `name` until it returns false.
    private func forEachValue(of name: String, _ body: (ArraySlice<UInt8>) -> Bool) {
        var line = self.lines.startIndex
        while let end = self.lines[line...].firstIndex(of: UInt8(ascii: "\n")) {
            let colon = line + name.utf8.count
            // The colon before the name: one byte tells most lines apart.
            if colon < end, self.lines[colon] == UInt8(ascii: ":"), self.holds(name, at: line),
                !body(self.lines[(colon + 1)..<end])
            {
                return
            }
            line = end + 1
        }
    }
}

extension UpstreamResponseHead {
    private func holds(_ name: String, at start: Int) -> Bool {
        let name = name.utf8.span
        for index in name.indices where self.lines[start + index] != name[index] { return false }
        return true
    }

    /// What the transfer has to expect after this head.
    ///
    /// A redirect is not followed, and not more than one layer of compression is undone.
    func kind(from target: UpstreamTarget) -> TransferStateMachine.Head {
        switch self.status {
        case 301, 302, 303, 307, 308:
            // Followed, it would take the key along to wherever it points, and libcurl would make a GET of the
            // request.
            let location = self.header("location").flatMap { target.parsedURL?.destination(of: $0) }
            return .unusable(.redirected(status: self.status, location: location))
        default:
            break
        }
        guard self.mayNameCodings else { return self.isSuccess ? .answer : .refusal }
        let codings = (self.list("content-encoding") + self.list("transfer-encoding"))
            .filter { $0 != "chunked" && $0 != "identity" }
        // Each layer makes a thousand bytes of one.
        if codings.count > 1 { return .unusable(.undecodable(reason: "it is compressed more than once")) }
        if let coding = codings.first, !Self.codings.contains(coding) {
            return .unusable(.undecodable(reason: "its coding \"\(Self.name(coding))\" is unknown"))
        }
        return self.isSuccess ? .answer : .refusal
    }

    /// libcurl may have been built without the last two, and says so then.
    private static let codings = ["gzip", "x-gzip", "deflate", "br", "zstd"]

    /// A coding's name for a message.
    private static func name(_ coding: String) -> String {
        String(coding.prefix(32).map { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-") ? $0 : "?" })
    }
}
