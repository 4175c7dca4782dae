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
        var rest = Array(Redactor.process.hiding(text).utf8)[...]
        let descriptor = self == .output ? STDOUT_FILENO : STDERR_FILENO
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe Glibc.write(descriptor, $0.baseAddress, $0.count) }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}

/// The environment as it was when the process started looking.
enum ProcessEnvironment {
    static var variables: [String: String] { ProcessInfo.processInfo.environment }
}
