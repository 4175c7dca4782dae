// SPDX-License-Identifier: Apache-2.0

/// The hosts that may receive the OAuth token. The credentials file names its host itself, and whoever can change that
/// line must not be able to have the token sent to them.
package struct TrustedHosts: Sendable, Equatable {
    /// A host, or `*.domain` for everything below it.
    private let patterns: [String]

    init(additional: [String] = []) {
        self.patterns = ["*.qwen.ai", "*.aliyuncs.com"] + additional.map { $0.lowercased() }
    }

    /// Whether `host` may receive the token. Case does not matter.
    package func contains(_ host: String) -> Bool {
        let host = host.lowercased()
        return self.patterns.contains { pattern in
            pattern.hasPrefix("*.")
                ? host.hasSuffix(pattern.dropFirst()) && host.count >= pattern.count : host == pattern
        }
    }
}
