// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzTargets

/// libFuzzer's own `main`, as a function.
@_silgen_name("LLVMFuzzerRunDriver")
private func runDriver(
    _ count: UnsafeMutablePointer<CInt>,
    _ arguments: UnsafeMutablePointer<UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>>,
    _ callback: @convention(c) (UnsafePointer<UInt8>, Int) -> CInt
) -> CInt

let name = ProcessInfo.processInfo.environment["FUZZ_TARGET"] ?? ""
guard let target = FuzzTargets.named(name) else {
    print("FUZZ_TARGET must be one of \(FuzzTargets.names.joined(separator: ", "))")
    exit(2)
}
nonisolated(unsafe) private var chosen: any FuzzTarget = target

var count = CommandLine.argc
var arguments = unsafe CommandLine.unsafeArgv
exit(
    unsafe runDriver(&count, &arguments) { bytes, count in
        let input = unsafe Array(UnsafeBufferPointer(start: bytes, count: count))
        do throws(Violation) {
            _ = try chosen.run(input)
        } catch {
            // A trap is how libFuzzer learns of a finding; it keeps the input.
            fatalError("\(error)")
        }
        return 0
    })
