// SPDX-License-Identifier: Apache-2.0

import Configuration
import Server

extension Secret {
    /// Whether a local client presented this key: as `x-api-key: KEY`, as `Authorization: Bearer KEY`, or as both, which
    /// Claude Code does with `apiKeyHelper`.
    func admits(_ request: InboundRequest) -> Bool {
        if let key = request.header("x-api-key"), self.matches(key) { return true }
        let scheme = "bearer "
        guard let value = request.header("authorization"), value.lowercased().hasPrefix(scheme) else { return false }
        return self.matches(value.dropFirst(scheme.count))
    }
}
