// SPDX-License-Identifier: Apache-2.0

import Glibc
import Shared

/// Where this user's changes to the configuration go: the system's directory is its administrator's, and each user's own is
/// read after it.
struct ConfigurationOwner {
    let own: String
    let system: String
    let mayChangeSystem: Bool

    static var current: ConfigurationOwner {
        let system = ConfigurationPath.systemDirectory
        return ConfigurationOwner(
            own: ConfigurationFile.ownDirectory, system: system, mayChangeSystem: unsafe access(system, W_OK) == 0)
    }

    /// - Parameter directory: the one in force.
    func directory(for directory: String) -> String {
        directory == self.system && !self.mayChangeSystem ? self.own : directory
    }
}
