// SPDX-License-Identifier: Apache-2.0

internal import Shared

/// A header the user wants on every request to the upstream. Some upstreams take their key in one, so the value is kept
/// out of sight.
package struct UpstreamHeader: Sendable, Equatable {
    /// As it is written to the wire.
    package var name: String
    /// May be a key, so it is not shown.
    package var value: Secret

    /// Why `name` cannot be used, or nil.
    static func objection(to name: String) -> String? {
        guard !name.isEmpty, name.utf8.count <= 128, name.utf8.allSatisfy(\.isHeaderNameCharacter) else {
            return "is not the name of a header"
        }
        switch name.lowercased() {
        case "authorization":
            return "is made from the API key: set upstream.api_key instead"
        case "user-agent":
            return "has its own setting: upstream.user_agent"
        case "host", "content-length", "content-type", "transfer-encoding", "connection", "accept-encoding", "expect":
            return "is set by qwenproxyd itself"
        default:
            return nil
        }
    }

    /// Takes a header over from the configuration, or returns what is wrong with it.
    static func add(_ raw: RawSetting, named name: String, to headers: inout [UpstreamHeader]) -> String? {
        if let objection = Self.objection(to: name) { return "the header \(objection)" }
        guard let value = SettingType<String>.line("").read(raw), value.utf8.allSatisfy({ $0 < 0x7f }) else {
            return Setting.refusal(of: raw, "printable ASCII text", isSecret: true)
        }
        // HTTP does not tell names apart by case (RFC 9110, section 5.1), TOML does.
        let isDuplicate = headers.contains { $0.name.lowercased() == name.lowercased() }
        guard !isDuplicate else { return "the header is there twice, in different spellings" }
        guard headers.count < 32 else { return "there are more than 32 headers" }
        headers.append(UpstreamHeader(name: name, value: Secret(value)))
        return nil
    }
}

extension UInt8 {
    /// A `tchar` of RFC 9110, section 5.6.2.
    fileprivate var isHeaderNameCharacter: Bool {
        self.isLetterOrDigit || "!#$%&'*+-.^_`|~".utf8.contains(self)
    }

    var isHostCharacter: Bool {
        self.isNameCharacter || self == UInt8(ascii: ".")
    }
}
