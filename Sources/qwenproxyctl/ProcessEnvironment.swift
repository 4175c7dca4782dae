// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// The variables of the environment that this program looks at.
enum ProcessEnvironment {
    static var current: [String: String] {
        var variables: [String: String] = [:]
        for name in [SocketPath.environmentVariable, "XDG_RUNTIME_DIR"] {
            guard let value = unsafe getenv(name) else { continue }
            variables[name] = unsafe String(cString: value)
        }
        return variables
    }
}
