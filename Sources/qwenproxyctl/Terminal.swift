// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Text on its way to the user.
enum Terminal {
    static func printError(_ message: String) {
        Self.write("qwenproxyctl: \(Self.sanitized(message))\n", to: STDERR_FILENO)
    }

    static func print(_ text: String) {
        Self.write("\(Self.sanitized(text))\n", to: STDOUT_FILENO)
    }

    /// JSON escapes control characters itself.
    static func print(json: [UInt8]) {
        Self.write(json, to: STDOUT_FILENO)
    }

    /// Error messages come from upstreams by way of the daemon; they must not steer the terminal.
    static func sanitized(_ text: String) -> String {
        var scalars = String.UnicodeScalarView()
        for scalar in text.unicodeScalars {
            let isControl = scalar.value < 0x20 || (0x7F..<0xA0).contains(scalar.value)
            scalars.append(isControl && scalar != "\n" ? "\u{FFFD}" : scalar)
        }
        return String(scalars)
    }

    private static func write(_ text: String, to descriptor: CInt) {
        Self.write(Array(text.utf8), to: descriptor)
    }

    private static func write(_ bytes: [UInt8], to descriptor: CInt) {
        var written = 0
        while written < bytes.count {
            let count = unsafe bytes.withUnsafeBytes { buffer in
                let rest = unsafe UnsafeRawBufferPointer(rebasing: buffer[written...])
                return unsafe Glibc.write(descriptor, rest.baseAddress, rest.count)
            }
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { return }
            written += count
        }
    }
}
