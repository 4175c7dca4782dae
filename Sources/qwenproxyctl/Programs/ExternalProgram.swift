// SPDX-License-Identifier: Apache-2.0

import CLinux
import Glibc
import Shared

/// A program that is not ours.
struct ExternalProgram {
    struct Failure: Error, Equatable {
        var reason: String
    }

    struct Output: Equatable {
        /// 128 and the signal's number when a signal ended it, as in the shell.
        var status: Int32
        var text: String
        var errors: String
    }

    let path: String

    init(path: String) {
        self.path = path
    }

    /// The first one of this name on the search path, as a shell would find it.
    init?(named name: String, searchPath: String? = ProcessEnvironment.value("PATH")) {
        guard let path = SearchPath(searchPath).program(named: name) else { return nil }
        self.path = path
    }

    /// The daemon that belongs to this program: beside it, else on the search path.
    static var daemon: ExternalProgram? {
        // One on the search path may be of another version.
        if let beside = OwnProgram.sibling(named: "qwenproxyd") { return ExternalProgram(path: beside) }
        return ExternalProgram(named: "qwenproxyd")
    }

    /// This program.
    static var own: ExternalProgram { ExternalProgram(path: OwnProgram.path ?? "qwenproxyctl") }

    /// What to type to run it: its name where the shell finds it by that, else its path.
    var typed: String {
        SearchPath.ofProcess.shortName(of: self.path) ?? ShellWord.quoted(self.path)
    }

    /// Goes on as that program; what follows this call is not reached.
    func replaceProcess(_ arguments: [String]) throws(Failure) -> Never {
        unsafe withCStrings([self.path] + arguments) { arguments in
            // Signals and exit status are the program's own from here on: a wrapper in between would have to pass
            // them on.
            _ = unsafe execv(self.path, arguments)
        }
        throw Failure(reason: SystemError.last)
    }

    /// Runs it on our own terminal and waits for its end.
    func runAttached(_ arguments: [String]) throws(Failure) -> Int32 {
        try Self.status(of: try self.spawn(arguments, output: nil))
    }

    /// Runs it to its end and gathers what it says. It must be a program that ends.
    func run(_ arguments: [String]) throws(Failure) -> Output {
        // Files rather than pipes: one never has to read both at the same time.
        guard let output = TemporaryFile(), let errors = TemporaryFile() else {
            throw Failure(reason: SystemError.last)
        }
        let child = try self.spawn(arguments, output: (output.rawDescriptor, errors.rawDescriptor))
        // Without a limit: the callers choose programs that end.
        let status = try Self.status(of: child)
        return Output(status: status, text: output.contents(), errors: errors.contents())
    }

    /// Starts it and leaves it to itself, without a word on our terminal.
    func start(_ arguments: [String]) throws(Failure) {
        guard let sink = TemporaryFile() else { throw Failure(reason: SystemError.last) }
        _ = try self.spawn(arguments, output: (sink.rawDescriptor, sink.rawDescriptor))
    }

    private func spawn(
        _ arguments: [String], output: (standard: CInt, error: CInt)?,
    ) throws(Failure) -> pid_t {
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        if let output {
            // Its questions would be in a file, where nobody sees them: it must not wait for an answer.
            unsafe posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0)
            unsafe posix_spawn_file_actions_adddup2(&actions, output.standard, STDOUT_FILENO)
            unsafe posix_spawn_file_actions_adddup2(&actions, output.error, STDERR_FILENO)
        }
        var child = pid_t()
        // Not fork: between it and exec only few calls are safe, and Swift's runtime is not among them.
        let code = unsafe withCStrings([self.path] + arguments) { arguments in
            unsafe posix_spawn(&child, self.path, &actions, nil, arguments, qp_environment())
        }
        guard code == 0 else { throw Failure(reason: SystemError.text(code)) }
        return child
    }

    private static func status(of child: pid_t) throws(Failure) -> Int32 {
        var status: CInt = 0
        while unsafe waitpid(child, &status, 0) < 0 {
            // A window that changes its size interrupts the wait, too.
            guard errno == EINTR else { throw Failure(reason: SystemError.last) }
        }
        // WIFEXITED and its like are macros.
        let signal = status & 0x7F
        return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
    }
}
