// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc
import TestSupport
import Testing

/// What a person sees who starts the daemon by hand.
@Suite struct BannerTests {
    /// Starts a daemon in the foreground and returns what it says before its end.
    private func banner(configuration: String? = nil, path: String? = nil) async throws -> String {
        try await Gateway.alone {
            let home = try TemporaryDirectory("d")
            if let configuration { try home.configure(configuration) }
            var environment = DaemonProcess.cleanEnvironment(home: home)
            environment["QWEN_CONTROL_SOCKET"] = home.path("control.sock")
            environment["QWEN_PORT"] = "0"
            if let path { environment["PATH"] = path }
            let process = try ChildProcess(BuiltProducts.daemon, [], environment: environment)
            let start = ContinuousClock.now
            while !process.output.contains("    claude\n"), ContinuousClock.now - start < .seconds(20) {
                try await Task.sleep(for: .milliseconds(20))
            }
            // It may be so early that nothing waits for the signal yet, so the status says nothing.
            process.send(SIGTERM)
            return try await process.outcome().output
        }
    }

    @Test func `the demo names commands that work from anywhere`() async throws {
        let control = URL(filePath: BuiltProducts.control).resolvingSymlinksInPath().path
        let banner = try await self.banner()
        #expect(banner.contains("\(control) setup"), "\(banner)")
        #expect(banner.contains("QWEN_API_KEY=sk-... make run"), "\(banner)")
        #expect(banner.contains("export ANTHROPIC_AUTH_TOKEN=") && banner.contains("unset ANTHROPIC_API_KEY"))
        let short = try await self.banner(path: (control as NSString).deletingLastPathComponent + ":/usr/bin:/bin")
        #expect(short.contains("    qwenproxyctl setup"), "\(short)")
    }

    @Test func `mistakes are said, and where to mend them`() async throws {
        let banner = try await self.banner(configuration: "[server]\nprot = 1\n")
        #expect(banner.contains("mistakes") && banner.contains(" config edit"), "\(banner)")
        #expect(!banner.contains("DEMO"))
    }

    @Test func `a port that is taken is said in plain words`() async throws {
        try await Gateway.alone {
            let daemon = try await DaemonProcess.start()
            let home = try TemporaryDirectory("d")
            var environment = DaemonProcess.cleanEnvironment(home: home)
            environment["QWEN_CONTROL_SOCKET"] = home.path("control.sock")
            environment["QWEN_PORT"] = "\(daemon.port)"
            let outcome = try await ChildProcess(BuiltProducts.daemon, [], environment: environment).outcome()
            #expect(outcome.status == 1)
            #expect(
                outcome.errorOutput.contains("127.0.0.1:\(daemon.port): Address already in use. Another"),
                "\(outcome.errorOutput)")
            try await daemon.stop()
        }
    }
}
