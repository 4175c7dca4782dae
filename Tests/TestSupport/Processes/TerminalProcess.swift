// SPDX-License-Identifier: Apache-2.0

import Foundation
import Glibc

/// A program on a terminal of its own, whose screen is read and whose keys are typed by the test.
public final class TerminalProcess: @unchecked Sendable {
    // The lock guards what has been read; all else is set once.
    private let lock = NSCondition()
    private var screen: [UInt8] = []
    private var isAtEnd = false
    private let program: SpawnedProgram
    private let rows: Int
    private let columns: Int
    private let master: Int32
    /// The terminal itself stays open, so that its settings can be looked at after the program has gone.
    private let terminal: Int32

    public init(
        _ path: String, _ arguments: [String], environment: [String: String], rows: UInt16 = 24, columns: UInt16 = 80,
    ) throws {
        var master: Int32 = 0
        var terminal: Int32 = 0
        var size = winsize(ws_row: rows, ws_col: columns, ws_xpixel: 0, ws_ypixel: 0)
        guard unsafe openpty(&master, &terminal, nil, nil, &size) == 0 else {
            throw CocoaError(.fileReadUnknown)
        }
        self.master = master
        self.terminal = terminal
        (self.rows, self.columns) = (Int(rows), Int(columns))
        // A session of its own makes the terminal its controlling one, so that Ctrl-C and a new size become signals.
        self.program = try SpawnedProgram(
            "/usr/bin/setsid", ["--ctty", "--wait", path] + arguments, environment: environment,
            input: .descriptor(terminal), output: .descriptor(terminal), errorOutput: .descriptor(terminal))
        Thread.detachNewThread { [self] in self.read() }
    }

    /// Runs a program on a terminal, and `body` on a thread of its own, since it blocks.
    public static func run(
        _ path: String, _ arguments: [String], environment: [String: String], rows: UInt16 = 24, columns: UInt16 = 80,
        _ body: @escaping @Sendable (TerminalProcess) throws -> Void,
    ) async throws {
        try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
            Thread.detachNewThread {
                continuation.resume(
                    with: Result {
                        try body(
                            try TerminalProcess(
                                path, arguments, environment: environment, rows: rows, columns: columns))
                    })
            }
        }
    }

    deinit {
        self.program.send(SIGTERM)
        close(self.master)
        close(self.terminal)
    }

    /// What the program has written so far, control sequences included.
    public var output: String { self.lock.withLock { String(decoding: self.screen, as: UTF8.self) } }

    /// Waits until the output holds `text`.
    public func waits(for text: String, after position: Int = 0, limit: Double = 60) -> Bool {
        let end = Date(timeIntervalSinceNow: limit)
        self.lock.lock()
        defer { self.lock.unlock() }
        while !String(decoding: self.screen.dropFirst(position), as: UTF8.self).contains(text) {
            guard !self.isAtEnd, self.lock.wait(until: end) else { return false }
        }
        return true
    }

    /// Waits until the screen, in the size that it began with, is as wanted.
    public func waitsForScreen(limit: Double = 60, _ isWanted: (TerminalScreen) -> Bool) -> Bool {
        let end = Date(timeIntervalSinceNow: limit)
        self.lock.lock()
        defer { self.lock.unlock() }
        while !isWanted(self.shown) {
            guard !self.isAtEnd, self.lock.wait(until: end) else { return false }
        }
        return true
    }

    /// What the terminal shows now, in the size that it began with.
    public var shownScreen: TerminalScreen { self.lock.withLock { self.shown } }

    private var shown: TerminalScreen {
        TerminalScreen(
            rows: self.rows, columns: self.columns, showing: String(decoding: self.screen, as: UTF8.self))
    }

    /// How many bytes have come so far, for `waits(for:after:)`.
    public var position: Int { self.lock.withLock { self.screen.count } }

    public func type(_ text: String) {
        let bytes = Array(text.utf8)
        _ = unsafe write(self.master, bytes, bytes.count)
    }

    /// The kernel tells the program (SIGWINCH).
    public func resize(rows: UInt16, columns: UInt16) throws {
        let stty = try SpawnedProgram(
            "/usr/bin/stty", ["rows", "\(rows)", "cols", "\(columns)"], input: .descriptor(self.terminal))
        stty.wait()
    }

    /// Whether typed characters are echoed and come line by line, as a shell leaves a terminal.
    public var isCooked: Bool {
        var settings = termios()
        guard unsafe tcgetattr(self.terminal, &settings) == 0 else { return false }
        let flags = tcflag_t(ICANON | ECHO)
        return settings.c_lflag & flags == flags
    }

    /// The exit status, or nil when it has not ended in time.
    public func status(within limit: Double = 60) -> Int32? {
        self.program.wait(within: limit)
    }

    private func read() {
        var bytes = [UInt8](repeating: 0, count: 16 << 10)
        while true {
            let count = unsafe Glibc.read(self.master, &bytes, bytes.count)
            self.lock.withLock {
                if count > 0 { self.screen += bytes.prefix(count) } else { self.isAtEnd = true }
                self.lock.broadcast()
            }
            guard count > 0 else { return }
        }
    }
}
