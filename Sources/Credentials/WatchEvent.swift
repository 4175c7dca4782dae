// SPDX-License-Identifier: Apache-2.0

internal import CInotifyTools

/// What an inotify event means for the watched file.
enum WatchEvent: Sendable, Equatable {
    /// The file was written, replaced, moved or deleted.
    case fileChanged
    /// The directories on the way to the file, or the queue itself, are not what they were: everything must be set up anew.
    case wayChanged
    /// Something else in a directory that we happen to watch.
    case unrelated

    /// `name` is the event's, of an entry in the watched directory. `expected` holds the names we wait for: the file's, or
    /// the next directory's.
    init(mask: UInt32, name: String?, fileName: String, arriving: String?) {
        // IN_Q_OVERFLOW (inotify(7)): events were lost, and nothing that is known about the directories can be relied
        // on.
        let gone = UInt32(IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED | IN_Q_OVERFLOW)
        if mask & gone != 0 {
            self = .wayChanged
        } else if let arriving, name == arriving, mask & UInt32(IN_CREATE | IN_MOVED_TO) != 0 {
            self = .wayChanged
        } else if arriving == nil, name == fileName {
            self = .fileChanged
        } else {
            self = .unrelated
        }
    }

    static func mask(for purpose: WatchPlan.Watch.Purpose) -> CInt {
        let itself = CInt(IN_DELETE_SELF | IN_MOVE_SELF)
        switch purpose {
        case .file:
            // Not each write: the file is read when its writer is done.
            return itself | CInt(IN_CLOSE_WRITE | IN_MOVED_TO | IN_MOVED_FROM | IN_DELETE)
        case .arrival:
            return itself | CInt(IN_CREATE | IN_MOVED_TO)
        case .departure:
            return itself
        }
    }
}
