// SPDX-License-Identifier: Apache-2.0

import FoundationEssentials
import Glibc
import Shared

/// The standard streams as descriptors: the `FILE` globals of C are not safe to share between threads.
enum StandardStream {
    case output
    case error

    /// Writes all of `text` but the secrets in it. A reader that went away is not our problem.
    func write(_ text: String) {
        let descriptor = self == .output ? STDOUT_FILENO : STDERR_FILENO
        _ = OwnedDescriptor.writeAll(Array(Redactor.process.hiding(text).utf8), to: descriptor)
    }
}

/// The environment as it was when the process started looking.
enum ProcessEnvironment {
    static var variables: [String: String] { ProcessInfo.processInfo.environment }
}
