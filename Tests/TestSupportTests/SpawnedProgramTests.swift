// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@Suite struct SpawnedProgramTests {
    /// Foundation's `Process` fails this: now and then a child inherits by what another one's end is known.
    @Test func `the end of a program is seen while others run that were started at the same moment`() async throws {
        let programs = Journal<SpawnedProgram>()
        let ends = Journal<Int32>()
        let (threads, starts) = (8, 150)
        for thread in 0..<threads {
            Thread.detachNewThread {
                for index in 0..<starts {
                    let isLong = (index + thread).isMultiple(of: 8)
                    let program = try? SpawnedProgram(
                        isLong ? "/bin/sleep" : "/bin/true", isLong ? ["600"] : [],
                        whenEnded: { status in if !isLong { ends.append(status) } })
                    if let program, isLong { programs.append(program) }
                }
            }
        }
        defer { for program in programs.entries { program.send(SIGKILL) } }
        let count = (0..<threads * starts).count { !($0 % starts + $0 / starts).isMultiple(of: 8) }
        let statuses = try await ends.wait(for: "end of each short program", within: .seconds(60)) { entries in
            entries.count == count ? entries : nil
        }
        #expect(statuses.allSatisfy { $0 == 0 })
        #expect(programs.entries.allSatisfy { $0.status == nil })
    }

    @Test func `a program has its streams, its directory, its environment and nothing else of ours`() async throws {
        let directory = try TemporaryDirectory("s")
        try directory.write("asked", to: "in")
        let script = "cat; pwd; echo $WORD >&2; ls -m /proc/self/fd; exit 7"
        let ours = unsafe open("/dev/null", O_RDONLY)
        defer { close(ours) }
        let ends = Journal<Int32>()
        let program = try SpawnedProgram(
            "/bin/sh", ["-c", script], environment: ["WORD": "said", "PATH": "/bin"], directory: directory.path,
            input: .file(directory.path("in")), output: .file(directory.path("out")),
            errorOutput: .file(directory.path("err")), whenEnded: { ends.append($0) })
        #expect(try await ends.entry(at: 0) == 7)
        #expect(program.status == 7)
        // Descriptor 3 is the directory that ls reads.
        #expect(directory.text("out") == "asked\(directory.path)\n0, 1, 2, 3\n")
        #expect(directory.text("err") == "said\n")
    }

    @Test func `a signal is 128 and its number, and reaches a program that a pool's thread has started`() async throws {
        let program = try SpawnedProgram("/bin/sleep", ["600"])
        #expect(program.wait(within: 0) == nil)
        program.send(SIGTERM)
        #expect(program.wait() == 128 + SIGTERM)
        // Its number may be another's by now.
        program.send(SIGTERM)
    }

    @Test func `a program that is not there cannot be started`() {
        #expect(throws: (any Error).self) { try SpawnedProgram("/nowhere/at/all", []) }
    }
}
