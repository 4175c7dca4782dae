// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import FoundationEssentials
import Shared

/// Changes which upstreams there are, or what is known about them: writes the files, has the daemon (or, while none
/// runs, its reader) check the whole, and takes everything back when there is a mistake.
struct UpstreamEditor {
    /// A file's new content; nil removes it.
    typealias Change = (name: String, text: String?)

    /// The file that says which upstream answers.
    static let useFile = "use.toml"

    let client: ControlClient
    let list: UpstreamList
    let isRunning: Bool
    let directory: DropInDirectory

    /// Where changes go.
    enum Folder {
        case dropIns
        /// That of `config.toml`.
        case configuration
    }

    init(_ client: ControlClient, in folder: Folder = .dropIns) throws {
        self.client = client
        do throws(ControlError) {
            self.list = try client.upstreams()
            self.isRunning = true
        } catch .connection(.notRunning) {
            self.list = try Self.listWithoutDaemon()
            self.isRunning = false
        } catch {
            throw Failure(error).status.exit(saying: Failure(error).message)
        }
        let directory = ConfigurationOwner.current.directory(for: self.list.directory)
        self.directory =
            switch folder {
            case .dropIns: DropInDirectory(of: directory)
            case .configuration: DropInDirectory(path: directory)
            }
    }

    /// With mistakes in it nothing can be listed, but the place is known.
    private static func listWithoutDaemon() throws -> UpstreamList {
        guard let daemon = ExternalProgram.daemon else {
            throw ExitStatus.programMissing.exit(saying: ConfigurationCheck.Failure.noDaemonProgram.message)
        }
        do throws(ExternalProgram.Failure) {
            let output = try daemon.run(["--list-upstreams"])
            if output.status == 0, let list = try? JSONDecoder().decode(UpstreamList.self, from: Data(output.text.utf8))
            {
                return list
            }
            throw ExternalProgram.Failure(reason: output.errors)
        } catch {
            throw ExitStatus.refused.exit(saying: "The configuration cannot be read:\n\(error.reason)")
        }
    }

    /// Of the upstreams that there are, or would be without mistakes.
    var names: [String] { self.list.upstreams.map(\.name) + (self.list.described ?? []).map(\.name) }

    /// - Parameter names: of those that there are.
    static func unknown(_ name: String, among names: [String]) -> ExitCode {
        let meant = NameSuggestion.nearest(to: name, among: names).map { " Did you mean \"\($0)\"?" } ?? ""
        let list =
            names.isEmpty ? "" : " \(names.count == 1 ? "There is" : "There are"): \(names.joined(separator: ", "))."
        return ExitStatus.refused.exit(saying: "There is no upstream \"\(name)\".\(list)\(meant)")
    }

    func use(_ name: String) -> Change {
        (Self.useFile, "# Written by qwenproxyctl upstream use.\n[upstream]\nuse = \(UpstreamFile.quoted(name))\n")
    }

    /// All of them, or with a mistake none.
    func apply(_ changes: [Change]) throws {
        let mistakes = self.attempt(changes)
        guard mistakes.isEmpty else { throw Self.refused(mistakes) }
    }

    /// - Returns: the mistakes because of which nothing was changed; none when all is well.
    func attempt(_ changes: [Change]) -> [String] {
        do throws(UserFile.Failure) {
            return try EndSignals.held { () throws(UserFile.Failure) in
                var before: [Change] = []
                for change in changes { before.append((change.name, try self.directory.read(change.name))) }
                // The files have to be in their places for the daemon to read them, so they are tried there.
                let mistakes = self.mistakes(after: changes)
                if !mistakes.isEmpty { try self.write(before) }
                // The files are gone again, and with them the places that the mistakes name.
                return mistakes.map { mistake in changes.reduce(mistake) { self.withoutPlace($0, in: $1.name) } }
            }
        } catch {
            return [error.message]
        }
    }

    private func withoutPlace(_ mistake: String, in file: String) -> String {
        let place = self.directory.file(file) + ":"
        guard mistake.hasPrefix(place) else { return mistake }
        return String(mistake.dropFirst(place.count).drop { $0.isNumber || $0 == ":" || $0 == " " })
    }

    private func write(_ changes: [Change]) throws(UserFile.Failure) {
        for change in changes { try self.directory.write(change.text, to: change.name) }
    }

    private func mistakes(after changes: [Change]) -> [String] {
        do throws(UserFile.Failure) {
            try self.write(changes)
        } catch {
            return [error.message]
        }
        do throws(ControlError) {
            if self.isRunning {
                _ = try self.client.reload()
                return []
            }
        } catch {
            switch error {
            case .reloadRejected(let mistakes), .configurationMistaken(let mistakes):
                return mistakes
            case .stopping, .connection(.notRunning):
                // This one reads nothing any more. The next one will; whether it can is for its reader to say.
                break
            case .connection(.timedOut), .connection(.hungUp), .connection(.malformedReply), .connection(.system):
                // It may have read the files. To take them back now would leave it with what stands in no file.
                Terminal.printError(
                    """
                    \(Failure(error).message)
                    The files are written. "qwenproxyctl reload" makes sure that it reads them.
                    """)
                return []
            case .connection(.permissionDenied), .connection(.foreignOwner), .connection(.pathTooLong),
                .interfaceNotFound, .methodNotFound,
                .methodNotImplemented, .invalidParameter, .permissionDenied, .expectedMore, .busy, .restartFailed,
                .credentialsFailed, .other:
                return [Failure(error).message]
            }
        }
        do throws(ConfigurationCheck.Failure) {
            let check = try ConfigurationCheck.run(nil)
            return check.isGood ? [] : check.remarks
        } catch {
            return [error.message]
        }
    }

    static func refused(_ mistakes: [String]) -> ExitCode {
        ExitStatus.refused.exit(
            saying: "Nothing was changed:\n" + mistakes.map { "  \($0)" }.joined(separator: "\n"))
    }
}
