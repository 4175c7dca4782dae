// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import Shared

/// Changes which upstreams there are: writes the files, has the daemon (or, while none runs, its reader) check the whole, and
/// takes everything back when there is a mistake.
struct UpstreamEditor {
    /// A file's new content; nil removes it.
    typealias Change = (name: String, text: String?)

    /// The file that says which upstream answers.
    static let useFile = "use.toml"

    let client: ControlClient
    let list: UpstreamList
    let isRunning: Bool
    let directory: DropInDirectory

    init(_ client: ControlClient) throws {
        self.client = client
        do throws(ControlError) {
            self.list = try client.upstreams()
            self.isRunning = true
        } catch .connection(.notRunning) {
            self.list = try Self.listWithoutDaemon()
            self.isRunning = false
        } catch {
            throw Self.exit(Failure(error).message, Failure(error).status)
        }
        self.directory = DropInDirectory(of: self.list.directory)
    }

    /// With mistakes in it nothing can be listed, but the place is known.
    private static func listWithoutDaemon() throws -> UpstreamList {
        guard let daemon = ExternalProgram.daemon else {
            throw Self.exit(ConfigurationCheck.Failure.noDaemonProgram.message, .programMissing)
        }
        do throws(ExternalProgram.Failure) {
            let output = try daemon.run(["--list-upstreams"])
            if output.status == 0, let list = try? JSONDecoder().decode(UpstreamList.self, from: Data(output.text.utf8))
            {
                return list
            }
            throw ExternalProgram.Failure(reason: output.errors)
        } catch {
            throw Self.exit("The configuration cannot be read:\n\(error.reason)", .refused)
        }
    }

    func use(_ name: String) -> Change {
        (Self.useFile, "# Written by qwenproxyctl upstream use.\n[upstream]\nuse = \(UpstreamFile.quoted(name))\n")
    }

    /// - Returns: the mistakes because of which nothing was changed; none when all is well.
    func apply(_ changes: [Change]) throws -> [String] {
        do throws(DropInDirectory.Failure) {
            var before: [Change] = []
            for change in changes { before.append((change.name, try self.directory.read(change.name))) }
            for change in changes { try self.directory.write(change.text, to: change.name) }
            let mistakes = self.mistakes()
            if !mistakes.isEmpty {
                for change in before { try self.directory.write(change.text, to: change.name) }
            }
            return mistakes
        } catch {
            throw Self.exit(error.reason, .refused)
        }
    }

    private func mistakes() -> [String] {
        do throws(ControlError) {
            if self.isRunning {
                _ = try self.client.reload()
                return []
            }
        } catch .reloadRejected(let mistakes) {
            return mistakes
        } catch {
            return [Failure(error).message]
        }
        do throws(ConfigurationCheck.Failure) {
            let check = try ConfigurationCheck.run(nil)
            return check.isGood ? [] : check.remarks
        } catch {
            return [error.message]
        }
    }

    /// Says what went wrong; the error it returns ends the program.
    static func exit(_ message: String, _ status: ExitStatus) -> ExitCode {
        Terminal.printError(message)
        return ExitCode(status.rawValue)
    }

    static func refused(_ mistakes: [String]) -> ExitCode {
        Self.exit("Nothing was changed:\n" + mistakes.map { "  \($0)" }.joined(separator: "\n"), .refused)
    }
}
