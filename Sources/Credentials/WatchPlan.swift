// SPDX-License-Identifier: Apache-2.0

/// Which directories must be watched to notice whatever happens to one file. A pure value, made anew whenever the directories
/// on the way to the file change.
///
/// The file itself is never watched: it is replaced by renaming, and a watch would stay with the old one. While its directory
/// is missing, the deepest one that exists is watched for the next name on the way. All others on the way are watched only
/// for being moved or deleted themselves, which costs nothing however busy they are.
struct WatchPlan: Sendable, Equatable {
    struct Watch: Sendable, Equatable {
        enum Purpose: Sendable, Equatable {
            /// The directory of the file.
            case file
            /// The directory in which the next one on the way is going to appear.
            case arrival(of: String)
            /// A directory above these two.
            case departure
        }

        var path: String
        var purpose: Purpose
    }

    /// From the root down; the last one is the one that matters.
    let watches: [Watch]

    /// `directory` is absolute.
    init(directory: String, isDirectory: (String) -> Bool) {
        let names = directory.split(separator: "/").map(String.init)
        let paths = ["/"] + names.indices.map { "/" + names[...$0].joined(separator: "/") }
        // The root always exists.
        let deepest = paths.firstIndex { $0 != "/" && !isDirectory($0) }.map { $0 - 1 } ?? names.count
        self.watches = paths[...deepest].enumerated().map { index, path in
            let purpose: Watch.Purpose =
                index < deepest ? .departure : deepest == names.count ? .file : .arrival(of: names[deepest])
            return Watch(path: path, purpose: purpose)
        }
    }
}
