// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Catalog
import Shared

/// `qwenproxyctl models`
struct ModelsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "models",
        abstract: "Shows and updates what is known about models and products.",
        discussion: """
            The catalogue comes with the program. A newer file can take its place, and catalog.json in the directory of the \
            configuration goes before it; what an upstream told, and the models tables of the configuration, go before both.
            """,
        subcommands: [List.self, Show.self, ModelsUpdateCommand.self],
        defaultSubcommand: List.self,
    )

    struct List: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Lists what the catalogue says about models, with origin and age.")

        @OptionGroup var daemon: DaemonOptions

        @Flag(help: "Print the list as JSON.")
        var json = false

        func run() throws {
            // Without a daemon nothing was learned that could be told.
            let upstreams = (try? self.daemon.client().upstreams().upstreams) ?? []
            Terminal.print(
                CatalogueList(.current), asJSON: self.json,
                else: CatalogueList(.current).lines(now: .now(), width: Terminal.size?.columns)
                    + CatalogueList.learned(upstreams, now: .now()))
        }
    }

    struct Show: ParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Explains what holds for a model: each value, how it is known, by whom, and since when.")

        @OptionGroup var daemon: DaemonOptions

        @Argument(help: "The model, as the upstream or as Claude Code calls it.")
        var name: String

        @Option(help: ArgumentHelp("The upstream to look at; else the one that would be asked.", valueName: "name"))
        var upstream: String?

        @Flag(help: "Print the explanation as JSON.")
        var json = false

        func run() throws {
            let explanation: ModelExplanation
            do throws(ControlError) {
                explanation = try self.daemon.client().explainModel(.init(model: self.name, upstream: self.upstream))
            } catch .connection(.notRunning) where self.upstream == nil {
                // The catalogue can be read without a daemon; what an upstream told cannot.
                explanation = ModelExplanation(model: self.name, fields: Catalog.current.fields(of: self.name))
            } catch .invalidParameter("upstream") {
                throw ExitStatus.refused.exit(saying: "There is no upstream \"\(self.upstream ?? "")\".")
            } catch {
                throw Failure(error).status.exit(saying: Failure(error).message)
            }
            Terminal.print(explanation, asJSON: self.json, else: CatalogueList.lines(explanation))
        }
    }
}
