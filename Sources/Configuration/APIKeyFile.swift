// SPDX-License-Identifier: Apache-2.0

internal import Shared

/// The files that can hold the API key: one the user names, or the credentials that the service manager passes on.
enum APIKeyFile {
    struct Found: Sendable {
        var key: Secret
        var path: String
        var isReadableByOthers: Bool
    }

    struct Failure: Error, Sendable, Equatable {
        var path: String
        var reason: String
        /// The file came with the service, not from a setting.
        var isCredential: Bool
    }

    /// A file that was named must have a key. Of the credentials the first that exists counts.
    static func find(_ named: String?, or credentials: [String]) throws(Failure) -> Found? {
        if let named { return try self.read(named, isCredential: false) }
        guard let path = credentials.first(where: RegularFile.exists) else { return nil }
        return try self.read(path, isCredential: true)
    }

    static func read(_ path: String, isCredential: Bool) throws(Failure) -> Found {
        let file: RegularFile
        do {
            // No key is as long; a larger file was named by mistake.
            file = try RegularFile.read(path, limit: 16 << 10)
        } catch {
            throw Failure(path: path, reason: "\(error)", isCredential: isCredential)
        }
        let text = String(decoding: file.bytes, as: UTF8.self).trimmingSpaces()
        // A file with more in it is not a key file (a shell script, an .env), and half of it must not be sent as a
        // key.
        guard let key = SettingType.secret("").read(.text(text)) else {
            let reason = "expected the key on one line and nothing else"
            throw Failure(path: path, reason: reason, isCredential: isCredential)
        }
        // The service manager keeps its credentials in a directory that only the service can enter.
        return Found(key: key, path: path, isReadableByOthers: !isCredential && file.isReadableByOthers)
    }
}
