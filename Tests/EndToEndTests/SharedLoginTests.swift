// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Several programs live on one login, and any of them can die at any moment.
@Suite struct SharedLoginTests {
    /// Another program that keeps to the rules of qwen-code.
    private func qwenCode(_ login: Login, _ arguments: String...) throws -> ChildProcess {
        try ChildProcess(
            "/usr/bin/python3",
            [ExternalPrograms.script("qwen_code.py"), login.home.path(".qwen"), login.server.tokenURL] + arguments,
            environment: ["PATH": "/usr/bin:/bin", "HOME": login.home.path])
    }

    private func post(_ daemon: DaemonProcess) async throws -> HTTPReply {
        try await daemon.connect().post("/v1/messages", SampleRequest.plain(stream: false))
    }

    /// As if ten seconds had gone by.
    private func ageLock(_ login: Login) throws {
        try FileManager.default.setAttributes(
            [.modificationDate: Date(timeIntervalSinceNow: -11)], ofItemAtPath: login.home.path(Login.lockName))
    }

    @Test func `two daemons and qwen-code need one refresh between them`() async throws {
        try await Gateway.alone {
            let gate = Gate()
            let login = try await Login(expiry: -60, hold: gate)
            let first = try await login.daemon()
            let second = try await login.daemon()
            let third = try self.qwenCode(login)
            try await withThrowingTaskGroup(of: Int.self) { group in
                for daemon in [first, second] {
                    for _ in 0..<5 { group.addTask { try await self.post(daemon).status } }
                }
                _ = try await login.server.server.requests.entry(at: 0, "the refresh")
                gate.open()
                while let status = try await group.next() { #expect(status == 200) }
            }
            let outcome = try await third.outcome()
            #expect(outcome.status == 0, "\(outcome.errorOutput)")
            #expect(outcome.output == "access-1\n")
            #expect(login.server.forms.count == 1)
            #expect(Set(login.presented) == ["access-1"])
            #expect(login.file["refresh_token"]?.string == login.server.refreshToken)
            for daemon in [first, second] { #expect(try await daemon.stop().status == 0) }
            #expect(try login.expectIntegrity(first, second))
            #expect(!login.hasLock)
            await login.stop()
        }
    }

    @Test func `no refresh token is ever used twice, however many come at once`() async throws {
        try await Gateway.alone {
            // A token this short-lived is renewed all the time; qwen-code does it at every call.
            let login = try await Login(expiry: -60, lifetime: 3)
            let daemons = [try await login.daemon(), try await login.daemon()]
            for _ in 0..<3 {
                try await withThrowingTaskGroup(of: Bool.self) { group in
                    for daemon in daemons { group.addTask { try await self.post(daemon).status == 200 } }
                    for _ in 0..<2 { group.addTask { try await self.qwenCode(login).outcome().status == 0 } }
                    while let isFine = try await group.next() { #expect(isFine) }
                }
            }
            for daemon in daemons { #expect(try await daemon.stop().status == 0) }
            let used = login.server.forms.entries.map { $0["refresh_token"] ?? "" }
            #expect(used == used.indices.map { "refresh-\($0)" })
            #expect(used.count >= 7)
            #expect(login.file["refresh_token"]?.string == login.server.refreshToken)
            #expect(!login.hasLock)
            await login.stop()
        }
    }

    @Test func `a lock of a dead process delays no request`() async throws {
        try await Gateway.alone {
            let login = try await Login(expiry: -60)
            let holder = try self.qwenCode(login, "hold")
            while !holder.output.contains("holding") { try await Task.sleep(for: .milliseconds(10)) }
            holder.send(SIGKILL)
            _ = try await holder.outcome()
            try self.ageLock(login)
            // And what a daemon leaves that dies between writing and renaming.
            try login.home.write("{\"access_token\":", to: Login.fileName + ".4711.1.qwenproxyd.tmp")
            let daemon = try await login.daemon()
            #expect(try await self.post(daemon).status == 200)
            #expect(login.presented == ["access-1"])
            try await daemon.stop()
            #expect(
                try FileManager.default.contentsOfDirectory(atPath: login.home.path(".qwen")) == ["oauth_creds.json"])
            await login.stop()
        }
    }

    /// Where the daemon is killed: what the server does by then.
    enum Step: CaseIterable {
        case beforeReply
        case inReply
        case afterReply

        var reply: [ScriptedReply] {
            switch self {
            case .beforeReply: return [.silence]
            case .inReply:
                let head = ScriptedReply.head(200, ["content-type": "application/json", "content-length": "500"])
                return [ScriptedReply([.bytes(head + Array("{\"access_token\":\"acc".utf8)), .wait(Gate())])]
            case .afterReply: return []
            }
        }
    }

    @Test(arguments: Step.allCases)
    func `a daemon that is killed while it refreshes leaves a login that works`(step: Step) async throws {
        try await Gateway.alone {
            let login = try await Login(expiry: -60, scripted: step.reply)
            let before = login.home.text(Login.fileName)
            let victim = try await login.daemon()
            _ = try await login.server.forms.entry(at: 0, "a refresh")
            if step == .afterReply {
                // The file is replaced at once or not at all: the kill comes at whatever moment after.
                while login.home.text(Login.fileName) == before { try await Task.sleep(for: .milliseconds(1)) }
            }
            victim.send(SIGKILL)
            #expect(try await victim.outcome().status == 128 + SIGKILL)
            #expect(try login.expectIntegrity(victim))
            if step != .afterReply { #expect(login.home.text(Login.fileName) == before) }
            if login.hasLock { try self.ageLock(login) }

            let heir = try await login.daemon()
            #expect(try await self.post(heir).status == 200)
            #expect(login.file["refresh_token"]?.string == login.server.refreshToken)
            try await heir.stop()
            // A daemon that found a good token took no lock, and left the dead one to the next that needs it.
            if step != .afterReply { #expect(!login.hasLock) }
            await login.stop()
        }
    }

    @Test(arguments: Step.allCases)
    func `a daemon that is killed during a login leaves the old login or the new`(step: Step) async throws {
        try await Gateway.alone {
            let login = try await Login(expiry: 3600, scripted: step.reply)
            let before = login.home.text(Login.fileName)
            let victim = try await login.daemon()
            let control = try ChildProcess(
                BuiltProducts.control, ["login", "--no-browser"], environment: victim.environment)
            _ = try await login.server.forms.entry(at: 0, "a question")
            if step == .afterReply {
                while login.home.text(Login.fileName) == before { try await Task.sleep(for: .milliseconds(1)) }
            }
            victim.send(SIGKILL)
            #expect(try await victim.outcome().status == 128 + SIGKILL)
            // The daemon said where to go, so its end is no success.
            if step != .afterReply { #expect(try await control.outcome().status != 0) }
            #expect(try login.expectIntegrity(victim))
            let token = login.file["access_token"]?.string
            #expect(token == (step == .afterReply ? "access-1" : "access-0"))
            if login.hasLock { try self.ageLock(login) }

            let heir = try await login.daemon()
            #expect(try await self.post(heir).status == 200)
            try await heir.stop()
            await login.stop()
        }
    }
}
