// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials

/// The environment as it was when the process started looking.
enum ProcessEnvironment {
    static var variables: [String: String] { ProcessInfo.processInfo.environment }
}
