// SPDX-License-Identifier: Apache-2.0

import ArgumentParser
import Catalog
import Shared

/// `qwenproxyctl models update`
struct ModelsUpdateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "update",
        abstract: "Takes a newer file in the place of the catalogue that came with the program, or takes that back.",
        discussion: """
            The file is checked as a whole, by this program and by the daemon. With a mistake nothing is changed. Files of \
            your own (catalog.json) stay in force over it. A program with a newer catalogue of its own goes before it.
            """,
    )

    @OptionGroup var daemon: DaemonOptions

    @Flag(help: "Go back to the catalogue that the last update took the place of.")
    var undo = false

    @Argument(help: "The newer file.", completion: .file())
    var file: String?

    func validate() throws {
        guard self.undo != (self.file != nil) else { throw ValidationError("Name a file, or say --undo.") }
    }

    func run() throws {
        let editor = try UpstreamEditor(self.daemon.client(), in: .configuration)
        if let path = self.file { try self.take(path, editor) } else { try self.goBack(editor) }
    }

    private func take(_ path: String, _ editor: UpstreamEditor) throws {
        let update: CatalogFile?
        do throws(CatalogFiles.Problem) {
            update = try CatalogFiles.read(path, isHandwritten: false)
        } catch {
            throw UpstreamEditor.refused(error.mistakes)
        }
        guard let update else { throw ExitStatus.refused.exit(saying: "There is no file \(path).") }
        guard !update.models.isEmpty, !update.products.isEmpty else {
            throw UpstreamEditor.refused([
                "\(path) has no models or no products, and an update describes all of them. Rows of your own belong into "
                    + "\(editor.directory.file(CatalogFiles.name)), where they add to what is known."
            ])
        }
        let before = Catalog.current.base
        // An older update would be passed over when catalogues are read, and the user would think that it counts.
        guard update.date >= before.file.date else {
            throw ExitStatus.refused.exit(
                saying: "Nothing was changed: the catalogue in force is of \(before.file.date), and \(path) is of "
                    + "\(update.date).")
        }
        let text: String
        let earlier: String?
        do throws(UserFile.Failure) {
            text = String(decoding: try UserFile(path: path).read(), as: UTF8.self)
            earlier = try editor.directory.read(CatalogFiles.updateName)
        } catch {
            throw ExitStatus.refused.exit(saying: error.message)
        }
        try editor.apply([(CatalogFiles.previousName, earlier), (CatalogFiles.updateName, text)])
        Terminal.print(
            (["The catalogue of \(update.date) is in force; before it was that of \(before.file.date)."]
                + Self.changes(from: before, to: .init(.updated, path: path, update)) + update.remarks
                + Self.warnings(about: update, now: .now())
                + ["Take it back with \"qwenproxyctl models update --undo\"."]).joined(separator: "\n"))
    }

    private func goBack(_ editor: UpstreamEditor) throws {
        let (update, previous): (String?, String?)
        do throws(UserFile.Failure) {
            update = try editor.directory.read(CatalogFiles.updateName)
            previous = try editor.directory.read(CatalogFiles.previousName)
        } catch {
            throw ExitStatus.refused.exit(saying: error.message)
        }
        guard update != nil else { throw ExitStatus.refused.exit(saying: "There is no update to take back.") }
        try editor.apply([(CatalogFiles.updateName, previous), (CatalogFiles.previousName, nil)])
        Terminal.print(
            previous == nil
                ? "The catalogue that came with the program is in force again."
                : "The catalogue of the update before is in force again.")
    }

    /// What a person wants to know of a file that says where keys go.
    private static func changes(from before: Catalog.Layer, to after: Catalog.Layer) -> [String] {
        let (known, presets) = (Catalog(layers: [before]).presets, Catalog(layers: [after]).presets)
        let (old, new) = (before.file.models.flatMap(\.match), after.file.models.flatMap(\.match))
        return Self.difference("New models", Set(new).subtracting(old))
            + Self.difference("Models no longer in it", Set(old).subtracting(new))
            + Self.difference("Presets no longer in it", Set(known.map(\.name)).subtracting(presets.map(\.name)))
            + presets.compactMap { preset in
                let old = known.first { $0.name == preset.name }
                guard let address = preset.baseURL, old?.baseURL != address else { return nil }
                return "The preset \(preset.name) is \(address)" + (old?.baseURL.map { "; it was \($0)." } ?? " now.")
            }
    }

    private static func difference(_ title: String, _ names: Set<String>) -> [String] {
        guard !names.isEmpty else { return [] }
        let limit = 20
        let rest = names.count > limit ? " and \(names.count - limit) more" : ""
        return ["\(title): \(names.sorted().prefix(limit).joined(separator: ", "))\(rest)."]
    }

    /// Of two catalogues the newer counts, and a mistyped year would hold for that long.
    private static func warnings(about update: CatalogFile, now: Timestamp) -> [String] {
        guard update.date > now.description.prefix(10) else { return [] }
        return [
            "Its day, \(update.date), is still to come: until then no newer catalogue counts, not even one that comes with "
                + "the program."
        ]
    }
}
