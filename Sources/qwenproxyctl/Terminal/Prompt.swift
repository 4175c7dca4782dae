// SPDX-License-Identifier: Apache-2.0

import Glibc

/// Questions to the person at the terminal. They are written to standard error: the output may be for a program. Nil is the
/// end of the input (Ctrl-D), or that there is no terminal.
enum Prompt {
    /// A person can read what is asked, and type.
    static var isPossible: Bool { Terminal.isInputTerminal && isatty(STDERR_FILENO) == 1 }

    /// - Parameter default: what Return means.
    static func line(_ question: String, default: String? = nil) -> String? {
        guard Self.isPossible else { return nil }
        Terminal.prompt("\(question)\(`default`.map { " [\($0)]" } ?? ""): ")
        guard let answer = Self.readSeen() else { return nil }
        return answer.isEmpty ? `default` ?? "" : answer
    }

    /// - Parameter default: what Return means. Without a terminal the answer is no.
    static func asks(_ question: String, default: Bool = true) -> Bool {
        guard Self.isPossible else { return false }
        while true {
            Terminal.prompt("\(question) \(`default` ? "[Y/n]" : "[y/N]") ")
            guard let answer = Self.readSeen()?.lowercased() else { return false }
            if answer.isEmpty { return `default` }
            if ["y", "yes"].contains(answer) { return true }
            if ["n", "no"].contains(answer) { return false }
        }
    }

    /// Ends the program unless the answer is yes.
    /// - Parameter outcome: what is so without it.
    static func agreement(
        _ question: String, default: Bool = true, otherwise outcome: String = "Nothing was changed"
    ) throws {
        guard Self.isPossible else {
            throw ExitStatus.refused.exit(saying: "\(outcome): there is no terminal to ask on. Say --yes.")
        }
        guard Self.asks(question, default: `default`) else { throw ExitStatus.refused.exit(saying: "\(outcome).") }
    }

    /// One of several, by its number or, of words, by the word itself.
    /// - Parameter allowsOthers: a word that is not in the list is an answer, too.
    static func choice(_ title: String, _ options: [StyledText], allowsOthers: Bool = false) -> Choice? {
        guard Self.isPossible else { return nil }
        var list = ChoiceList(options, allowsOthers: allowsOthers)
        Terminal.printNote([StyledText(title, .bold)] + list.lines)
        while let answer = Self.line(list.question, default: list.default) {
            switch list.receive(answer) {
            case .option(let index): return .option(index)
            case .other(let text): return .other(text)
            case .narrowed: Terminal.printNote(list.lines)
            case .refused(let rule): Terminal.printNote([StyledText(rule)])
            }
        }
        return nil
    }

    enum Choice: Equatable {
        case option(Int)
        case other(String)
    }

    /// For what must not be seen on the screen. The terminal is given back as it was, also when Ctrl-C ends the program here.
    static func secret(_ question: String) -> String? {
        guard Self.isPossible else { return nil }
        while true {
            switch EndSignals.held({ Self.readUnseen("\(question): ") }) {
            case .line(let text): return text
            case .end: return nil
            // The program was stopped, and goes on.
            case .signalled: continue
            }
        }
    }

    private enum Unseen {
        case line(String)
        case end
        case signalled
    }

    private static func readUnseen(_ prompt: String) -> Unseen {
        var original = termios()
        guard unsafe tcgetattr(STDIN_FILENO, &original) == 0 else { return .end }
        var settings = original
        settings.c_lflag &= ~tcflag_t(ECHO)
        // What was typed before the question is not its answer.
        _ = unsafe tcsetattr(STDIN_FILENO, TCSAFLUSH, &settings)
        defer {
            _ = unsafe tcsetattr(STDIN_FILENO, TCSANOW, &original)
            Terminal.prompt("\n")
        }
        Terminal.prompt(prompt)
        while true {
            var entry = pollfd(fd: STDIN_FILENO, events: Int16(POLLIN), revents: 0)
            // A held signal does not interrupt the wait, so it is looked for now and then.
            let count = unsafe poll(&entry, 1, 50)
            if EndSignals.arePending { return .signalled }
            if count > 0 { return Self.read().map { .line($0) } ?? .end }
        }
    }

    private static func read() -> String? {
        readLine().map { line in String(line.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
    }

    private static func readSeen() -> String? {
        let answer = Self.read()
        // Ctrl-D leaves the cursor after the question.
        if answer == nil { Terminal.prompt("\n") }
        return answer
    }
}
