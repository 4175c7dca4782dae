// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzTargets

/// Runs a worker in a process of its own, so that a trap of the code under test is a finding and not the end.
struct Supervisor {
    /// How long after its time a worker counts as hanging.
    private static let grace = 30

    let mode: String
    let options: Options

    /// True when nothing was found.
    func run(for seconds: Int) throws -> Bool {
        let file = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(self.mode)-\(getpid())")
        let path = file.path
        defer { try? FileManager.default.removeItem(at: file) }
        let worker = Process()
        worker.executableURL = URL(filePath: CommandLine.arguments[0])
        worker.arguments = [
            "--mode", self.mode, "--seconds", "\(seconds)", "--seed", "\(self.options.seed)", "--current-input", path,
        ]
        try worker.run()
        let deadline = DispatchWorkItem { kill(worker.processIdentifier, SIGKILL) }
        DispatchQueue.global().asyncAfter(deadline: .now() + .seconds(seconds + Self.grace), execute: deadline)
        worker.waitUntilExit()
        deadline.cancel()
        guard worker.terminationReason != .exit || worker.terminationStatus != 0 else { return true }
        guard let current = CurrentInput(path: path) else { return false }
        let input = current.load()
        let name = "finding-\(self.mode)-" + String(input.fingerprint, radix: 16)
        try Data(input).write(to: URL(filePath: name))
        let cause =
            worker.terminationReason == .exit
            ? "something did not hold" : "the worker died of signal \(worker.terminationStatus)"
        print("\(self.mode): \(cause); the input is in \(name)")
        return false
    }
}
