// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

@testable import Credentials

/// With the real library and real directories. One at a time, since the library is one per process.
@Suite(.serialized) struct CredentialsWatcherTests {
    let directory: TemporaryDirectory
    let counter = ChangeCounter()

    init() throws {
        self.directory = try TemporaryDirectory("c")
    }

    /// Runs `body` while `<directory>/<name>/creds` is watched.
    private func watching(_ name: String, _ body: () throws -> Void) throws {
        let counter = self.counter
        let watcher = CredentialsWatcher(
            directory: self.directory.path + "/" + name, fileName: "creds", pollInterval: .milliseconds(200)
        ) {
            counter.changed()
        }
        try watcher.start()
        defer { watcher.stop() }
        try body()
    }

    /// The file says `text`, and the watcher has said so after it did.
    private func expectNotice(of text: String?, in name: String, _ location: SourceLocation = #_sourceLocation) {
        #expect(self.counter.waitForChange(), sourceLocation: location)
        #expect(
            self.counter.wait {
                (try? String(contentsOfFile: self.directory.path + "/\(name)/creds", encoding: .utf8)) == text
            }, sourceLocation: location)
        self.counter.forget()
    }

    @Test func `a replaced, a rewritten and a deleted file are noticed`() throws {
        try self.directory.makeDirectory("d")
        try self.watching("d") {
            try self.directory.replace("d/creds", with: "1")
            self.expectNotice(of: "1", in: "d")
            try self.directory.write("2", to: "d/creds")
            self.expectNotice(of: "2", in: "d")
            try self.directory.remove("d/creds")
            self.expectNotice(of: nil, in: "d")
            try self.directory.replace("d/creds", with: "3")
            self.expectNotice(of: "3", in: "d")
            try self.directory.move("d/creds", to: "d/other")
            self.expectNotice(of: nil, in: "d")
        }
    }

    @Test func `another directory can be watched in place of the first`() throws {
        try self.directory.makeDirectory("a")
        try self.directory.makeDirectory("b")
        let counter = self.counter
        let watcher = CredentialsWatcher(directory: self.directory.path + "/a", fileName: "creds") { counter.changed() }
        try watcher.start()
        defer { watcher.stop() }
        for name in ["b", "c/d", "a"] {
            watcher.move(to: self.directory.path + "/" + name)
            #expect(counter.waitForChange())
            counter.forget()
            try self.directory.makeDirectory(name)
            try self.directory.replace(name + "/creds", with: name)
            self.expectNotice(of: name, in: name)
        }
        let before = counter.count
        try self.directory.replace("b/creds", with: "x")
        try self.directory.replace("a/creds", with: "last")
        self.expectNotice(of: "last", in: "a")
        #expect(counter.count - before <= 2)
    }

    @Test func `a change of another file is ignored`() throws {
        try self.directory.makeDirectory("d")
        try self.watching("d") {
            for number in 0..<50 { try self.directory.write("x", to: "d/other\(number)") }
            // The queue keeps its order: when this one has been noticed, those before it have been seen.
            try self.directory.write("1", to: "d/creds")
            self.expectNotice(of: "1", in: "d")
            #expect(self.counter.count <= 2)
        }
    }

    @Test func `a directory that comes later is found, over several levels`() throws {
        try self.watching("a/b/c") {
            try self.directory.makeDirectory("a/b/c")
            try self.directory.replace("a/b/c/creds", with: "1")
            self.expectNotice(of: "1", in: "a/b/c")
            try self.directory.replace("a/b/c/creds", with: "2")
            self.expectNotice(of: "2", in: "a/b/c")
        }
    }

    @Test func `a directory that comes one level at a time is found`() throws {
        try self.watching("a/b") {
            try self.directory.makeDirectory("a")
            #expect(self.counter.waitForChange())
            try self.directory.makeDirectory("a/b")
            #expect(self.counter.waitForChange())
            try self.directory.write("1", to: "a/b/creds")
            self.expectNotice(of: "1", in: "a/b")
        }
    }

    @Test func `a directory that was removed and made again is watched again`() throws {
        try self.directory.makeDirectory("d")
        try self.directory.write("0", to: "d/creds")
        try self.watching("d") {
            for round in 1...20 {
                try self.directory.remove("d")
                self.expectNotice(of: nil, in: "d")
                try self.directory.makeDirectory("d")
                try self.directory.replace("d/creds", with: "\(round)")
                self.expectNotice(of: "\(round)", in: "d")
            }
        }
    }

    @Test func `a directory that was renamed is no longer ours, its successor is`() throws {
        try self.directory.makeDirectory("d")
        try self.directory.write("0", to: "d/creds")
        try self.watching("d") {
            try self.directory.move("d", to: "old")
            self.expectNotice(of: nil, in: "d")
            try self.directory.makeDirectory("new")
            try self.directory.write("1", to: "new/creds")
            try self.directory.move("new", to: "d")
            self.expectNotice(of: "1", in: "d")
            try self.directory.replace("d/creds", with: "2")
            self.expectNotice(of: "2", in: "d")
            self.counter.forget()
            let before = self.counter.count
            try self.directory.write("x", to: "old/creds")
            try self.directory.write("3", to: "d/creds")
            self.expectNotice(of: "3", in: "d")
            #expect(self.counter.count - before <= 2)
        }
    }

    @Test func `a directory further up that was renamed takes the file away`() throws {
        try self.directory.makeDirectory("a/b/c")
        try self.directory.write("0", to: "a/b/c/creds")
        try self.watching("a/b/c") {
            try self.directory.move("a", to: "z")
            self.expectNotice(of: nil, in: "a/b/c")
            try self.directory.move("z", to: "a")
            self.expectNotice(of: "0", in: "a/b/c")
            try self.directory.write("1", to: "a/b/c/creds")
            self.expectNotice(of: "1", in: "a/b/c")
        }
    }

    @Test func `the last of many quick changes is always noticed`() throws {
        try self.directory.makeDirectory("d")
        try self.watching("d") {
            for number in 0...500 { try self.directory.replace("d/creds", with: "\(number)") }
            self.expectNotice(of: "500", in: "d")
        }
    }

    @Test func `nothing is called after it was stopped, and it can be started again`() throws {
        try self.directory.makeDirectory("d")
        for round in 1...5 {
            try self.watching("d") {
                try self.directory.write("\(round)", to: "d/creds")
                self.expectNotice(of: "\(round)", in: "d")
            }
            self.counter.forget()
            let before = self.counter.count
            // Whatever was in the library's buffer when it was stopped must not come out in the next round.
            try self.directory.write("x", to: "d/creds")
            #expect(self.counter.count == before)
        }
    }

    @Test func `there is one at a time`() throws {
        let other = CredentialsWatcher(directory: self.directory.path, fileName: "creds") {}
        try self.watching("d") {
            #expect(throws: CredentialsWatcher.Failure.alreadyRunning) { try other.start() }
        }
        try other.start()
        other.stop()
        other.stop()
    }

    /// In a process of its own: the tests beside this one would give back the descriptors that it takes.
    @Test func `with descriptors that the library cannot take it looks from time to time instead`() async {
        await #expect(processExitsWith: .success) {
            try CredentialsWatcherTests().looksFromTimeToTime()
        }
    }

    private func looksFromTimeToTime() throws {
        var limit = rlimit()
        #expect(unsafe getrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        var original = limit
        limit.rlim_cur = min(limit.rlim_max, 4096)
        #expect(unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &limit) == 0)
        defer { _ = unsafe setrlimit(__rlimit_resource_t(RLIMIT_NOFILE.rawValue), &original) }
        var taken: [CInt] = []
        defer { for descriptor in taken { close(descriptor) } }
        while (taken.last ?? 0) < 1100 {
            let copy = dup(0)
            try #require(copy >= 0)
            taken.append(copy)
        }
        try self.directory.makeDirectory("d")
        try self.watching("d") {
            try self.directory.write("1", to: "d/creds")
            self.expectNotice(of: "1", in: "d")
            // With low descriptors it is itself again.
            for descriptor in taken { close(descriptor) }
            taken = []
            #expect(self.counter.waitForChange())
            try self.directory.write("2", to: "d/creds")
            self.expectNotice(of: "2", in: "d")
        }
    }

    @Test func `it has its thread, and a descriptor that programs do not inherit`() throws {
        try self.watching("d") {
            let tasks = try FileManager.default.contentsOfDirectory(atPath: "/proc/self/task")
            let names = tasks.compactMap { try? String(contentsOfFile: "/proc/self/task/\($0)/comm", encoding: .utf8) }
            #expect(names.count { $0 == "inotify\n" } == 1)
            // The library opens it without the flag, which is set next: one of another test may be seen in between.
            let deadline = ContinuousClock.now + .seconds(20)
            var isInherited = true
            while isInherited, ContinuousClock.now < deadline {
                let info = try #require(self.inotifyInformation())
                // O_CLOEXEC is 0o2000000 in the flags.
                let flags = try #require(info.split(separator: "\n").first { $0.hasPrefix("flags:") })
                let bits = try #require(Int(flags.split(separator: "\t")[1], radix: 8))
                isInherited = bits & 0o2000000 == 0
            }
            #expect(!isInherited)
        }
    }

    /// What the kernel tells of the descriptor. Other tests open and close theirs meanwhile, so a look may miss it.
    private func inotifyInformation() -> String? {
        let deadline = ContinuousClock.now + .seconds(60)
        while ContinuousClock.now < deadline {
            for name in (try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fdinfo")) ?? [] {
                let link = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(name)")
                guard link == "anon_inode:inotify" else { continue }
                if let info = try? String(contentsOfFile: "/proc/self/fdinfo/\(name)", encoding: .utf8) { return info }
            }
        }
        return nil
    }

    @Test func `none of its descriptors is left behind`() throws {
        let rounds = 50
        let before = self.descriptors()
        for _ in 1...rounds { try self.watching("d") {} }
        // Other tests open and close some meanwhile, but not as many.
        #expect(self.descriptors() < before + rounds / 2)
    }

    /// How many descriptors there are of the kinds that a watcher has. Other tests have others, and run meanwhile.
    private func descriptors() -> Int {
        (0..<1024).count { number in
            let target = try? FileManager.default.destinationOfSymbolicLink(atPath: "/proc/self/fd/\(number)")
            return target == "anon_inode:inotify" || target == "anon_inode:[eventfd]"
        }
    }
}
