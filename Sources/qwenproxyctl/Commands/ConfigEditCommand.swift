// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Shared

extension ConfigCommand {
    /// `qwenproxyctl config edit`
    struct Edit: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Edits the configuration file, checks it, and makes the daemon read it.",
            discussion: """
                The editor is $VISUAL, else $EDITOR, else "editor", "nano" or "vi". It edits a copy, which takes the \
                file's place only when it has no mistakes.
                """)

        @OptionGroup var daemon: DaemonOptions

        func run() throws {
            let file = ConfigurationFile.current(running: try? self.daemon.client().configuration()).writable
            switch Self.editAndReplace(file) {
            case .good: try self.reload(file)
            case .unchanged: Terminal.print("Nothing changed.")
            case .abandoned(let reason): throw ExitStatus.refused.exit(saying: reason)
            }
        }

        private static func editAndReplace(_ file: ConfigurationFile) -> Outcome {
            do throws(UserFile.Failure) {
                let draft = try FileDraft(of: file.path, template: ConfigurationFile.template)
                switch try Self.edit(draft, file) {
                case .good:
                    try draft.replaceOriginal()
                    return .good
                case .unchanged:
                    draft.remove()
                    return .unchanged
                // Nothing was written, so there is nothing to keep.
                case .abandoned(let reason) where try !draft.isChanged():
                    draft.remove()
                    return .abandoned(reason)
                case .abandoned(let reason):
                    return .abandoned("\(reason)\nWhat you wrote is in \(draft.path).")
                }
            } catch {
                return .abandoned(error.message)
            }
        }

        private enum Outcome {
            case good
            case unchanged
            case abandoned(String)
        }

        /// Until it is right, or the user has had enough.
        private static func edit(_ draft: FileDraft, _ file: ConfigurationFile) throws(UserFile.Failure) -> Outcome {
            while true {
                do throws(ExternalProgram.Failure) {
                    switch try Editor.run(on: draft.path) {
                    case .none: return .abandoned("There is no editor. Set EDITOR to one.")
                    case .some(0): break
                    case .some(let status): return .abandoned("The editor ended with status \(status).")
                    }
                } catch {
                    return .abandoned("The editor could not be run: \(error.reason)")
                }
                guard try draft.isChanged() else { return .unchanged }
                let check: ConfigurationCheck
                do {
                    // Beside the other files, and not alone: an upstream may be described in one file and named in
                    // another.
                    check = try ConfigurationCheck.run(draft.path, inPlaceOf: file.path)
                } catch {
                    return .abandoned(error.message)
                }
                if !check.remarks.isEmpty { Terminal.printError(check.remarks.joined(separator: "\n")) }
                if check.isGood { return .good }
                guard Prompt.asks("Edit it again?") else { return .abandoned("The file is as it was.") }
            }
        }

        private func reload(_ file: ConfigurationFile) throws {
            do throws(ControlError) {
                Terminal.print(ReloadCommand.text(try self.daemon.client().reload()))
            } catch .connection(.notRunning) {
                Terminal.print(
                    """
                    \(file.path) is in place. qwenproxyd is not running; it reads the file when it starts:
                      systemctl --user reset-failed "qwenproxyd*"; \(DaemonUnits.current.enable)
                    """)
            } catch {
                throw ExitStatus.refused.exit(saying: Failure(error).message)
            }
        }
    }
}
