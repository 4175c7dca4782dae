// SPDX-License-Identifier: Apache-2.0

import Glibc

/// The system's words for an `errno`.
public enum SystemError {
    /// Of the call that has just failed.
    public static var last: String { Self.text(errno) }

    /// The system's words for a value of `errno`.
    public static func text(_ code: CInt) -> String {
        // strerror_r, because strerror's buffer is shared by all threads. 128 bytes hold every message of the C library.
        unsafe withUnsafeTemporaryAllocation(of: CChar.self, capacity: 128) { buffer in
            guard let base = buffer.baseAddress, unsafe strerror_r(code, base, buffer.count) == 0 else {
                return "error \(code)"
            }
            return unsafe String(cString: base)
        }
    }
}

/// Calls `body` with `strings` as C's arguments and environments are: a null pointer ends them. They are valid until it
/// returns.
public func withCStrings<Value>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value,
) -> Value {
    // Copies: execve(2) and its like take arguments that are not constant.
    let pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
    return unsafe pointers.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("The array has at least its end") }
        return unsafe body(base)
    }
}
