// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Configuration
import Glibc
import Shared

/// The command line of the daemon.
@main
struct QwenproxydCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "qwenproxyd",
        abstract: "Lets Claude Code work with Qwen and other models behind a Chat Completions API.",
        discussion: """
            Every option has an environment variable and a place in config.toml; an option goes before the variable, the \
            variable before the file. Secrets have no option, because other users can read a command line.
            """,
        version: "\(Version.product) \(Version.current)")

    @Option(help: "Read this file instead of config.toml in the usual places (QWEN_CONFIG).", completion: .file())
    var config: String?

    @Option(
        help: ArgumentHelp("Read --config as if it were this file, beside the others that count.", valueName: "file"),
        completion: .file())
    var inPlaceOf: String?

    @Flag(help: "Print the effective settings and where each comes from, then exit; 78 when there is a mistake.")
    var checkConfig = false

    @Flag(help: "Print the upstreams of the configuration as JSON, then exit.")
    var listUpstreams = false

    @OptionGroup(title: "Settings")
    var settings: SettingOptions

    func run() async throws {
        let environment = ProcessEnvironment.variables
        let takeover = Takeover.receive(environment)
        let loader = ConfigurationLoader(
            version: Version.current, environment: environment, flags: self.settings.flags, file: self.config,
            inPlaceOf: self.inPlaceOf)
        let configuration = loader.read()
        let error = ConfigurationError(mistakes: configuration.mistakes)
        if !error.mistakes.isEmpty, self.endsOnMistakes(error, isSuccessor: takeover != nil) {
            StandardStream.error.write("\(error)\n")
            takeover?.fail("\(error)")
            throw ExitCode.configuration
        }
        if self.listUpstreams {
            return StandardStream.output.write(UpstreamList(configuration).json)
        }
        if self.checkConfig {
            for warning in configuration.warnings { StandardStream.error.write("warning: \(warning)\n") }
            for setting in configuration.describe() { StandardStream.output.write("\(setting)\n") }
            return
        }
        do {
            try await Daemon(loader: loader, configuration: configuration, environment: environment, takeover: takeover)
                .run()
        } catch let error as StartError {
            StandardStream.error.write("\(error)\n")
            switch error {
            // The link is closed, and no process waits for a reason.
            case .abandoned: break
            case .cannotListen, .openToOthers, .cannotControl, .inheritedSockets, .cannotStart:
                takeover?.fail("\(error)")
            }
            throw ExitCode.failure
        }
    }
    /// A daemon with mistakes in its configuration starts all the same and answers each request with them, so that clients
    /// are told and the mended file is read. One that is to take another's place leaves that in its place, and whoever
    /// typed a wrong option is told at once.
    private func endsOnMistakes(_ error: ConfigurationError, isSuccessor: Bool) -> Bool {
        self.listUpstreams || self.checkConfig || isSuccessor || error.mistakes.contains(where: \.isOnCommandLine)
    }
}

extension ExitCode {
    /// EX_CONFIG of sysexits.h, which systemd prints as CONFIG.
    fileprivate static let configuration = ExitCode(78)
}
