// SPDX-License-Identifier: Apache-2.0

/// The parameters of a query string. Values are taken as they stand: what we read from them needs no percent-encoding.
struct QueryParameters: Sendable {
    private let parameters: [(name: Substring, value: Substring)]

    init(_ query: String?) {
        self.parameters = (query ?? "").split(separator: "&").map { pair in
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
            return (parts[0], parts.count > 1 ? parts[1] : "")
        }
    }

    /// The first value of `name`.
    subscript(name: String) -> String? {
        self.parameters.first { $0.name == name }.map { String($0.value) }
    }
}
