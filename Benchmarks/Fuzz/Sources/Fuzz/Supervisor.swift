// SPDX-License-Identifier: Apache-2.0

import Foundation
import FuzzTargets

/// Runs a worker in a process of its own, so that a trap of the code under test is a finding and not the end.
struct Supervisor {
    /// A worker that has not begun another input for three of these hangs. Its time being over says nothing: a machine
    /// that was paused would look like a hang.
    private static let interval = DispatchTimeInterval.seconds(10)

    let mode: String
    let options: Options

    /// True when nothing was found.
    func run(for seconds: Int) throws -> Bool {
        let file = FileManager.default.temporaryDirectory.appending(path: "fuzz-\(self.mode)-\(getpid())")
        defer { try? FileManager.default.removeItem(at: file) }
        guard let current = CurrentInput(path: file.path) else { return false }
        let worker = Process()
        worker.executableURL = URL(filePath: CommandLine.arguments[0])
        worker.arguments = [
            "--mode", self.mode, "--seconds", "\(seconds)", "--seed", "\(self.options.seed)",
            "--current-input", file.path,
        ]
        let hung = try Self.run(worker, watching: current)
        guard hung || worker.terminationReason != .exit || worker.terminationStatus != 0 else { return true }
        let input = current.load()
        let name = "finding-\(self.mode)-" + String(input.fingerprint, radix: 16)
        try Data(input).write(to: URL(filePath: name))
        let cause =
            if hung {
                "the worker hung"
            } else if worker.terminationReason == .exit {
                "something did not hold"
            } else {
                "the worker died of signal \(worker.terminationStatus)"
            }
        print("\(self.mode): \(cause); the input is in \(name)")
        return false
    }

    /// Waits for the end of the worker; true when it had to be killed.
    private static func run(_ worker: Process, watching current: borrowing CurrentInput) throws -> Bool {
        let ended = DispatchSemaphore(value: 0)
        worker.terminationHandler = { _ in ended.signal() }
        try worker.run()
        var count = 0
        var idle = 0
        while ended.wait(timeout: .now() + Self.interval) == .timedOut {
            idle = current.count == count ? idle + 1 : 0
            count = current.count
            guard idle == 3 else { continue }
            kill(worker.processIdentifier, SIGKILL)
            ended.wait()
            return true
        }
        return false
    }
}
