// SPDX-License-Identifier: Apache-2.0

package import Logging
package import Shared

extension Logger {
    /// A logger of one part of the daemon, whose level can be set on its own.
    package init(_ subsystem: LogSubsystem) { self.init(label: subsystem.rawValue) }
}
