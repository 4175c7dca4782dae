// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzTargets

/// Chosen once: an environment is not for looking up a million times.
private let target: any FuzzTarget = {
    let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
    guard let target = FuzzTargets.named(name) else {
        print("FUZZ_TARGET must be one of \(FuzzTargets.names.joined(separator: ", "))")
        exit(2)
    }
    return target
}()

/// What libFuzzer calls; its runtime brings `main`.
@_cdecl("LLVMFuzzerTestOneInput")
public func testOneInput(_ bytes: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
    do throws(Violation) {
        _ = try target.run(input)
    } catch {
        // A trap is how libFuzzer learns of a finding; it keeps the input.
        fatalError("\(error)")
    }
    return 0
}
