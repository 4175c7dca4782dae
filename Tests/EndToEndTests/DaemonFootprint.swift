// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport

/// What a daemon takes of the machine, with the processes that it is replaced by. It is looked up in /proc, so that a daemon
/// that has no time to answer is measured as well.
struct DaemonFootprint {
    struct Sample: CustomStringConvertible {
        var processes = 0
        /// Of the process that has the most, as are the descriptors.
        var kilobytes = 0
        var descriptors = 0

        var description: String {
            "\(self.processes) processes, at most \(self.kilobytes) KB and \(self.descriptors) descriptors each"
        }

        mutating func rise(to other: Self) {
            self.processes = max(self.processes, other.processes)
            self.kilobytes = max(self.kilobytes, other.kilobytes)
            self.descriptors = max(self.descriptors, other.descriptors)
        }
    }

    private let program: String
    /// Every generation of this daemon, and no other daemon, has the control socket in its environment.
    private let mark: Data

    init(of daemon: DaemonProcess) {
        self.program = URL(filePath: BuiltProducts.daemon).resolvingSymlinksInPath().path
        self.mark = Data("\0QWEN_CONTROL_SOCKET=\(daemon.controlSocket)\0".utf8)
    }

    func sample() -> Sample {
        var sample = Sample()
        for process in self.processes() {
            guard let descriptors = try? FileManager.default.contentsOfDirectory(atPath: "/proc/\(process)/fd").count,
                let kilobytes = DaemonProcess.memory("VmRSS", of: process)
            else { continue }
            sample.rise(to: Sample(processes: sample.processes + 1, kilobytes: kilobytes, descriptors: descriptors))
        }
        return sample
    }

    private func processes() -> [String] {
        let files = FileManager.default
        return ((try? files.contentsOfDirectory(atPath: "/proc")) ?? []).filter { name in
            guard Int(name) != nil,
                (try? files.destinationOfSymbolicLink(atPath: "/proc/\(name)/exe")) == self.program,
                let environment = files.contents(atPath: "/proc/\(name)/environ")
            else { return false }
            return (Data([0]) + environment).range(of: self.mark) != nil
        }
    }

    /// What the kernel knows of the processes' sockets, for a message about too many of them (ss(8)).
    func sockets() async -> String {
        var text = ""
        for options in ["-tanp", "-xanp"] {
            let outcome = try? await ChildProcess.run("/usr/bin/ss", [options])
            for line in (outcome?.output ?? "").split(separator: "\n")
            where self.processes().contains(where: { line.contains("pid=\($0),") }) {
                text += line + "\n"
            }
        }
        return text
    }

    /// Until it is cancelled: the most of each that was seen.
    func watch() async -> Sample {
        var peak = self.sample()
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(500))
            peak.rise(to: self.sample())
        }
        return peak
    }

    /// What it takes once that is as wanted, or when the time is over: freed memory goes back to the system some seconds after
    /// the last request.
    func settled(within limit: Duration, _ isWanted: (Sample) -> Bool) async -> Sample {
        let deadline = ContinuousClock.now + limit
        var sample = self.sample()
        while !isWanted(sample), ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(500))
            sample = self.sample()
        }
        return sample
    }
}
