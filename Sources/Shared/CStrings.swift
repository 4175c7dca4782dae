// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Calls `body` with `strings` as C's arguments and environments are: a null pointer ends them. They are valid until it
/// returns.
public func withCStrings<Value>(
    _ strings: [String], _ body: (UnsafePointer<UnsafeMutablePointer<CChar>?>) -> Value,
) -> Value {
    let pointers = unsafe strings.map { unsafe strdup($0) } + [nil]
    defer { for index in unsafe pointers.indices { unsafe free(pointers[index]) } }
    return unsafe pointers.withUnsafeBufferPointer { buffer in
        guard let base = buffer.baseAddress else { preconditionFailure("The array has at least its end") }
        return unsafe body(base)
    }
}
