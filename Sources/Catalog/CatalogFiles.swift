// SPDX-License-Identifier: Apache-2.0

import Shared

/// Where the files of the catalogue are. The program's own is one file in the repository, which is inside the program and also
/// installed, so that people can read it; a program without any file works.
package struct CatalogFiles: Sendable {
    /// A file that is there and cannot be used.
    package struct Problem: Error, Sendable, Equatable {
        /// Absolute.
        package let path: String
        /// What is wrong, each with its place in the file.
        package let mistakes: [String]
        /// Whether a person wrote what was read, and meant something by it.
        package let isHandwritten: Bool
    }

    /// In the directory of the configuration: what its owner says.
    package static let name = "catalog.json"
    /// Beside it: a newer file in the place of what was shipped.
    package static let updateName = "catalog.update.json"
    /// What an update took the place of, for the way back.
    package static let previousName = "catalog.previous.json"

    /// The user's, if there is one, and then the system's.
    private let directories: [String]
    /// Where the package puts the program's own.
    private let shared: String?

    /// - Parameters:
    ///   - directories: of the configuration, the most important first.
    ///   - program: the path of this program, beside which a `share` may be.
    package init(directories: [String], program: String? = OwnProgram.path) {
        self.directories = directories
        // /usr/bin/qwenproxyd has its data in /usr/share, and a build in a home directory in that prefix's share.
        let prefix = program?.split(separator: "/").dropLast(2).joined(separator: "/")
        self.shared = prefix.map { "/\($0)/share/qwenproxyd/\(Self.name)" }
    }

    /// Reads what there is. A file that cannot be used is left out and told.
    package func load() -> (catalog: Catalog, problems: [Problem]) {
        var problems: [Problem] = []
        func layer(_ path: String, _ origin: Catalog.Origin, isHandwritten: Bool = false) -> Catalog.Layer? {
            do throws(Problem) {
                return try Self.read(path, isHandwritten: isHandwritten).map { .init(origin, path: path, $0) }
            } catch {
                problems.append(error)
                return nil
            }
        }
        var base = Catalog.shipped.layers[0]
        let others =
            [self.shared.flatMap { layer($0, .shipped) }]
            // The least important first, because the last of several files with the same date counts.
            + self.directories.reversed().map { layer("\($0)/\(Self.updateName)", .updated) }
        // An update that a newer package has overtaken does not count. Of the same day, the file that is nearer to
        // the user does.
        for other in others.compactMap(\.self) where other.file.date >= base.file.date { base = other }
        let handwritten = self.directories.compactMap { directory in
            layer(
                "\(directory)/\(Self.name)", directory == ConfigurationPath.systemDirectory ? .administrator : .user,
                isHandwritten: true)
        }
        return (Catalog(layers: handwritten + [base]), problems)
    }

    /// Nil when there is no such file.
    package static func read(_ path: String, isHandwritten: Bool) throws(Problem) -> CatalogFile? {
        let file: RegularFile
        do throws(RegularFile.Failure) {
            file = try RegularFile.read(path, limit: CatalogFile.limit)
        } catch .missing {
            return nil
        } catch {
            // What another user keeps to themselves is no mistake of this one.
            throw Problem(path: path, mistakes: ["\(error)"], isHandwritten: false)
        }
        do throws(CatalogFile.Mistakes) {
            return try CatalogFile(parsing: file.bytes)
        } catch {
            throw Problem(path: path, mistakes: error.all, isHandwritten: isHandwritten)
        }
    }
}
