// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// The variables of the environment that this program looks at.
enum ProcessEnvironment {
    static var current: [String: String] {
        var variables: [String: String] = [:]
        for name in [SocketPath.environmentVariable, "XDG_RUNTIME_DIR"] {
            variables[name] = Self.value(name)
        }
        return variables
    }

    /// As the user sees it, else as the password database says.
    static var home: String {
        if let home = Self.value("HOME") { return home }
        guard let entry = unsafe getpwuid(getuid()) else { return "/" }
        return unsafe String(cString: entry.pointee.pw_dir)
    }

    /// The user who runs this program, by the password database: `USER` can be set to anything.
    static var user: String? {
        guard let entry = unsafe getpwuid(geteuid()) else { return nil }
        return unsafe String(cString: entry.pointee.pw_name)
    }

    /// - Parameter value: nil takes the variable away.
    static func set(_ name: String, to value: String?) {
        if let value {
            unsafe setenv(name, value, 1)
        } else {
            unsafe unsetenv(name)
        }
    }

    /// Nil when it is not set, or set to nothing, which means the same to every program that reads these.
    static func value(_ name: String) -> String? {
        guard let value = unsafe getenv(name) else { return nil }
        let text = unsafe String(cString: value)
        return text.isEmpty ? nil : text
    }
}
