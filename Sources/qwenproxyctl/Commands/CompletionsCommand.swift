// SPDX-License-Identifier: Apache-2.0

import ArgumentParser

/// `qwenproxyctl completions`
struct CompletionsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "completions",
        abstract: "Prints a script that completes this program's arguments in a shell.",
        discussion: """
            The package and "make install" put it in place already. By hand: \
            source <(qwenproxyctl completions bash), or qwenproxyctl completions fish | source.
            """,
    )

    enum Shell: String, CaseIterable, ExpressibleByArgument {
        case bash, zsh, fish

        fileprivate var kind: CompletionShell {
            switch self {
            case .bash: .bash
            case .zsh: .zsh
            case .fish: .fish
            }
        }
    }

    @Argument(help: "Which shell.")
    var shell: Shell

    func run() {
        Terminal.print(script: Qwenproxyctl.completionScript(for: self.shell.kind))
    }
}
