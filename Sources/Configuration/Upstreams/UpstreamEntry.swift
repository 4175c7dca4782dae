// SPDX-License-Identifier: Apache-2.0

internal import Shared

/// What an `[upstreams.NAME]` table says, before it is known whether it is enough. Nil: nothing was said.
struct UpstreamEntry: Sendable, Equatable {
    enum Authentication: String, Sendable, CaseIterable {
        /// The key if there is one, else nothing.
        case auto
        /// The login of qwen-code.
        case oauth
        /// The key as a bearer token, or as the product wants it.
        case apiKey = "api-key"
        /// The key as `x-api-key`.
        case xAPIKey = "x-api-key"
        case none
    }

    var preset: String?
    var baseURL: String?
    var kind: UpstreamAPI?
    var auth: Authentication?
    var apiKey: Secret?
    var apiKeyFile: String?
    /// The name of an environment variable.
    var apiKeyVariable: String?
    /// The name of one of the service's credentials.
    var credential: String?
    var model: String?
    var workspace: String?
    var region: String?
    var userAgent: String?
    var forwardsUserAgent: Bool?
    var requestsPerMinute: Int?
    var headers: [UpstreamHeader] = []

    /// Why an upstream cannot be called `name`, or nil.
    static func objection(to name: String) -> String? {
        if name == UpstreamDefinition.defaultName {
            return "the upstream \"default\" is set in [upstream]; choose another name"
        }
        // It becomes part of file names and of commands.
        guard name.utf8.allSatisfy(\.isNameCharacter), name.utf8.first?.isLetterOrDigit == true, name.utf8.count <= 64
        else {
            return "the name of an upstream has up to 64 letters, digits, - and _, and begins with a letter or digit"
        }
        return nil
    }
}
