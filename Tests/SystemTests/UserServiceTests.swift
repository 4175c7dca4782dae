// SPDX-License-Identifier: Apache-2.0

import Testing

/// The units of the package under a real `systemd --user`.
@Suite(.serialized, .enabled(if: SystemScenario.isPossible, "needs root and the package: make test as root"))
struct UserServiceTests {
    @Test func `the units are what an administrator expects`() async throws {
        try await SystemScenario(surroundings: .userManager, script: "units").run()
    }

    @Test func `a hand-over changes the main process and loses nothing`() async throws {
        try await SystemScenario(surroundings: .userManager, script: "handover").run()
    }

    @Test func `fifty restarts under load lose nothing and let no request wait long`() async throws {
        try await SystemScenario(surroundings: .userManager, script: "load", arguments: ["50"])
            .run(within: .seconds(240))
    }

    /// As the kernel shows their names.
    @Test(arguments: ["NIO-ELT", "curl-multi"])
    func `a thread that stops gets the daemon replaced`(thread: String) async throws {
        try await SystemScenario(surroundings: .userManager, script: "watchdog", arguments: [thread]).run()
    }

    @Test func `bash, zsh and fish complete the commands`() async throws {
        try await SystemScenario(surroundings: .userManager, script: "completions").run(within: .seconds(240))
    }

    @Test func `setup leads from nothing to an answer, and its undo back to the last byte`() async throws {
        try await SystemScenario(surroundings: .userManager, script: "setup").run()
    }

    @Test func `the journal knows each request, and no secret`() async throws {
        try await SystemScenario(surroundings: .userManager, script: "journal").run()
    }
}
