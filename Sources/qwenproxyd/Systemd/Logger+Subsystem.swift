// SPDX-License-Identifier: Apache-2.0

import Logging
import Shared

extension Logger {
    init(_ subsystem: LogSubsystem) { self.init(label: subsystem.rawValue) }
}
