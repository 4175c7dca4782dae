// SPDX-License-Identifier: Apache-2.0

/// The fields of a request that stand alone.
extension RequestReader {
    func model() throws(InvalidRequest) -> String {
        guard let node = self.fields.model else {
            throw InvalidRequest(path: "model", message: "Field required")
        }
        guard let model = self.document.string(node) else {
            throw InvalidRequest(path: "model", message: "Input should be a valid string")
        }
        guard !model.isEmpty else {
            throw InvalidRequest(path: "model", message: "String should have at least 1 character")
        }
        // It is remembered, shown and logged longer than the request lasts. The limit is the API's own.
        guard model.utf8.count <= 256 || model.unicodeScalars.prefix(257).count <= 256 else {
            throw InvalidRequest(path: "model", message: "String should have at most 256 characters")
        }
        return model
    }

    func maximumTokens() throws(InvalidRequest) -> Int? {
        guard let node = self.fields.maximumTokens else { return nil }
        guard self.document.kind(of: node) == .number else {
            throw InvalidRequest(path: "max_tokens", message: "Input should be a valid integer")
        }
        // More than an integer can hold is still a number of tokens: it is cut to what the model can do.
        let isHuge = self.document.double(node).map { $0 >= 0x1p62 } ?? false
        guard let tokens = isHuge ? Int.max : self.document.integer(node) else {
            throw InvalidRequest(path: "max_tokens", message: "Input should be a valid integer")
        }
        guard tokens >= 0 else {
            throw InvalidRequest(path: "max_tokens", message: "Input should be greater than or equal to 0")
        }
        return tokens
    }

    /// A thread's earlier messages are at Anthropic. The error code makes the client send all of them.
    func refuseThread() throws(InvalidRequest) {
        guard let thread = self.fields.thread,
            let type = self.document.member("type", of: thread), self.document.isString(type, "continue")
        else { return }
        throw InvalidRequest(
            path: "thread", message: "Threads are not kept here. Send the whole conversation.",
            detailsErrorCode: "thread_not_found")
    }
}
