// SPDX-License-Identifier: Apache-2.0

package import Logging
package import Shared

extension Logger {
    package init(_ subsystem: LogSubsystem) { self.init(label: subsystem.rawValue) }
}
